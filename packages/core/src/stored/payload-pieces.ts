import { CHUNK_BYTES } from './object-digest.ts';

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

const COPY = 256 * 1024;
