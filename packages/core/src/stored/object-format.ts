import { bytesDigester } from '../hash/value-digest.ts';
import type { InputContext, OutputContext } from '../io/io-contexts.ts';
import { SIGNATURE_BYTES, type Trust, type Verdict } from '../trust/trust.ts';
import { bytesOf, copies, digested, oneByOne, windows } from './byte-stream.ts';
import type { Codec } from './codec.ts';
import { type CodecRegistry, codecRegistry } from './codec-registry.ts';
import { decodeEnvelope, encodeEnvelope, type OpenedEnvelope, peekEnvelope } from './envelope.ts';
import { DIGEST_BYTES, ENVELOPE_END_BYTES, type EnvelopeHead, type EnvelopeMetadata } from './envelope-layout.ts';
import { envelopeStream, envelopeWriter, type VerifiedEnvelope, verifyEnvelope } from './envelope-stream.ts';
import type { ChunkDigests } from './object-digest.ts';
import { checkContent, damaged, notFound, outputName } from './output-errors.ts';

/** How values become stored objects. */
export interface FormatOptions {
  readonly codecs: readonly Codec[];
  readonly compress: boolean;
  /** The largest payload that is decoded, decompressed. */
  readonly maxBytes: number;
  /** Payloads up to this size are made at once, larger ones while they are written. */
  readonly smallBytes: number;
  /**
   * True for a store that sends pieces with their digest, so that nobody takes them when they changed meanwhile: those of large values
   * then share memory with the value, and each chunk of the object ({@link ObjectToWrite.chunkDigest}) ends with a piece. Default false.
   */
  readonly sharesMemory?: boolean;
  /** Whose objects count, and what signs them. Default: everybody's, and nothing is signed. */
  readonly trust?: Trust | undefined;
}

/** An object that is ready to be written. */
export interface ObjectToWrite {
  /** All bytes at once where that is few, else as they are made. */
  readonly pieces: readonly Uint8Array[] | AsyncIterable<Uint8Array>;
  readonly codec: string;
  /** The content digest, once all pieces were taken, where it is known. */
  contentDigest(): string | undefined;
  /**
   * SHA-256 of the `index`th 16 MiB of what is written ({@link CHUNK_BYTES}), once its pieces were taken, for requests that are to have one;
   * `undefined` where nobody made it: for the end, and for what is given at once.
   */
  chunkDigest?(index: number): Uint8Array | undefined;
}

/** What is known of a stored object that was checked. */
export interface ObjectFacts {
  readonly codec: string;
  /** The digest that is kept with the object; that of a stream is made from its bytes. */
  readonly contentDigest: string | undefined;
}

/** Where an object is, and what it counts as when nobody who is trusted has signed it. */
export interface ObjectPlace {
  readonly path: string;
  readonly untrusted: 'missing' | 'damaged';
  /** SHA-256 of full chunks of the pieces, which the caller made as they came: see {@link EnvelopeHead.inChunks}. Default none. */
  readonly chunkDigests?: ChunkDigests;
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
    const sign = this.#signerOf(context);
    const atOnce = () => encodeEnvelope({ codec: codec.id, payload, metadata, compression, sign });
    const contentDigest = () => context.contentDigest;
    if (size <= smallBytes) return { pieces: atOnce(), codec: codec.id, contentDigest };
    if (compress) return { pieces: oneByOne(atOnce()), codec: codec.id, contentDigest };
    const writer = envelopeWriter({ codec: codec.id, metadata, sign });
    const source = this.#options.sharesMemory === true ? windows(payload, writer.head.byteLength) : copies(payload);
    return { pieces: envelopeStream(writer, source), codec: codec.id, contentDigest, chunkDigest: writer.chunkDigest };
  }

  /** The content digest of a value that only its codec can look into. @throws MemoError M5001 */
  digest(context: OutputContext, value: unknown): string {
    const label = outputName(context);
    return this.#registry.digestValue(value, this.#registry.encodeValue(value, label), label);
  }

  encodeStream(context: OutputContext, stream: AsyncIterable<unknown>): ObjectToWrite {
    const digester = bytesDigester(STREAM_CODEC);
    const source = digested(bytesOf(stream, { label: outputName(context), signal: context.signal }), digester.update);
    const writer = envelopeWriter({
      codec: STREAM_CODEC,
      metadata: metadataOf(context),
      sign: this.#signerOf(context),
    });
    return {
      pieces: envelopeStream(writer, source),
      codec: STREAM_CODEC,
      contentDigest: () => context.contentDigest ?? digester.digest(),
      chunkDigest: writer.chunkDigest,
    };
  }

  /** The value of a whole object. @throws MemoError M5003, and M5004 for one that nobody who is trusted has signed. */
  decode(context: InputContext, bytes: Uint8Array, path: string): unknown {
    const label = labelOf(context, path);
    const opened = this.#open(context, bytes, { path, untrusted: 'missing' });
    checkAddress(context, opened.metadata, path);
    checkContent(context, contentOf(opened), path);
    return this.#registry.decodeValue(opened.codec, opened.payload, label);
  }

  /** The beginning of an object, not checked by digest. @throws MemoError M5003 */
  peek(context: InputContext, beginning: Uint8Array, path: string): EnvelopeHead {
    return peekEnvelope(beginning, labelOf(context, path));
  }

  /** The value of an uncompressed payload that was verified, in memory that nobody else has. @throws MemoError M5003 */
  decodePayload(context: InputContext, verified: VerifiedEnvelope, payload: PrivateBytes): unknown {
    const { codec } = verified;
    const check = streamedContent(context, verified, payload.path);
    check?.update(payload.bytes);
    check?.end();
    // The codecs of bytes would only copy.
    if (codec === 'buffer') return payload.bytes;
    if (codec === 'bytes') return new Uint8Array(payload.bytes.buffer);
    return this.#registry.decodeValue(codec, payload.bytes, labelOf(context, payload.path));
  }

  /** Checks a whole object that is in the way of another. @throws MemoError M5003, also for one that nobody who is trusted has signed */
  inspect(context: OutputContext, bytes: Uint8Array, path: string): ObjectFacts {
    const opened = this.#open(context, bytes, { path, untrusted: 'damaged' });
    checkAddress(context, opened.metadata, path);
    return { codec: opened.codec, contentDigest: contentOf(opened) };
  }

  /**
   * Checks an object in flat memory.
   *
   * @param place where it is, and what one counts as that nobody who is trusted has signed: for a load `missing`, in the way of another `damaged`
   * @throws MemoError M5003, M5004
   */
  async verify(
    context: OutputContext,
    source: AsyncIterable<Uint8Array>,
    place: ObjectPlace,
  ): Promise<VerifiedEnvelope> {
    const { path, chunkDigests } = place;
    const verified = await verifyEnvelope(source, labelOf(context, path), chunkDigests);
    this.#judge(context, verified, place);
    checkAddress(context, verified.metadata, path);
    // What is in the way of another is looked at, not asked for.
    if (place.untrusted === 'missing') checkContent(context, keptDigest(verified.metadata), path);
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

  /**
   * The chunks of an uncompressed payload that was verified. What was stored as a stream is told from its bytes, so that another content than
   * the one that counts shows behind the last chunk.
   *
   * @throws MemoError M5003 at the end
   */
  async *checkedChunks(
    context: InputContext,
    verified: VerifiedEnvelope,
    { chunks, path }: { readonly chunks: AsyncIterable<Uint8Array>; readonly path: string },
  ): AsyncGenerator<Uint8Array> {
    const check = streamedContent(context, verified, path);
    for await (const chunk of chunks) {
      check?.update(chunk);
      yield chunk;
    }
    check?.end();
  }

  /** How many of the last bytes {@link isTrustedEnd} needs; 0 where everything is trusted. */
  get endBytes(): number {
    return this.#options.trust === undefined ? 0 : ENVELOPE_END_BYTES + SIGNATURE_BYTES;
  }

  /**
   * Whether an object counts, judged by its last bytes: who signed what it says that it is. That it is that is checked when it is loaded.
   * Warns when it does not.
   */
  isTrustedEnd(context: OutputContext, end: Uint8Array, path: string): boolean {
    if (this.#options.trust === undefined) return true;
    const digest = end.subarray(-SIGNATURE_BYTES - DIGEST_BYTES, -SIGNATURE_BYTES);
    return this.#verdict(context, { digest, signature: end.subarray(-SIGNATURE_BYTES) }, path) === 'trusted';
  }

  #signerOf(context: OutputContext): ((digest: Uint8Array) => Uint8Array) | undefined {
    const { trust } = this.#options;
    return trust && ((digest) => trust.sign({ kind: 'value', key: addressOf(context), digest }));
  }

  #open(context: OutputContext, bytes: Uint8Array, place: ObjectPlace): OpenedEnvelope {
    const authorize = (digest: Uint8Array, signature: Uint8Array | undefined) =>
      this.#judge(context, { digest, signature }, place);
    return decodeEnvelope(bytes, { maxBytes: this.#options.maxBytes, label: labelOf(context, place.path), authorize });
  }

  #judge(context: OutputContext, sealed: Sealed, { path, untrusted }: ObjectPlace): void {
    const verdict = this.#verdict(context, sealed, path);
    if (verdict === 'trusted') return;
    const because = `what is there is ${WORDS[verdict]}`;
    throw untrusted === 'missing' ? notFound(context, path, because) : damaged(context, path, because);
  }

  #verdict(context: OutputContext, { digest, signature }: Sealed, path: string): Verdict {
    const { trust } = this.#options;
    if (trust === undefined) return 'trusted';
    const verdict = trust.verify({ kind: 'value', key: addressOf(context), digest }, signature);
    if (verdict !== 'trusted')
      context.log.warn(`${labelOf(context, path)} counts as not there: it is ${WORDS[verdict]}`);
    return verdict;
  }

  /** @throws MemoError M5003 for a payload that is larger than allowed. */
  checkSize(context: OutputContext, bytes: number, path: string): void {
    if (bytes <= this.#options.maxBytes) return;
    throw damaged(context, path, `it claims to hold ${bytes} bytes, and ${this.#options.maxBytes} are allowed`);
  }
}

/** The digest that is kept with an object; that of a stream is made from its bytes. */
function contentOf({ metadata, codec, payload }: OpenedEnvelope): string | undefined {
  const digest = keptDigest(metadata);
  if (digest !== undefined || codec !== STREAM_CODEC) return digest;
  const digester = bytesDigester(STREAM_CODEC);
  digester.update(payload);
  return digester.digest();
}

/** Compares the bytes of what was stored as a stream with the content that counts; `undefined` where that was done, or nobody knows it. */
function streamedContent(
  context: InputContext,
  { metadata, codec }: Pick<VerifiedEnvelope, 'metadata' | 'codec'>,
  path: string,
): { readonly update: (bytes: Uint8Array) => void; readonly end: () => void } | undefined {
  const isStreamed = codec === STREAM_CODEC && keptDigest(metadata) === undefined;
  if (!isStreamed || context.contentDigest === undefined) return undefined;
  const digester = bytesDigester(STREAM_CODEC);
  return { update: digester.update, end: () => checkContent(context, digester.digest(), path) };
}

function keptDigest(metadata: EnvelopeMetadata): string | undefined {
  const { contentDigest } = metadata;
  return typeof contentDigest === 'string' ? contentDigest : undefined;
}

interface Sealed {
  readonly digest: Uint8Array;
  readonly signature: Uint8Array | undefined;
}

const WORDS: Readonly<Record<Exclude<Verdict, 'trusted'>, string>> = {
  unsigned: 'not signed',
  foreign: 'not signed, as it is and for this address, by anybody who is accepted',
  expired: 'signed by somebody whose signature or key has expired',
};

function addressOf(context: OutputContext): string {
  return context.getOutputIdentifier().join('/');
}

function metadataOf(context: OutputContext): EnvelopeMetadata {
  const address = addressOf(context);
  return context.contentDigest === undefined ? { address } : { address, contentDigest: context.contentDigest };
}

// A file that was copied to another name is whole, but not the value of that name.
function checkAddress(context: OutputContext, metadata: EnvelopeMetadata, path: string): void {
  const { address } = metadata;
  if (address === addressOf(context)) return;
  throw damaged(context, path, `it holds the value of another address, ${JSON.stringify(address)}`);
}

function labelOf(context: OutputContext, path: string): string {
  return `${outputName(context)} at ${path}`;
}
