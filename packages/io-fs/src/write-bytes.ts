import { type FileSystem, type OpenFile, synced } from './file-system.ts';

/** What is written to a file, and write. */
export interface Write<Chunks> {
  readonly chunks: Chunks;
  /** Looked at between chunks. */
  readonly signal: AbortSignal;
  /** Wait until the bytes are on the disk. */
  readonly sync: boolean;
}

/** Writes a new file with calls that block, the cheapest way for small values on a local disk. Gives the number of bytes. */
export async function writeNow(files: FileSystem, path: string, write: Write<readonly Uint8Array[]>): Promise<number> {
  const bytes = Buffer.concat(write.chunks);
  const descriptor = files.openSync(path, 'wx');
  try {
    for (let offset = 0; offset < bytes.length; ) {
      offset += progress(files.writeSync(descriptor, bytes, offset, bytes.length - offset));
    }
    if (write.sync) await synced(files, descriptor);
    return bytes.length;
  } finally {
    files.closeSync(descriptor);
  }
}

type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Writes a new file without blocking: the next bytes are made while the last ones are written. Gives their number. */
export async function writePatiently(files: FileSystem, path: string, write: Write<Chunks>): Promise<number> {
  const file = await files.open(path, 'wx');
  try {
    let bytes = 0;
    let writing: Promise<void> = Promise.resolve();
    for await (const chunk of gathered(write.chunks)) {
      await writing;
      write.signal.throwIfAborted();
      writing = writeChunk(file, chunk);
      // Awaited in the next round, unless making the next bytes fails before.
      writing.catch(() => {});
      bytes += chunk.length;
    }
    await writing;
    if (write.sync) await file.sync();
    write.signal.throwIfAborted();
    return bytes;
  } finally {
    await file.close();
  }
}

async function writeChunk(file: OpenFile, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) {
    offset += progress((await file.write(chunk, offset, chunk.length - offset)).bytesWritten);
  }
}

// Pieces are copied, so that their source may use its memory again, into two buffers in turn: one is written meanwhile.
async function* gathered(chunks: Chunks): AsyncGenerator<Uint8Array> {
  let buffer: Uint8Array = Buffer.allocUnsafeSlow(GATHER);
  let other: Uint8Array | undefined;
  let filled = 0;
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; ) {
      const part = chunk.subarray(start, start + GATHER - filled);
      buffer.set(part, filled);
      filled += part.length;
      start += part.length;
      if (filled < GATHER) continue;
      yield buffer;
      [buffer, other] = [other ?? Buffer.allocUnsafeSlow(GATHER), buffer];
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

function progress(written: number): number {
  if (written === 0) throw Object.assign(new Error('EIO: nothing was written'), { code: 'EIO' });
  return written;
}

const GATHER = 512 * 1024;
