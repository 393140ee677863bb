import { join } from 'node:path';
import type { FileSystem } from './file-system.ts';

/** The file that holds the bytes of an object. */
export interface FoundObject {
  readonly file: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

/** Name of the one file inside an object that is a directory. */
export const INNER_FILE = 'value';

/**
 * What is at the address of an object: `undefined` for nothing, `'foreign'` for a thing that no store made there, such
 * as a symbolic link or a directory without a value.
 */
export function findObject(files: FileSystem, path: string): FoundObject | 'foreign' | undefined {
  const stats = files.lookSync(path);
  if (stats === undefined) return undefined;
  if (stats.isFile()) return { file: path, bytes: stats.size, storedAt: stats.mtimeMs };
  const file = join(path, INNER_FILE);
  const inner = stats.isDirectory() ? files.lookSync(file) : undefined;
  return inner?.isFile() ? { file, bytes: inner.size, storedAt: inner.mtimeMs } : 'foreign';
}
