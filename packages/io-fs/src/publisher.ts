import { join } from 'node:path';
import { type Clock, type FileSystem, systemCode } from './file-system.ts';
import { INNER_FILE } from './found-object.ts';
import type { ObjectPath } from './object-path.ts';

/** What came of publishing. `file` is where the bytes are and `made` tells of new directories, for those who sync. */
export type Publication =
  | { readonly outcome: 'created'; readonly file: string; readonly made: boolean }
  | { readonly outcome: 'taken' };

/**
 * Gives a finished temporary file its address, if nothing has that address yet: one step of the file system, so that
 * nobody ever sees half a value and one of several writers wins.
 *
 * That step is a hard link. Where there are no hard links (exFAT, some network shares) the object is a directory with one
 * file in it: renaming a directory never replaces one that is not empty.
 */
export class Publisher {
  readonly #files: FileSystem;
  readonly #clock: Clock;
  #links: 'unknown' | 'work' | 'missing' = 'unknown';

  constructor(files: FileSystem, clock: Clock) {
    this.#files = files;
    this.#clock = clock;
  }

  /**
   * @throws what the file system throws; virus scanners and indexers that hold a new file for a moment are waited for.
   */
  async publish(temporary: string, target: ObjectPath, signal: AbortSignal): Promise<Publication> {
    const progress: Progress = { made: false, races: 0, pauses: 0, refusal: undefined };
    for (;;) {
      signal.throwIfAborted();
      try {
        const file = this.#publishOnce(temporary, target);
        return file === undefined ? { outcome: 'taken' } : { outcome: 'created', file, made: progress.made };
      } catch (error) {
        await this.#prepareNextAttempt({ temporary, target, signal }, progress, error);
      }
    }
  }

  /** Removes what is left of a temporary file, published or not. */
  discard(temporary: string): void {
    try {
      this.#files.unlinkSync(temporary);
    } catch (error) {
      // What cannot be removed now is removed with the files of dead writers.
      if (systemCode(error) !== 'ENOENT') return;
      if (this.#links === 'missing') {
        this.#files.rmSync(directoryFor(temporary), { recursive: true, force: true });
      }
    }
  }

  /** The file that now holds the bytes, or `undefined` when the address is taken. */
  #publishOnce(temporary: string, target: ObjectPath): string | undefined {
    if (this.#links !== 'missing') {
      try {
        this.#files.linkSync(temporary, target.path);
        this.#links = 'work';
        return target.path;
      } catch (error) {
        const code = systemCode(error) ?? '';
        if (code === 'EEXIST') return undefined;
        if (!NO_LINKS.has(code)) throw error;
        this.#links = 'missing';
      }
    }
    return this.#publishDirectory(temporary, target);
  }

  #publishDirectory(temporary: string, target: ObjectPath): string | undefined {
    const directory = directoryFor(temporary);
    if (this.#files.lookSync(temporary) !== undefined) {
      this.#files.mkdirSync(directory, { recursive: true });
      this.#files.renameSync(temporary, join(directory, INNER_FILE));
    }
    try {
      this.#files.renameSync(directory, target.path);
      return join(target.path, INNER_FILE);
    } catch (error) {
      // Platforms disagree on the code for "is there already".
      if (this.#files.lookSync(target.path) !== undefined) return undefined;
      throw error;
    }
  }

  /** Does what makes another attempt worth it, or throws what was the matter. */
  async #prepareNextAttempt({ temporary, target, signal }: Attempt, progress: Progress, error: unknown): Promise<void> {
    const code = systemCode(error) ?? '';
    if (code === 'ENOENT' && progress.races++ < MAX_RACES && this.#isThere(temporary)) {
      this.#files.mkdirSync(target.directory, { recursive: true });
      progress.made = true;
      return;
    }
    if (progress.refusal !== undefined) {
      this.discard(temporary);
      this.#links = 'unknown';
      throw progress.refusal;
    }
    const pause = HELD.has(code) ? PAUSES_MS[progress.pauses++] : undefined;
    if (pause !== undefined) return this.#clock.sleep(pause, signal);
    // Linux says EPERM where a file system has no hard links, Windows where somebody holds the file.
    if (code !== 'EPERM' || this.#links !== 'unknown') throw error;
    progress.refusal = error instanceof Error ? error : new Error(String(error));
    this.#links = 'missing';
  }

  #isThere(temporary: string): boolean {
    const path = this.#links === 'missing' ? directoryFor(temporary) : temporary;
    return this.#files.lookSync(path) !== undefined || this.#files.lookSync(temporary) !== undefined;
  }
}

interface Attempt {
  readonly temporary: string;
  readonly target: ObjectPath;
  readonly signal: AbortSignal;
}

interface Progress {
  made: boolean;
  races: number;
  pauses: number;
  /** The refusal of a hard link, while the way without them is tried. */
  refusal: Error | undefined;
}

function directoryFor(temporary: string): string {
  return `${temporary}.d`;
}

const MAX_RACES = 10;
const PAUSES_MS: readonly number[] = [5, 10, 20, 40, 80];
const HELD: ReadonlySet<string> = new Set(['EPERM', 'EBUSY', 'EACCES']);
const NO_LINKS: ReadonlySet<string> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR']);
