import * as nodeFileSystem from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the store needs to know about a file. */
export interface FileStats {
  readonly size: number;
  readonly mtimeMs: number;
  readonly uid: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** An entry of a directory. */
export interface DirectoryEntry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** An open file of the asynchronous half. */
export interface OpenFile {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
  write(bytes: Uint8Array, offset: number, length: number): Promise<{ readonly bytesWritten: number }>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The functions of `node:fs` that {@link FsIOManager} uses, with the meaning they have there. Tests inject faults
 * through it: spread {@link nodeFiles} and replace what shall fail.
 */
export interface FileSystem {
  openSync(path: string, flags: string | number): number;
  closeSync(descriptor: number): void;
  readSync(descriptor: number, into: Uint8Array, offset: number, length: number, position: number): number;
  writeSync(descriptor: number, bytes: Uint8Array, offset: number, length: number): number;
  ftruncateSync(descriptor: number, length: number): void;
  fstatSync(descriptor: number): FileStats;
  fsyncSync(descriptor: number): void;
  fsync(descriptor: number, done: (error: Error | null) => void): void;
  fdatasync(descriptor: number, done: (error: Error | null) => void): void;
  lstatSync(path: string): FileStats;
  /** As `lstatSync`, but `undefined` where there is nothing. */
  lookSync(path: string): FileStats | undefined;
  readdirSync(path: string): string[];
  entriesSync(path: string): DirectoryEntry[];
  mkdirSync(path: string, options: { readonly recursive: boolean }): string | undefined;
  linkSync(existing: string, path: string): void;
  renameSync(from: string, to: string): void;
  unlinkSync(path: string): void;
  rmdirSync(path: string): void;
  rmSync(path: string, options: { readonly recursive: boolean; readonly force: boolean }): void;
  open(path: string, flags: string | number): Promise<OpenFile>;
  /** Writes everything that one file system holds back to its disk; rejects where the platform has no such call. */
  syncAll(directory: string): Promise<void>;
}

/** The file system of the machine. */
export const nodeFiles: FileSystem = {
  ...nodeFileSystem,
  lstatSync: (path) => nodeFileSystem.lstatSync(path),
  lookSync: (path) => ifPresent(() => nodeFileSystem.lstatSync(path, { throwIfNoEntry: false })),
  readdirSync: (path) => nodeFileSystem.readdirSync(path),
  entriesSync: (path) => nodeFileSystem.readdirSync(path, { withFileTypes: true }),
  open: nodeFileSystem.promises.open,
  syncAll,
};

/** Time, for back-off and for the age of files. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  async sleep(milliseconds, signal) {
    await sleep(milliseconds, undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
  },
};

/** Resolves when the bytes of an open file are on the disk. */
export function synced(files: FileSystem, descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    files.fsync(descriptor, (error) => (error === null ? resolve() : reject(error)));
  });
}

// Node has no syncfs(2). The command costs a few milliseconds, whatever the number of files.
async function syncAll(directory: string): Promise<void> {
  if (process.platform !== 'linux') throw new Error('only Linux syncs one file system');
  const { execFile } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    execFile('sync', ['-f', directory], (error) => (error === null ? resolve() : reject(error)));
  });
}

/** The `code` of an error of the operating system, for example `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** The result of an operation, or `undefined` where what it works on is not there. */
export function ifPresent<T>(operation: () => T): T | undefined {
  try {
    return operation();
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
