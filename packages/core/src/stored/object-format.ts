import { bytesDigester } from '../hash/value-digest.ts';
import type { InputContext, OutputContext } from '../io/io-contexts.ts';
import { bytesOf } from './byte-stream.ts';
import type { Codec } from './codec.ts';
import { type CodecRegistry, codecRegistry } from './codec-registry.ts';
import { decodeEnvelope, encodeEnvelope, peekEnvelope } from './envelope.ts';
import type { EnvelopeHead, EnvelopeMetadata } from './envelope-layout.ts';
import { envelopeStream, type VerifiedEnvelope, verifyEnvelope } from './envelope-stream.ts';
import { damaged, outputName } from './output-errors.ts';

/** How values become stored objects. */
export interface FormatOptions {
  readonly codecs: readonly Codec[];
  readonly compress: boolean;
  /** The largest payload that is decoded, decompressed. */
  readonly maxBytes: number;
  /** Payloads up to this size are made at once, larger ones while they are written. */
  readonly smallBytes: number;
}

/** An object that is ready to be written. */
export interface ObjectToWrite {
  /** All bytes at once where that is few, else as they are made. */
  readonly pieces: readonly Uint8Array[] | AsyncIterable<Uint8Array>;
  readonly codec: string;
  /** The content digest, once all pieces were taken, where it is known. */
  contentDigest(): string | undefined;
}

/** What is known of a stored object that was checked. */
export interface ObjectFacts {
  readonly codec: string;
  /** The digest that is kept with the object; that of a stream is made from its bytes. */
  readonly contentDigest: string | undefined;
}

/** Bytes that fill the memory under them, and where they are from. */
export interface PrivateBytes {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly path: string;
}

/** The codec of streams, which come back as `Uint8Array`. */
const STREAM_CODEC = 'bytes';

/**
 * Turns values into stored objects and back, for stores that keep one object a value. Every object names the address that it was made for,
 * so that one which was moved is not taken for another value. `path` says in errors where an object is.
 */
export class ObjectFormat {
  readonly #registry: CodecRegistry;
  readonly #options: FormatOptions;

  constructor(options: FormatOptions) {
    this.#registry = codecRegistry(options.codecs);
    this.#options = options;
  }

  /** @throws MemoError M5001 for what cannot be stored. */
  encode(context: OutputContext, value: unknown): ObjectToWrite {
    const { codec, payload } = this.#registry.encodeValue(value, outputName(context));
    const metadata = metadataOf(context);
    const size = payload.reduce((sum, piece) => sum + piece.byteLength, 0);
    const { smallBytes, compress } = this.#options;
    const compression = compress ? 'auto' : 'none';
    const atOnce = () => encodeEnvelope({ codec: codec.id, payload, metadata, compression });
    const contentDigest = () => context.contentDigest;
    if (size <= smallBytes) return { pieces: atOnce(), codec: codec.id, contentDigest };
    const pieces = compress ? oneByOne(atOnce()) : envelopeStream({ codec: codec.id, metadata }, copies(payload));
    return { pieces, codec: codec.id, contentDigest };
  }

  /** The content digest of a value that only its codec can look into. @throws MemoError M5001 */
  digest(context: OutputContext, value: unknown): string {
    const label = outputName(context);
    return this.#registry.digestValue(value, this.#registry.encodeValue(value, label), label);
  }

  encodeStream(context: OutputContext, stream: AsyncIterable<unknown>): ObjectToWrite {
    const digester = bytesDigester(STREAM_CODEC);
    const source = digested(bytesOf(stream, { label: outputName(context), signal: context.signal }), digester.update);
    return {
      pieces: envelopeStream({ codec: STREAM_CODEC, metadata: metadataOf(context) }, source),
      codec: STREAM_CODEC,
      contentDigest: () => context.contentDigest ?? digester.digest(),
    };
  }

  /** The value of a whole object. @throws MemoError M5003 */
  decode(context: InputContext, bytes: Uint8Array, path: string): unknown {
    const label = labelOf(context, path);
    const opened = decodeEnvelope(bytes, { maxBytes: this.#options.maxBytes, label });
    checkAddress(context, opened.metadata, path);
    return this.#registry.decodeValue(opened.codec, opened.payload, label);
  }

  /** The beginning of an object, not checked by digest. @throws MemoError M5003 */
  peek(context: InputContext, beginning: Uint8Array, path: string): EnvelopeHead {
    return peekEnvelope(beginning, labelOf(context, path));
  }

  /** The value of an uncompressed payload that was verified, in memory that nobody else has. @throws MemoError M5003 */
  decodePayload(context: InputContext, codec: string, payload: PrivateBytes): unknown {
    // The codecs of bytes would only copy.
    if (codec === 'buffer') return payload.bytes;
    if (codec === 'bytes') return new Uint8Array(payload.bytes.buffer);
    return this.#registry.decodeValue(codec, payload.bytes, labelOf(context, payload.path));
  }

  /** Checks a whole object. @throws MemoError M5003 */
  inspect(context: OutputContext, bytes: Uint8Array, path: string): ObjectFacts {
    const opened = decodeEnvelope(bytes, { maxBytes: this.#options.maxBytes, label: labelOf(context, path) });
    checkAddress(context, opened.metadata, path);
    const digest = keptDigest(opened.metadata);
    if (digest !== undefined || opened.codec !== STREAM_CODEC) return { codec: opened.codec, contentDigest: digest };
    const digester = bytesDigester(STREAM_CODEC);
    digester.update(opened.payload);
    return { codec: opened.codec, contentDigest: digester.digest() };
  }

  /** As {@link inspect}, from the beginning of a large object alone: its digest is not checked. @throws MemoError M5003 */
  inspectHead(context: OutputContext, beginning: Uint8Array, path: string): ObjectFacts {
    const head = peekEnvelope(beginning, labelOf(context, path));
    checkAddress(context, head.metadata, path);
    return { codec: head.codec, contentDigest: keptDigest(head.metadata) };
  }

  /** Checks an object in flat memory. @throws MemoError M5003 */
  async verify(context: OutputContext, source: AsyncIterable<Uint8Array>, path: string): Promise<VerifiedEnvelope> {
    const verified = await verifyEnvelope(source, labelOf(context, path));
    checkAddress(context, verified.metadata, path);
    this.checkSize(context, verified.decompressedBytes, path);
    return verified;
  }

  /** As {@link inspect}, for an object that was verified; `payload` gives its bytes once more if they are needed. */
  async factsOf(verified: VerifiedEnvelope, payload: () => AsyncIterable<Uint8Array>): Promise<ObjectFacts> {
    const { codec, compression } = verified;
    const digest = keptDigest(verified.metadata);
    if (digest !== undefined || codec !== STREAM_CODEC || compression !== 'none')
      return { codec, contentDigest: digest };
    const digester = bytesDigester(STREAM_CODEC);
    for await (const chunk of payload()) digester.update(chunk);
    return { codec, contentDigest: digester.digest() };
  }

  /** @throws MemoError M5003 for a payload that is larger than allowed. */
  checkSize(context: OutputContext, bytes: number, path: string): void {
    if (bytes <= this.#options.maxBytes) return;
    throw damaged(context, path, `it claims to hold ${bytes} bytes, and ${this.#options.maxBytes} are allowed`);
  }
}

function keptDigest(metadata: EnvelopeMetadata): string | undefined {
  const { contentDigest } = metadata;
  return typeof contentDigest === 'string' ? contentDigest : undefined;
}

function metadataOf(context: OutputContext): EnvelopeMetadata {
  const address = context.getOutputIdentifier().join('/');
  return context.contentDigest === undefined ? { address } : { address, contentDigest: context.contentDigest };
}

// A file that was copied to another name is whole, but not the value of that name.
function checkAddress(context: OutputContext, metadata: EnvelopeMetadata, path: string): void {
  const { address } = metadata;
  if (address === context.getOutputIdentifier().join('/')) return;
  throw damaged(context, path, `it holds the value of another address, ${JSON.stringify(address)}`);
}

function labelOf(context: OutputContext, path: string): string {
  return `${outputName(context)} at ${path}`;
}

// What is hashed is what is written, even if somebody changes the value meanwhile.
async function* copies(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    for (let start = 0; start < piece.byteLength; start += COPY) yield piece.slice(start, start + COPY);
  }
}

async function* oneByOne(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

async function* digested(
  source: AsyncIterable<Uint8Array>,
  update: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    update(chunk);
    yield chunk;
  }
}

const COPY = 256 * 1024;
