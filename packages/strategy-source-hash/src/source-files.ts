import {
  closeSync,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { type Digest, digestBytes, digestText } from './digest.ts';
import type { Resolution } from './resolution.ts';

/** A file as it was read. */
export interface ReadFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly digest: Digest;
  /** True when what is on disk now need not be what this process loaded. */
  readonly edited: boolean;
}

/** The part of a file's content that matters, where that is not all of it. */
export interface Aspect {
  readonly name: string;
  /** Equal texts for contents that differ in nothing that matters. */
  of(bytes: Buffer): string;
}

/** What decides the meaning of a file beside its text: which files and packages its references lead to, and how it is compiled. */
export interface Leads {
  /** Names the circumstances, which must be the same for two to be compared. */
  readonly name: string;
  readonly digest: Digest;
}

/** What a path may lead to: `other` is a socket, a device and the like. */
export type FileKind = 'file' | 'directory' | 'other';

/** Where the contents of files come from: all looks at the disk that decide an answer go through it. */
export interface SourceFiles {
  /** What is at a path, links followed; `undefined` when there is nothing. */
  kindOf(path: string): FileKind | undefined;
  /** The path without links; throws when there is nothing. */
  realPath(path: string): string;
  /** What a directory holds; throws when there is none. */
  entriesOf(directory: string): readonly Dirent[];
  /** What the resolver of packages found: it looks at files by itself. `isExplained` looks at all that decided it, where it can. */
  noteResolution(resolution: Resolution, isExplained: () => boolean): void;
  /** Reads a file; `undefined` when there is none. */
  read(path: string, aspect?: Aspect): ReadFile | undefined;
  /** True when a file that was read before looks as it did then, so that there is no need to read it again. */
  looksUnchanged(path: string, aspect?: Aspect): boolean;
  /**
   * Takes no content of a file for what was loaded any more: an edit was seen, and the file may have been loaded for the first time
   * meanwhile, so that not even its earlier content need be in memory.
   */
  distrust(path: string): void;
  /** True when a path is known to have led somewhere else when code was loaded. */
  hasLedElsewhere(path: string, leads: Leads): boolean;
  /** What a path leads to now is what it led to when code was loaded, unless something else is known. */
  noteLeads(path: string, leads: Leads): void;
  /** True for a symbolic link that was made after code was loaded: it may have led elsewhere before. */
  isNewLink(path: string): boolean;
  /** True when entries of a directory appeared or vanished after code was loaded. */
  hasChangedEntries(directory: string): boolean;
}

/** What a file looks like without reading it. */
export function lookOf(stats: Stats): string {
  return `${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}:${stats.ino}`;
}

/** A look as numbers. */
export const LOOK_NUMBERS = 4;

export function numbersOfLook(look: string): readonly number[] {
  return look.split(':').map(Number);
}

/** The look of the file at a place of a list of numbers. */
export function lookAt(numbers: readonly number[], at: number): string {
  const start = at * LOOK_NUMBERS;
  return `${numbers[start]}:${numbers[start + 1]}:${numbers[start + 2]}:${numbers[start + 3]}`;
}

/** True when a file has the look at a place of a list of numbers. */
export function hasLookAt({ size, mtimeMs, ctimeMs, ino }: Stats, numbers: readonly number[], at: number): boolean {
  const start = at * LOOK_NUMBERS;
  return (
    size === numbers[start] &&
    mtimeMs === numbers[start + 1] &&
    ctimeMs === numbers[start + 2] &&
    ino === numbers[start + 3]
  );
}

/** The latest time in a list of looks. */
export function newestOf(numbers: readonly number[]): number {
  let newest = 0;
  for (let at = 0; at < numbers.length; at += LOOK_NUMBERS)
    newest = Math.max(newest, numbers[at + 1] ?? 0, numbers[at + 2] ?? 0);
  return newest;
}

const READ_ATTEMPTS = 5;

/**
 * The bytes of a file with the times that belong to them; `undefined` when there is no regular file. A file that is written
 * to all the time gets the times after the last read.
 */
export function readSteadily(path: string): { readonly bytes: Buffer; readonly stats: Stats } | undefined {
  for (let attempt = 1; ; attempt += 1) {
    const before = statSync(path, { throwIfNoEntry: false });
    if (before?.isFile() !== true) return undefined;
    const bytes = readFileSync(path);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && (attempt === READ_ATTEMPTS || lookOf(stats) === lookOf(before))) return { bytes, stats };
  }
}

/** Most source files fit into it. */
const page = Buffer.allocUnsafeSlow(1 << 16);

/** The bytes of a file, and how it looked after they were read, with as few calls as possible; `undefined` when it cannot be read. */
export function readOnce(path: string): { readonly bytes: Buffer; readonly stats: Stats } | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const length = readSync(file, page, 0, page.length, 0);
    const bytes = length < page.length ? Buffer.from(page.subarray(0, length)) : readFileSync(file);
    const stats = fstatSync(file);
    return stats.size === bytes.length ? { bytes, stats } : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

export function contentDigest(bytes: Buffer, aspect: Aspect | undefined): Digest {
  return aspect === undefined ? digestBytes(bytes) : digestText(aspect.of(bytes));
}

/** Files as they are on disk, for code that no process has loaded. Holds for as long as nothing is edited. */
export class FilesOnDisk implements SourceFiles {
  kindOf(path: string): FileKind | undefined {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
  }

  realPath(path: string): string {
    return realpathSync.native(path);
  }

  entriesOf(directory: string): readonly Dirent[] {
    return readdirSync(directory, { withFileTypes: true });
  }

  read(path: string, aspect?: Aspect): ReadFile | undefined {
    const read = readSteadily(path);
    return read && { path, bytes: read.bytes, digest: contentDigest(read.bytes, aspect), edited: false };
  }

  noteResolution(_resolution: Resolution, _isExplained: () => boolean): void {}

  looksUnchanged(_path: string, _aspect?: Aspect): boolean {
    return false;
  }

  distrust(_path: string): void {}

  hasLedElsewhere(_path: string, _leads: Leads): boolean {
    return false;
  }

  noteLeads(_path: string, _leads: Leads): void {}

  isNewLink(_path: string): boolean {
    return false;
  }

  hasChangedEntries(_directory: string): boolean {
    return false;
  }
}
