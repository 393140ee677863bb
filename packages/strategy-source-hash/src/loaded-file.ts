import { type BytesAsLoaded, bytesAsLoaded, LoadedFiles, lookAsLoaded as verifiedLook } from './loaded-files.ts';

export type { BytesAsLoaded } from './loaded-files.ts';

/** A file that code may read or load at any time, under the rule of loaded code. */
export interface LoadedFile {
  readonly bytes: Uint8Array;
  /** True when the file was edited since code was loaded: then its bytes need not be what is in memory. */
  readonly edited: boolean;
}

const files = new LoadedFiles();

/**
 * Reads a file that counts beside the code, as those of `include` do. An edit that was seen counts until the process ends. `undefined`
 * when there is no regular file.
 */
export function readLoadedFile(path: string): LoadedFile | undefined {
  const read = files.read(path);
  if (read?.edited === true) files.distrust(path);
  return read && { bytes: read.bytes, edited: read.edited };
}

/** True when a file that was read by {@link readLoadedFile} looks as it did then, so that there is no need to read it again. */
export function looksAsLoaded(path: string): boolean {
  return files.looksUnchanged(path);
}

/**
 * Reads a file of a closure that `fileClosures` just gave: what this process loaded. `undefined` when its look does not tell: then
 * read it, and go on when the closures that are asked for afterwards are the same.
 */
export function readAsLoaded(path: string): BytesAsLoaded | undefined {
  return bytesAsLoaded(path);
}

/**
 * How a file of a closure that `fileClosures` just gave looks, to be compared with the look of {@link readAsLoaded} by a strategy that keeps what it
 * found out about the bytes. `undefined` when its look does not tell.
 */
export function lookAsLoaded(path: string): string | undefined {
  return verifiedLook(path);
}
