import { MemoError } from '../errors/memo-error.ts';

/** What the record store needs to know about a file. */
export interface RecordFileStats {
  readonly size: number;
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/**
 * The functions of `node:fs` that {@link fileRecordStore} uses, with the meaning they have there. Tests inject faults
 * through it; `node:fs` itself fits.
 */
export interface RecordFileSystem {
  openSync(path: string, flags: string): number;
  closeSync(descriptor: number): void;
  readSync(descriptor: number, into: Uint8Array, offset: number, length: number, position: number): number;
  writeSync(descriptor: number, bytes: Uint8Array, offset: number, length: number): number;
  ftruncateSync(descriptor: number, length: number): void;
  fstatSync(descriptor: number): RecordFileStats;
  fdatasync(descriptor: number, done: (error: Error | null) => void): void;
  fsyncSync(descriptor: number): void;
  lstatSync(path: string): RecordFileStats;
  readdirSync(path: string): string[];
  mkdirSync(path: string, options: { readonly recursive: boolean }): string | undefined;
  linkSync(existing: string, path: string): void;
  renameSync(from: string, to: string): void;
  unlinkSync(path: string): void;
  rmSync(path: string, options: { readonly recursive: boolean; readonly force: boolean }): void;
}

/** The `code` of an error of the operating system, for example `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Makes the names inside a directory survive a crash of the machine, where the platform can do that. */
export function syncDirectory(files: RecordFileSystem, directory: string): void {
  let descriptor: number;
  try {
    descriptor = files.openSync(directory, 'r');
  } catch (error) {
    if (NOT_SYNCABLE.has(systemCode(error) ?? '')) return;
    throw error;
  }
  try {
    files.fsyncSync(descriptor);
  } catch (error) {
    if (!NOT_SYNCABLE.has(systemCode(error) ?? '')) throw error;
  } finally {
    files.closeSync(descriptor);
  }
}

// Windows and some network file systems cannot open or sync a directory; their names are durable by other means.
const NOT_SYNCABLE: ReadonlySet<string> = new Set(['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF']);

/** Writes all bytes; a short write goes on where it stopped. */
export function writeWhole(files: RecordFileSystem, descriptor: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length; ) {
    const written = files.writeSync(descriptor, bytes, offset, bytes.length - offset);
    if (written === 0) throw Object.assign(new Error('EIO: nothing was written'), { code: 'EIO' });
    offset += written;
  }
}

/** Reads a file from an offset to its end. */
export function readFrom(files: RecordFileSystem, path: string, offset: number): Uint8Array {
  const descriptor = files.openSync(path, 'r');
  try {
    const bytes = new Uint8Array(Math.max(0, files.fstatSync(descriptor).size - offset));
    let filled = 0;
    while (filled < bytes.length) {
      const read = files.readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  } finally {
    files.closeSync(descriptor);
  }
}

/** The result of an operation, or `undefined` where what it works on is not there. */
export function ifPresent<T>(operation: () => T): T | undefined {
  try {
    return operation();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const NAME = /^[a-z0-9-]{1,100}$/;
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

/** The file name of a segment or document: its own name, marked where Windows reserves it. */
export function recordFileName(kind: 'segment' | 'document', name: string): string {
  if (!NAME.test(name)) throw new TypeError(`Not the name of a ${kind}: ${JSON.stringify(name)}`);
  return RESERVED.test(name) ? `${name}~` : name;
}

/** The error of every operation on records that the file system refused. */
export function recordsUnavailable(verb: string, path: string, cause: unknown): unknown {
  if (MemoError.is(cause) || cause instanceof TypeError) return cause;
  const code = systemCode(cause) ?? 'unknown error';
  return new MemoError('M5009', `Cannot ${verb} the records at ${path}: ${code}`, {
    ...(FIXES[code] === undefined ? {} : { fix: FIXES[code] }),
    details: { path, systemCode: code },
    cause,
  });
}

const ALLOW = 'give this process read and write access to the directory, or use another store directory';
const FIXES: Readonly<Record<string, string>> = {
  EACCES: ALLOW,
  EPERM: ALLOW,
  EROFS: 'use a store directory on a file system that can be written',
  ENOSPC: 'free space on the disk of the store',
  EDQUOT: 'free space within the quota of the store',
  ENOTDIR: 'remove the file that stands where a directory is needed, or use another store directory',
};
