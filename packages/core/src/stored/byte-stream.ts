import { types } from 'node:util';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import { CHUNK_BYTES } from './object-digest.ts';

/** True for what is stored as a stream of bytes: `ReadableStream`, Node's `Readable`, any async iterable. */
export function isByteStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** Closes a stream that nobody read, so that what it holds open is let go; one that was closed already stays so. */
export function closeUnread(stream: AsyncIterable<unknown>): void {
  const { destroy, cancel } = stream as { destroy?: () => void; cancel?: () => Promise<void> };
  if (typeof destroy === 'function') destroy.call(stream);
  else if (typeof cancel === 'function') cancel.call(stream).catch(() => {});
}

/** What {@link bytesOf} needs beside the stream. */
export interface ByteStreamOptions {
  /** Names the value in errors. */
  readonly label: string;
  readonly signal: AbortSignal;
}

/**
 * The chunks of a stream, which is closed when the reader stops early or the signal is aborted, also while a chunk is
 * waited for.
 *
 * @throws MemoError M5001 when the stream fails, or gives something that is not bytes.
 */
export async function* bytesOf(stream: AsyncIterable<unknown>, options: ByteStreamOptions): AsyncGenerator<Uint8Array> {
  const iterator = stream[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (let index = 0; ; index++) {
      const next = await nextOf(iterator, options);
      if (next.done === true) {
        ended = true;
        return;
      }
      if (!types.isUint8Array(next.value)) throw notBytes(next.value, `${options.label}[${index}]`);
      yield next.value;
    }
  } finally {
    if (!ended) close(iterator);
  }
}

/** Copies of the pieces: what is hashed is what is written, even if somebody changes the value meanwhile. */
export async function* copies(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    for (let start = 0; start < piece.byteLength; start += COPY) yield piece.slice(start, start + COPY);
  }
}

/** The pieces, cut where chunks of the object end, which begins with `headBytes` more. */
export async function* windows(pieces: readonly Uint8Array[], headBytes: number): AsyncGenerator<Uint8Array> {
  let room = CHUNK_BYTES - headBytes;
  for (const piece of pieces) {
    for (let start = 0; start < piece.byteLength; ) {
      const window = piece.subarray(start, start + room);
      yield window;
      start += window.byteLength;
      room = room === window.byteLength ? CHUNK_BYTES : room - window.byteLength;
    }
  }
}

/** Pieces that are there already, as they are asked for. */
export async function* oneByOne(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

/** What `source` gives, after `update` has seen it. */
export async function* digested(
  source: AsyncIterable<Uint8Array>,
  update: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    update(chunk);
    yield chunk;
  }
}

function nextOf(iterator: AsyncIterator<unknown>, options: ByteStreamOptions): Promise<IteratorResult<unknown>> {
  const { label, signal } = options;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const settled = () => signal.removeEventListener('abort', onAbort);
    iterator
      .next()
      .then(resolve, (error: unknown) => reject(streamFailed(error, label)))
      .finally(settled);
  });
}

// Not waited for: a source that never answers must not keep an aborted write.
function close(iterator: AsyncIterator<unknown>): void {
  iterator.return?.().catch(() => {});
}

function streamFailed(cause: unknown, label: string): unknown {
  if (MemoError.is(cause)) return cause;
  return new MemoError('M5001', `The stream ${label} failed before its end`, {
    because: messageOf(cause),
    details: { path: label },
    cause,
  });
}

function notBytes(chunk: unknown, path: string): MemoError {
  const kind = chunk === null ? 'null' : typeof chunk;
  return new MemoError('M5001', `${path} is not bytes`, {
    because: `the stream gave a chunk of type ${kind}`,
    fix: 'return a stream whose chunks are Uint8Array',
    details: { path },
  });
}

const COPY = 256 * 1024;
