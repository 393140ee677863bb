import { join } from 'node:path';
import { byCodeUnits } from './digest.ts';
import type { FileKind, SourceFiles } from './source-files.ts';

type Directories = Pick<SourceFiles, 'entriesOf' | 'kindOf' | 'realPath'>;

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** All files below a directory, in a fixed order: links are followed, `node_modules` and `.git` left out. */
export function filesBelow(directory: string, files: Directories): readonly string[] {
  return new FilesBelow(files, (name) => SKIPPED.has(name)).in(directory, new Set());
}

/** {@link filesBelow} without names that begin with a dot; none when there is no such directory. */
export function visibleFilesBelow(directory: string, files: Directories): readonly string[] {
  if (files.kindOf(directory) !== 'directory') return [];
  return new FilesBelow(files, (name) => SKIPPED.has(name) || name.startsWith('.')).in(directory, new Set());
}

class FilesBelow {
  readonly #files: Directories;
  readonly #isSkipped: (name: string) => boolean;

  constructor(files: Directories, isSkipped: (name: string) => boolean) {
    this.#files = files;
    this.#isSkipped = isSkipped;
  }

  /** `open` holds the real paths of the directories around this one, against links that lead back to them. */
  in(directory: string, open: ReadonlySet<string>): readonly string[] {
    const real = this.#files.realPath(directory);
    if (open.has(real)) return [];
    const around = new Set([...open, real]);
    return this.#files
      .entriesOf(directory)
      .filter((entry) => !this.#isSkipped(entry.name))
      .sort((left, right) => byCodeUnits(left.name, right.name))
      .flatMap((entry) => {
        const path = join(directory, entry.name);
        const kind = this.#kindOf(entry, path);
        if (kind === 'directory') return this.in(path, around);
        return kind === 'file' ? [path] : [];
      });
  }

  #kindOf(entry: Entry, path: string): FileKind | undefined {
    if (entry.isSymbolicLink()) return this.#files.kindOf(path);
    return entry.isDirectory() ? 'directory' : entry.isFile() ? 'file' : 'other';
  }
}

type Entry = ReturnType<SourceFiles['entriesOf']>[number];
