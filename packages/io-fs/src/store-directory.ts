import { join, resolve, sep } from 'node:path';
import { projectDirectory } from '@memo/core/plugin';
import { type Clock, type FileSystem, systemCode } from './file-system.ts';
import { deleteAbandoned, TemporaryFiles } from './temporary-files.ts';

/** The root of a store: found at first use, made at the first write. */
export class StoreDirectory {
  readonly #files: FileSystem;
  readonly #clock: Clock;
  readonly #given: string;
  #root: string | undefined;
  #temporaries: TemporaryFiles | undefined;
  #tidied = false;

  constructor(files: FileSystem, clock: Clock, given: string) {
    this.#files = files;
    this.#clock = clock;
    this.#given = given;
  }

  /** Absolute. */
  get root(): string {
    this.#root ??= resolve(projectDirectory(), this.#given);
    return this.#root;
  }

  get temporaries(): TemporaryFiles {
    this.#temporaries ??= new TemporaryFiles(join(this.root, 'tmp'));
    return this.#temporaries;
  }

  /** Makes the directories that every write needs; the first time also clears away what killed writers left. */
  prepare(): void {
    const first = this.#files.mkdirSync(this.temporaries.directory, { recursive: true });
    if (first !== undefined) this.#keepOutOfGit(first);
    if (this.#tidied) return;
    this.#tidied = true;
    deleteAbandoned(this.#files, this.#clock, this.temporaries.directory);
  }

  // Only when the store is new: who removed the file had a reason.
  #keepOutOfGit(firstMade: string): void {
    const parts = this.root.split(sep);
    const index = parts.lastIndexOf('.memo');
    const memo = parts.slice(0, index + 1).join(sep);
    if (index < 0 || firstMade.length > this.root.length) return;
    try {
      const descriptor = this.#files.openSync(join(memo, '.gitignore'), 'wx');
      try {
        const content = Buffer.from('*\n');
        this.#files.writeSync(descriptor, content, 0, content.length);
      } finally {
        this.#files.closeSync(descriptor);
      }
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}
