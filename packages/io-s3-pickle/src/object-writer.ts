import {
  CHUNK_BYTES,
  MemoError,
  type ObjectToWrite,
  type OutputContext,
  outputFacts,
  outputName,
  type StoredOutput,
} from '@memo/core/plugin';
import type { Bucket } from './bucket.ts';
import { type LargeUpload, uploadInParts } from './large-upload.ts';
import type { ObjectReader } from './object-reader.ts';

/** What an {@link ObjectWriter} works with. */
export interface WriterParts {
  readonly bucket: Bucket;
  readonly reader: ObjectReader;
  readonly urlOf: (key: string) => string;
  /** Larger objects are sent in parts of this size. */
  readonly partBytes: number;
}

/** Publishes objects whole, and only where nothing is. */
export class ObjectWriter {
  readonly #parts: WriterParts;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** @throws MemoError M5003 when what is at the address already is damaged, so that it can be deleted first. */
  async write(context: OutputContext, key: string, object: ObjectToWrite): Promise<StoredOutput> {
    const body = await this.#gather(object);
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const bytes = await this.#publish(context, key, body);
      if (bytes !== undefined) {
        return { outcome: 'created', bytes, codec: object.codec, ...optional(object.contentDigest()) };
      }
      const there = await this.#parts.reader.inspect(context, key);
      if (there !== undefined) {
        return { outcome: 'exists', bytes: there.bytes, codec: there.codec, ...optional(there.contentDigest) };
      }
      // A source can be read only once.
      if (!(body instanceof Uint8Array)) break;
    }
    throw new MemoError('M5002', `Cannot store ${outputName(context)} at ${this.#parts.urlOf(key)}`, {
      because: 'others keep storing and deleting it',
      details: { url: this.#parts.urlOf(key), ...outputFacts(context) },
    });
  }

  async #publish(context: OutputContext, key: string, body: Uint8Array | Unfinished): Promise<number | undefined> {
    const { bucket, partBytes } = this.#parts;
    const { signal } = context;
    if (!(body instanceof Uint8Array)) return uploadInParts(bucket, { key, ...body, partBytes, signal });
    const { written } = await bucket.put({ key, bytes: body, condition: 'absent', kind: 'value' }, signal);
    return written ? body.byteLength : undefined;
  }

  /** All bytes where they fit into one request, else the pieces, of which some were taken already. */
  async #gather({ pieces, chunkDigest }: ObjectToWrite): Promise<Uint8Array | Unfinished> {
    if (isAtOnce(pieces)) return Buffer.concat(pieces);
    const { partBytes } = this.#parts;
    const beginning: Uint8Array[] = [];
    let bytes = 0;
    const rest = pieces[Symbol.asyncIterator]();
    while (bytes <= partBytes) {
      const next = await rest.next();
      if (next.done === true) return Buffer.concat(beginning);
      beginning.push(next.value);
      bytes += next.value.byteLength;
    }
    const partDigest = (index: number) => (partBytes === CHUNK_BYTES ? chunkDigest?.(index) : undefined);
    return { pieces: continued(beginning, rest), partDigest };
  }
}

type Unfinished = Pick<LargeUpload, 'pieces' | 'partDigest'>;

async function* continued(
  beginning: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* beginning;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function isAtOnce(pieces: ObjectToWrite['pieces']): pieces is readonly Uint8Array[] {
  return Array.isArray(pieces);
}

function optional(contentDigest: string | undefined): { contentDigest?: string } {
  return contentDigest === undefined ? {} : { contentDigest };
}

const MOST_ATTEMPTS = 3;
