import {
  ENVELOPE_END_BYTES,
  type InputContext,
  MemoError,
  notFound,
  type ObjectFacts,
  type ObjectFormat,
  type OutputContext,
} from '@memo/core/plugin';
import type { Bucket, OpenObject } from './bucket.ts';
import { type ChunkRange, GoneError, objectChunks, wholeRange } from './object-chunks.ts';
import { ObjectDownload, STRETCH_BYTES } from './object-download.ts';
import { MAX_HEAD } from './payload-memory.ts';
import { statusOf } from './s3-errors.ts';

/** What an {@link ObjectReader} works with. */
export interface ReaderParts {
  readonly bucket: Bucket;
  readonly format: ObjectFormat;
  /** `s3://bucket/key`, for messages. */
  readonly urlOf: (key: string) => string;
  /** Objects up to this size are read whole before they are looked at. */
  readonly smallBytes: number;
}

/** Loads objects: every byte is checked before the first one is decoded. */
export class ObjectReader {
  readonly #parts: ReaderParts;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** What was damaged on its way, or replaced meanwhile, is whole when it is read again; only what is damaged twice counts. */
  async load(context: InputContext, key: string): Promise<unknown> {
    try {
      return await this.#loadOnce(context, key);
    } catch (error) {
      if (!MemoError.is(error, 'M5003') && !wasReplaced(error)) throw error;
      return this.#loadOnce(context, key);
    }
  }

  /**
   * The payload of an object of bytes, in chunks. Reads the object twice: once to check that it is whole, once to give it. Of a stream it shows
   * behind the last chunk that it is another one than the record of its version says.
   */
  async stream(context: InputContext, key: string): Promise<AsyncIterable<Uint8Array>> {
    const { format, urlOf } = this.#parts;
    const opened = await this.#open(context, key);
    const source = objectChunks(this.#parts.bucket, wholeOf(context, key, opened));
    const verified = await format.verify(context, source, { path: urlOf(key), untrusted: 'missing' });
    if (verified.codec !== 'bytes' && verified.codec !== 'buffer') {
      const is = `stored as '${verified.codec}'`;
      throw new TypeError(`Only bytes can be streamed, and ${urlOf(key)} is ${is}; use loadInput().`);
    }
    if (verified.compression !== 'none') return single((await this.load(context, key)) as Uint8Array);
    const from = verified.payloadStart;
    const to = from + verified.payloadBytes;
    const chunks = objectChunks(this.#parts.bucket, { key, tag: opened.tag, from, to, signal: context.signal });
    return format.checkedChunks(context, verified, { chunks, path: urlOf(key) });
  }

  /**
   * What is known of an object that others stored, checked whole. `undefined` when it was deleted meanwhile.
   *
   * @throws MemoError M5003
   */
  async inspect(context: OutputContext, key: string): Promise<(ObjectFacts & { readonly bytes: number }) | undefined> {
    const { bucket, format, urlOf, smallBytes } = this.#parts;
    const path = urlOf(key);
    const { signal } = context;
    const opened = await bucket.open({ key }, { signal });
    if (opened === undefined) return undefined;
    const { bytes, tag } = opened;
    const range = wholeOf(context, key, opened);
    if (bytes <= smallBytes) return { ...format.inspect(context, await wholeRange(bucket, range), path), bytes };
    const verified = await format.verify(context, objectChunks(bucket, range), { path, untrusted: 'damaged' });
    const from = verified.payloadStart;
    const to = from + verified.payloadBytes;
    return { ...(await format.factsOf(verified, () => objectChunks(bucket, { key, tag, from, to, signal }))), bytes };
  }

  async #loadOnce(context: InputContext, key: string): Promise<unknown> {
    const { bucket, format, urlOf, smallBytes } = this.#parts;
    const opened = await this.#open(context, key, STRETCH_BYTES);
    if (opened.whole > smallBytes) return this.#loadLarge(context, key, opened);
    return format.decode(context, await wholeRange(bucket, wholeOf(context, key, opened)), urlOf(key));
  }

  // The payload is read into memory of its own size, so that bytes need no copy to become a value.
  async #loadLarge(context: InputContext, key: string, opened: OpenObject): Promise<unknown> {
    const { bucket, format, urlOf } = this.#parts;
    const path = urlOf(key);
    try {
      // Before memory is taken for it.
      format.checkSize(context, opened.whole - ENVELOPE_END_BYTES - MAX_HEAD, path);
    } catch (error) {
      opened.body.destroy();
      throw error;
    }
    const { signal } = context;
    const peek = (beginning: Uint8Array) => format.peek(context, beginning, path);
    const download = new ObjectDownload(bucket, { key, opened, signal, peek });
    const { chunkDigests } = download;
    const place = { path, untrusted: 'missing', chunkDigests } as const;
    const verified = await format.verify(context, download.pieces(), place);
    const { bytes, plain } = download.memory;
    if (verified.compression !== 'none' || !plain) return format.decode(context, bytes, path);
    return format.decodePayload(context, verified, { bytes, path });
  }

  async #open(context: InputContext, key: string, to?: number): Promise<OpenObject> {
    const { bucket, urlOf } = this.#parts;
    const opened = await bucket.open({ key, ...(to === undefined ? {} : { to }) }, { signal: context.signal });
    if (opened === undefined) throw notFound(context, urlOf(key));
    return opened;
  }
}

function wholeOf({ signal }: OutputContext, key: string, opened: OpenObject): ChunkRange {
  return { key, opened, from: 0, to: opened.bytes, tag: opened.tag, signal };
}

/** Deleted or stored again between two requests for its parts. */
function wasReplaced(error: unknown): boolean {
  return error instanceof GoneError || statusOf(error) === 412;
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
