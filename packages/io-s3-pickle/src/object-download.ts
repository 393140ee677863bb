import { createHash } from 'node:crypto';
import { CHUNK_BYTES, type ChunkDigests, type EnvelopeHead } from '@memo/core/plugin';
import { onAbort } from './abort-listeners.ts';
import { Beginning, type Filler } from './beginning.ts';
import type { Bucket, OpenObject } from './bucket.ts';
import { takeChunks } from './object-chunks.ts';
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

  /** All bytes in their order, as they are complete. @throws what `peek` throws, and what {@link takeChunks} throws */
  async *pieces(): AsyncGenerator<Uint8Array> {
    const { signal } = this.#download;
    const stop = new AbortController();
    const stopListening = onAbort(signal, () => stop.abort(signal.reason));
    const filling: Promise<Stretch>[] = [];
    try {
      const { begun, filled } = this.#fillFirst(stop.signal);
      filling.push(this.#started(filled));
      await begun;
      const stretches = this.#stretches();
      const next = () => {
        const stretch = stretches.next().value;
        if (stretch !== undefined) filling.push(this.#started(this.#fill(stretch, stop.signal)));
      };
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

  /** What is on its way already; `begun` once the memory is there, which takes the head to be known. */
  #fillFirst(signal: AbortSignal): { readonly begun: Promise<void>; readonly filled: Promise<Stretch> } {
    const { key, opened } = this.#download;
    const stretch = { from: 0, to: opened.bytes };
    const beginning = new Beginning(Math.min(MAX_HEAD, opened.bytes));
    const arriving = takeChunks(this.#bucket, { key, opened, tag: opened.tag, signal, ...stretch }, beginning.take);
    const begun = Promise.race([beginning.enough, arriving]).then(() => {
      this.#begin(beginning.bytes());
      beginning.passTo(this.#filler(stretch));
    });
    const filled = Promise.all([begun, arriving]).then(() => {
      beginning.end();
      return stretch;
    });
    return { begun, filled };
  }

  /** Makes the memory: how much of the object is the payload is in its head. */
  #begin(beginning: Uint8Array): void {
    const { opened, peek } = this.#download;
    const head = peek(beginning);
    this.#memory = new PayloadMemory(opened.whole, head);
    if (head.inChunks) this.#digested = opened.whole - head.endBytes;
  }

  /** Puts the bytes of a stretch where they belong, and digests them where they are a whole chunk. */
  #filler({ from, to }: Stretch): Filler {
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
