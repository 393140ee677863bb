import type { EnvelopeHead } from '@memo/core/plugin';
import { onAbort } from './abort-listeners.ts';
import type { Bucket, OpenObject } from './bucket.ts';
import { objectChunks } from './object-chunks.ts';
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
 * of its disks meanwhile. All stretches are of the object that was opened, by its tag.
 */
export class ObjectDownload {
  readonly #bucket: Bucket;
  readonly #download: Download;
  #memory: PayloadMemory | undefined;

  constructor(bucket: Bucket, download: Download) {
    this.#bucket = bucket;
    this.#download = download;
  }

  /** Where the bytes are, once all pieces were taken. */
  get memory(): PayloadMemory {
    if (this.#memory === undefined) throw new Error('nothing was downloaded');
    return this.#memory;
  }

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
      filling.push(this.#started(this.#fillFrom(chunks, { ...first, from: beginning }).then(() => first)));
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

  /** Makes the memory, once it is known how much of the object is the payload; gives how far it is filled. */
  async #begin(chunks: AsyncGenerator<Uint8Array>): Promise<number> {
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
    this.#memory = new PayloadMemory(opened.whole, peek(beginning));
    this.#memory.set(beginning, 0);
    return bytes;
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
    await this.#fillFrom(objectChunks(this.#bucket, { key, tag: opened.tag, signal, ...stretch }), stretch);
    return stretch;
  }

  async #fillFrom(chunks: AsyncIterable<Uint8Array>, { from }: Stretch): Promise<void> {
    let position = from;
    for await (const chunk of chunks) {
      this.memory.set(chunk, position);
      position += chunk.byteLength;
    }
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
export const STRETCH_BYTES: number = 8 * 1024 * 1024;
const AT_ONCE = 4;
