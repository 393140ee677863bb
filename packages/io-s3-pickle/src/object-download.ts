import { createHash } from 'node:crypto';
import { CHUNK_BYTES, type ChunkDigests, type EnvelopeHead } from '@memo/core/plugin';
import { onAbort } from './abort-listeners.ts';
import type { Bucket, OpenObject } from './bucket.ts';
import { objectChunks, takeChunks } from './object-chunks.ts';
import { MAX_HEAD, PayloadMemory } from './payload-memory.ts';

/** What is downloaded. */
export interface Download {
  readonly key: string;
  /** The beginning of the object, whose bytes are on their way. */
  readonly opened: OpenObject;
  readonly signal: AbortSignal;
  /** The head of the object, from its beginning. */
  readonly peek: (beginning: Uint8Array) => EnvelopeHead;
}

/**
 * An object on its way into memory, in several stretches at once: one connection is slower than this machine, and a server reads other parts
 * of its disks meanwhile. All stretches are of the object that was opened, by its tag. Each is a chunk that has a digest of its own, which is
 * made of the bytes as they come: later they would have to be fetched from memory once more.
 */
export class ObjectDownload {
  readonly #bucket: Bucket;
  readonly #download: Download;
  readonly #digests = new Map<number, Uint8Array>();
  #memory: PayloadMemory | undefined;
  /** Where the chunks end that have a digest each; 0 where none have. */
  #digested = 0;

  constructor(bucket: Bucket, download: Download) {
    this.#bucket = bucket;
    this.#download = download;
  }

  /** Where the bytes are, once all pieces were taken. */
  get memory(): PayloadMemory {
    if (this.#memory === undefined) throw new Error('nothing was downloaded');
    return this.#memory;
  }

  /** SHA-256 of the chunks of the pieces that were taken, where they have one each. */
  readonly chunkDigests: ChunkDigests = (index) => this.#digests.get(index);

  /** All bytes in their order, as they are complete. @throws what `peek` throws, and what {@link objectChunks} throws */
  async *pieces(): AsyncGenerator<Uint8Array> {
    const { signal } = this.#download;
    const stop = new AbortController();
    const stopListening = onAbort(signal, () => stop.abort(signal.reason));
    const filling: Promise<Stretch>[] = [];
    try {
      const chunks = this.#chunks(stop.signal);
      const beginning = await this.#begin(chunks);
      const stretches = this.#stretches();
      const next = () => {
        const stretch = stretches.next().value;
        if (stretch !== undefined) filling.push(this.#started(this.#fill(stretch, stop.signal)));
      };
      const first = { from: 0, to: this.#download.opened.bytes };
      filling.push(this.#started(this.#fillFirst(chunks, beginning).then(() => first)));
      for (let ahead = 1; ahead < AT_ONCE; ahead++) next();
      for (let index = 0; index < filling.length; index++) {
        const { from, to } = (await filling[index]) as Stretch;
        next();
        yield* this.memory.pieces(from, to);
      }
    } finally {
      stop.abort();
      stopListening();
      await Promise.allSettled(filling);
    }
  }

  /** Makes the memory, once it is known how much of the object is the payload; gives the bytes that came so far. */
  async #begin(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
    const { opened, peek } = this.#download;
    const least = Math.min(MAX_HEAD, opened.bytes);
    const waiting: Uint8Array[] = [];
    let bytes = 0;
    while (bytes < least) {
      const { value, done } = await chunks.next();
      if (done === true) break;
      waiting.push(value);
      bytes += value.byteLength;
    }
    const beginning = Buffer.concat(waiting);
    const head = peek(beginning);
    this.#memory = new PayloadMemory(opened.whole, head);
    if (head.inChunks) this.#digested = opened.whole - head.endBytes;
    return beginning;
  }

  /** What is not on its way yet. */
  *#stretches(): Generator<Stretch, undefined> {
    const { whole, bytes } = this.#download.opened;
    for (let from = bytes; from < whole; from += STRETCH_BYTES) {
      yield { from, to: Math.min(whole, from + STRETCH_BYTES) };
    }
  }

  async #fill(stretch: Stretch, signal: AbortSignal): Promise<Stretch> {
    const { key, opened } = this.#download;
    const filler = this.#filler(stretch);
    await takeChunks(this.#bucket, { key, tag: opened.tag, signal, ...stretch }, filler.take);
    filler.end();
    return stretch;
  }

  async #fillFirst(chunks: AsyncIterable<Uint8Array>, beginning: Uint8Array): Promise<void> {
    const filler = this.#filler({ from: 0, to: this.#download.opened.bytes });
    filler.take(beginning, 0);
    let position = beginning.byteLength;
    for await (const chunk of chunks) {
      filler.take(chunk, position);
      position += chunk.byteLength;
    }
    filler.end();
  }

  /** Puts the bytes of a stretch where they belong, and digests them where they are a whole chunk. */
  #filler({ from, to }: Stretch): { take(chunk: Uint8Array, position: number): void; end(): void } {
    const { memory } = this;
    const isChunk = to - from === CHUNK_BYTES && to <= this.#digested;
    const digest = isChunk ? createHash('sha256') : undefined;
    return {
      take(chunk, position) {
        digest?.update(chunk);
        memory.set(chunk, position);
      },
      end: () => {
        if (digest !== undefined) this.#digests.set(from / CHUNK_BYTES, digest.digest());
      },
    };
  }

  #chunks(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { key, opened } = this.#download;
    return objectChunks(this.#bucket, { key, opened, from: 0, to: opened.bytes, tag: opened.tag, signal });
  }

  /** Its failure is looked at when its turn comes. */
  #started(stretch: Promise<Stretch>): Promise<Stretch> {
    stretch.catch(() => {});
    return stretch;
  }
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** How much of an object one request asks for. */
export const STRETCH_BYTES: number = CHUNK_BYTES;
const AT_ONCE = 4;
