import { createHash, hash } from 'node:crypto';
import { messageOf } from '../errors/memo-error.ts';
import { SIGNATURE_BYTES } from '../trust/trust.ts';
import {
  byteLengthOf,
  type Compression,
  compress,
  compressIfWorthwhile,
  decompress,
  hasCompression,
} from './compression.ts';
import { damage } from './damage.ts';
import {
  DIGEST_BYTES,
  ENVELOPE_END_BYTES,
  type EnvelopeHead,
  type EnvelopeMetadata,
  endLength,
  FORMAT,
  FORMAT_IN_CHUNKS,
  headLength,
  readHead,
  readLengths,
  statedLength,
  writeHead,
  writeLengths,
} from './envelope-layout.ts';
import { ObjectDigest } from './object-digest.ts';

/** The most bytes a payload may decompress to unless told otherwise: 4 GB. */
export const DEFAULT_MAX_BYTES: number = 2 ** 32;

const SMALL = 16_384;

/** What goes into a stored object. */
export interface EnvelopeContent {
  /** Id of the codec that wrote the payload. */
  readonly codec: string;
  readonly payload: Uint8Array | readonly Uint8Array[];
  /** JSON facts beside the value, at most 64 kB; default none. */
  readonly metadata?: EnvelopeMetadata;
  /** `'auto'` compresses with brotli what gets smaller by it and has 1 kB or more. Default `'none'`. */
  readonly compression?: Compression | 'auto';
  /** Gives the signature that goes with the digest of the object. Default: not signed. */
  readonly sign?: ((digest: Uint8Array) => Uint8Array) | undefined;
}

/** What came out of a stored object, all checked. */
export interface OpenedEnvelope {
  readonly codec: string;
  readonly compression: Compression;
  readonly metadata: EnvelopeMetadata;
  /** Decompressed. A window on the given bytes where nothing was compressed. */
  readonly payload: Uint8Array;
  /** Digest of the object, which was checked, and what somebody signed it with, which was not. */
  readonly digest: Uint8Array;
  readonly signature: Uint8Array | undefined;
}

export interface DecodeEnvelopeOptions {
  /** The most bytes that the payload may have when decompressed; default 4 GB. */
  readonly maxBytes?: number;
  /** How errors call the object; default `'The stored object'`. */
  readonly label?: string;
  /** Called with what was digested and signed, before anything is decompressed; throws to refuse it. */
  readonly authorize?: (digest: Uint8Array, signature: Uint8Array | undefined) => void;
}

/**
 * A stored object in pieces, to be written in order. Large uncompressed payloads are not copied: the pieces share their memory.
 * Throws a `TypeError` for a bad codec id, metadata that is not JSON or over 64 kB, and zstd where Node has none.
 */
export function encodeEnvelope(content: EnvelopeContent): Uint8Array[] {
  const pieces = content.payload instanceof Uint8Array ? [content.payload] : content.payload;
  const stored = compressed(pieces, content.compression ?? 'none');
  const payloadBytes = byteLengthOf(stored.pieces);
  const { codec, metadata = {}, sign } = content;
  const endBytes = ENVELOPE_END_BYTES + (sign === undefined ? 0 : SIGNATURE_BYTES);
  const head = writeHead({ codec, metadata, compression: stored.compression, payloadBytes, endBytes });
  return sealed([head, ...stored.pieces, writeLengths(payloadBytes, byteLengthOf(pieces))], sign);
}

/**
 * Opens a stored object. Its digest is checked before anything in it is decoded, and it never decompresses to more than it
 * says and `maxBytes` allows.
 * @throws MemoError M5003 with `details.reason`: `'foreign'`, `'truncated'`, `'damaged'`, `'newer-format'`,
 * `'unknown-compression'` or `'too-large'`
 */
export function decodeEnvelope(bytes: Uint8Array, options: DecodeEnvelopeOptions = {}): OpenedEnvelope {
  const { maxBytes = DEFAULT_MAX_BYTES, label = 'The stored object' } = options;
  const object = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkLength(object, label);
  const { digest, signature } = checkDigest(object, label);
  options.authorize?.(digest, signature);
  const head = readHead(object, label);
  const { stored, decompressed } = readLengths(object.subarray(-head.endBytes));
  const payload = object.subarray(head.payloadStart, object.length - head.endBytes);
  if (stored !== payload.length)
    throw damage(label, 'disagrees with itself about the length of its payload', { reason: 'damaged' });
  if (decompressed > maxBytes)
    throw damage(label, `holds ${group(decompressed)} bytes, ${group(maxBytes)} are allowed`, { reason: 'too-large' });
  return {
    codec: head.codec,
    compression: head.compression,
    metadata: head.metadata,
    payload: expand(head, payload, { decompressed, label }),
    digest,
    signature,
  };
}

/**
 * The beginning of a stored object, for listings: only the first bytes are needed (68 kB always suffice) and nothing is
 * checked by digest. Throws `M5003` as `decodeEnvelope`.
 */
export function peekEnvelope(bytes: Uint8Array, label: string = 'The stored object'): EnvelopeHead {
  const object = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = headLength(object, label);
  if (object.length < length)
    throw damage(label, `is cut off after ${group(object.length)} bytes`, { reason: 'truncated' });
  return readHead(object, label);
}

/** Appends the digest of all pieces, and its signature. Small objects become one piece: digested and written at once they cost a third. */
function sealed(pieces: readonly Uint8Array[], sign: EnvelopeContent['sign']): Uint8Array[] {
  if (byteLengthOf(pieces) < SMALL) {
    const whole = Buffer.concat(pieces);
    return [Buffer.concat([whole, ...ending(hash('sha256', whole, 'buffer'), sign)])];
  }
  const digest = createHash('sha256');
  for (const piece of pieces) digest.update(piece);
  return [...pieces, ...ending(digest.digest(), sign)];
}

function ending(digest: Uint8Array, sign: EnvelopeContent['sign']): Uint8Array[] {
  return sign === undefined ? [digest] : [digest, sign(digest)];
}

function compressed(
  pieces: readonly Uint8Array[],
  compression: Compression | 'auto',
): { compression: Compression; pieces: readonly Uint8Array[] } {
  if (compression === 'auto') return compressIfWorthwhile(pieces);
  if (compression === 'none') return { compression, pieces };
  return { compression, pieces: [compress(compression, Buffer.concat(pieces))] };
}

function checkLength(object: Buffer, label: string): void {
  const head = headLength(object, label);
  const stated = statedLength(object, label);
  const least = stated ?? head + endLength(object);
  if (object.length < least) {
    const whole = stated === undefined ? '' : ` of ${group(stated)}`;
    throw damage(label, `is cut off: ${group(object.length)}${whole} bytes are there`, { reason: 'truncated' });
  }
  if (stated !== undefined && object.length > stated) {
    throw damage(label, `has ${group(object.length)} bytes where ${group(stated)} belong`, { reason: 'damaged' });
  }
}

function checkDigest(object: Buffer, label: string): Pick<OpenedEnvelope, 'digest' | 'signature'> {
  const signed = object.length - (endLength(object) - ENVELOPE_END_BYTES);
  const digest = object.subarray(signed - DIGEST_BYTES, signed);
  if (!digestOf(object.subarray(0, signed - DIGEST_BYTES)).equals(digest))
    throw damage(label, 'was changed or cut off: its digest does not match', { reason: 'damaged' });
  return { digest, signature: signed === object.length ? undefined : object.subarray(signed) };
}

function digestOf(covered: Buffer): Buffer {
  if (covered[4] === FORMAT) return hash('sha256', covered, 'buffer');
  const digest = new ObjectDigest(FORMAT_IN_CHUNKS);
  digest.update(covered);
  return digest.digest();
}

function expand(head: EnvelopeHead, payload: Buffer, facts: { decompressed: number; label: string }): Uint8Array {
  const { decompressed, label } = facts;
  if (!hasCompression(head.compression)) {
    throw damage(label, `is compressed with ${head.compression}, which this version of Node does not have`, {
      reason: 'unknown-compression',
    });
  }
  let expanded: Uint8Array;
  try {
    expanded = decompress(head.compression, payload, decompressed);
  } catch (thrown) {
    throw damage(label, `cannot be decompressed: ${messageOf(thrown)}`, { reason: 'damaged', cause: thrown });
  }
  if (expanded.byteLength === decompressed) return expanded;
  throw damage(label, `decompresses to ${group(expanded.byteLength)} bytes instead of ${group(decompressed)}`, {
    reason: 'damaged',
  });
}

function group(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
