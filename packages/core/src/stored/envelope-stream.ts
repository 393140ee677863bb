import { SIGNATURE_BYTES } from '../trust/trust.ts';
import type { Compression } from './compression.ts';
import { damage } from './damage.ts';
import {
  DIGEST_BYTES,
  ENVELOPE_END_BYTES,
  type EnvelopeMetadata,
  endLength,
  FIXED_HEAD,
  FORMAT_IN_CHUNKS,
  headLength,
  readHead,
  readLengths,
  writeHead,
  writeLengths,
} from './envelope-layout.ts';
import { type ChunkDigests, ObjectDigest } from './object-digest.ts';

/** What is known about a stream before it is written. */
export interface EnvelopeStreamContent {
  readonly codec: string;
  /** JSON facts beside the value, at most 64 kB; default none. */
  readonly metadata?: EnvelopeMetadata;
  /** Gives the signature that goes with the digest of the object. Default: not signed. */
  readonly sign?: ((digest: Uint8Array) => Uint8Array) | undefined;
}

/** Writes a stored object around a payload whose length nobody knows yet. */
export interface EnvelopeWriter {
  /** Goes first. */
  readonly head: Uint8Array;
  /** Takes each piece of the payload in order; the caller writes the piece itself, unchanged. */
  update(piece: Uint8Array): void;
  /** Goes last; call it once. Without it the object counts as cut off. */
  end(): Uint8Array;
  /** SHA-256 of the `index`th 16 MiB of the object, all of which were taken; `undefined` before, for what ends it, and for its end. */
  chunkDigest(index: number): Uint8Array | undefined;
}

/** A checked stored object of which only facts are kept in memory. */
export interface VerifiedEnvelope {
  readonly codec: string;
  readonly compression: Compression;
  readonly metadata: EnvelopeMetadata;
  /** Where in the object the payload begins, and how many bytes it has there. */
  readonly payloadStart: number;
  readonly payloadBytes: number;
  /** Bytes of the payload when decompressed. */
  readonly decompressedBytes: number;
  /** Digest of the object, which was checked, and what somebody signed it with, which was not. */
  readonly digest: Uint8Array;
  readonly signature: Uint8Array | undefined;
}

/** Begins a stored object for a stream, uncompressed. Throws a `TypeError` as `encodeEnvelope`. */
export function envelopeWriter(content: EnvelopeStreamContent): EnvelopeWriter {
  const { codec, metadata = {}, sign } = content;
  const endBytes = ENVELOPE_END_BYTES + (sign === undefined ? 0 : SIGNATURE_BYTES);
  const head = writeHead({ codec, metadata, compression: 'none', payloadBytes: undefined, endBytes }, FORMAT_IN_CHUNKS);
  const digest = new ObjectDigest(FORMAT_IN_CHUNKS);
  digest.update(head);
  let length = 0;
  return {
    head,
    update(piece) {
      digest.update(piece);
      length += piece.byteLength;
    },
    end() {
      const lengths = writeLengths(length, length);
      digest.update(lengths);
      const whole = digest.digest();
      return Buffer.concat(sign === undefined ? [lengths, whole] : [lengths, whole, sign(whole)]);
    },
    chunkDigest: (index) => digest.chunk(index),
  };
}

/** The pieces of a stored object around the pieces of `source`, as they come. */
export async function* envelopeStream(
  content: EnvelopeStreamContent | EnvelopeWriter,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const writer = 'codec' in content ? envelopeWriter(content) : content;
  yield writer.head;
  for await (const piece of source) {
    writer.update(piece);
    yield piece;
  }
  yield writer.end();
}

/**
 * Checks a stored object piece by piece in flat memory, whether it was written whole or as a stream. Afterwards its payload may
 * be read again from `payloadStart`; what was read before the check must not be used.
 *
 * @param known SHA-256 of chunks of these very pieces that somebody made while they came; others are digested here
 * @throws MemoError M5003 as `decodeEnvelope`
 */
export async function verifyEnvelope(
  source: AsyncIterable<Uint8Array>,
  label: string = 'The stored object',
  known?: ChunkDigests,
): Promise<VerifiedEnvelope> {
  const scan = new EnvelopeScan(label, known);
  for await (const piece of source) scan.update(piece);
  return scan.end();
}

const LONGEST_END = ENVELOPE_END_BYTES + SIGNATURE_BYTES;

class EnvelopeScan {
  readonly #label: string;
  readonly #known: ChunkDigests | undefined;
  #digest: ObjectDigest | undefined;
  #head: Buffer = Buffer.alloc(0);
  #headComplete = false;
  /** The last bytes so far: they may be the end, which the digest covers only in part. */
  #tail: Buffer = Buffer.alloc(0);
  #length = 0;

  constructor(label: string, known: ChunkDigests | undefined) {
    this.#label = label;
    this.#known = known;
  }

  update(piece: Uint8Array): void {
    this.#length += piece.byteLength;
    if (!this.#headComplete) this.#collectHead(piece);
    if (piece.byteLength < LONGEST_END) {
      this.#keep(Buffer.concat([this.#tail, piece]));
    } else {
      this.#covered(this.#tail);
      this.#keep(piece);
    }
  }

  end(): VerifiedEnvelope {
    const endBytes = this.#headComplete ? endLength(this.#head) : LONGEST_END;
    if (!this.#headComplete || this.#length < this.#head.length + endBytes) throw this.#cutOff();
    const signed = this.#tail.length - (endBytes - ENVELOPE_END_BYTES);
    const { stored, decompressed } = readLengths(this.#tail.subarray(-endBytes));
    const digest = this.#covered(this.#tail.subarray(0, signed - DIGEST_BYTES)).digest();
    if (!digest.equals(this.#tail.subarray(signed - DIGEST_BYTES, signed))) {
      throw damage(this.#label, 'was changed or cut off: its digest does not match', { reason: 'damaged' });
    }
    const { payloadBytes = stored, inChunks: _, ...head } = readHead(this.#head, this.#label);
    if (payloadBytes !== stored || head.payloadStart + stored + endBytes !== this.#length) {
      throw damage(this.#label, 'disagrees with itself about the length of its payload', { reason: 'damaged' });
    }
    const signature = signed === this.#tail.length ? undefined : this.#tail.subarray(signed);
    return { ...head, payloadBytes, decompressedBytes: decompressed, digest, signature };
  }

  #keep(bytes: Uint8Array): void {
    const known = Math.max(0, bytes.byteLength - LONGEST_END);
    if (known > 0) this.#covered(bytes.subarray(0, known));
    this.#tail = Buffer.from(bytes.subarray(known));
  }

  /** Takes what the digest covers; which digest that is, the beginning says. */
  #covered(bytes: Uint8Array): ObjectDigest {
    this.#digest ??= new ObjectDigest(this.#head[4] ?? 0, this.#known);
    this.#digest.update(bytes);
    return this.#digest;
  }

  #cutOff(): Error {
    headLength(this.#head, this.#label);
    return damage(this.#label, `is cut off after ${this.#length} bytes`, { reason: 'truncated' });
  }

  #collectHead(piece: Uint8Array): void {
    let taken = 0;
    let missing = this.#missingHead();
    while (missing > 0 && taken < piece.byteLength) {
      this.#head = Buffer.concat([this.#head, piece.subarray(taken, taken + missing)]);
      taken += missing;
      missing = this.#missingHead();
    }
    this.#headComplete = missing === 0;
  }

  #missingHead(): number {
    if (this.#head.length < FIXED_HEAD) return FIXED_HEAD - this.#head.length;
    return headLength(this.#head, this.#label) - this.#head.length;
  }
}
