import { constants } from 'node:fs';
import type { FileSystem, OpenFile } from './file-system.ts';
import type { FoundObject } from './found-object.ts';

/** Reads a file, or its beginning, with blocking calls. Gives fewer bytes than announced when it became shorter. */
export function readNow(files: FileSystem, object: FoundObject, limit: number = Infinity): Uint8Array {
  return readPart(files, object.file, { from: 0, bytes: Math.min(object.bytes, limit) });
}

/**
 * Reads a small file with blocking calls and without a look at it: `undefined` where there is no such file, or where only a look tells what is there.
 * What is read may be cut off. `scratch` is larger than what counts as small.
 */
export function readSmall(files: FileSystem, path: string, scratch: Uint8Array): Uint8Array | undefined {
  // Where links cannot be told apart from files as they are opened, they are by a look.
  if (constants.O_NOFOLLOW === undefined) return undefined;
  let descriptor: number | undefined;
  try {
    descriptor = files.openSync(path, READ);
    const bytes = files.readSync(descriptor, scratch, 0, scratch.length, 0);
    return bytes === 0 || bytes === scratch.length ? undefined : scratch.slice(0, bytes);
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) files.closeSync(descriptor);
  }
}

/** Reads the last bytes of a file, as many as it has, with blocking calls. */
export function readEnd(files: FileSystem, object: FoundObject, most: number): Uint8Array {
  const bytes = Math.min(object.bytes, most);
  return readPart(files, object.file, { from: object.bytes - bytes, bytes });
}

function readPart(
  files: FileSystem,
  path: string,
  range: { readonly from: number; readonly bytes: number },
): Uint8Array {
  const descriptor = files.openSync(path, READ);
  try {
    const bytes = new Uint8Array(range.bytes);
    let filled = 0;
    while (filled < bytes.length) {
      const read = files.readSync(descriptor, bytes, filled, bytes.length - filled, range.from + filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  } finally {
    files.closeSync(descriptor);
  }
}

/** What {@link readChunks} reads. */
export interface ReadRange {
  readonly from: number;
  readonly to: number;
  /** Memory for the bytes of the file from a position on; every chunk of other bytes has memory of its own. */
  readonly into?: { readonly position: number; readonly bytes: Uint8Array };
  readonly signal: AbortSignal;
}

/** Streams a range of a file. The next chunk is read while the last one is used. Ends early when the file is shorter. */
export async function* readChunks(files: FileSystem, path: string, range: ReadRange): AsyncGenerator<Uint8Array> {
  const file = await files.open(path, READ);
  try {
    let reading = readChunk(file, range.from, range);
    for (let position = range.from; position < range.to; ) {
      const chunk = await reading;
      range.signal.throwIfAborted();
      if (chunk.length === 0) return;
      position += chunk.length;
      reading = readChunk(file, position, range);
      // Awaited in the next round, unless the reader stops before.
      reading.catch(() => {});
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

async function readChunk(file: OpenFile, position: number, range: ReadRange): Promise<Uint8Array> {
  const chunk = memoryFor(position, range);
  if (chunk.length === 0) return chunk;
  const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
  return chunk.subarray(0, bytesRead);
}

function memoryFor(position: number, { to, into }: ReadRange): Uint8Array {
  const start = into === undefined ? to : into.position;
  if (into === undefined || position < start) return new Uint8Array(Math.min(CHUNK, start - position));
  const offset = position - start;
  const chunk = into.bytes.subarray(offset, offset + CHUNK);
  return chunk.length > 0 ? chunk : new Uint8Array(Math.min(CHUNK, to - position));
}

// Never follows a link at the address, and never waits for somebody to write into a pipe. Windows knows neither.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const CHUNK = 512 * 1024;
