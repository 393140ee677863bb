import { SIGNATURE_BYTES } from '../trust/trust.ts';
import { isCodecId } from './codec.ts';
import { type Compression, compressionId, compressionOf } from './compression.ts';
import { damage } from './damage.ts';

/*
 * A stored object, numbers little-endian:
 *
 *   0  4  `MEMO`
 *   4  1  format: 1 for what is written whole, 2 for what is written piece by piece
 *   5  1  flags: 128 for a signature after the digest
 *   6  1  compression
 *   7  1  length of the codec id
 *   8  4  length of the metadata
 *  12  8  length of the payload as stored, or all ones where it was not known at the start (a stream)
 *  20     codec id (ASCII), metadata (JSON), payload
 *  -48 8  length of the payload as stored
 *  -40 8  length of the payload when decompressed
 *  -32 32 digest of everything before it: in format 1 its SHA-256, in format 2 that of the list of its chunks, see `object-digest.ts`
 *
 * A signed object has 104 bytes more, after the digest: see `trust/trust.ts`.
 *
 * What begins and ends an object has one form whether its length was known or not, so that a stream can be written with one
 * pass and flat memory. Readers of one format refuse later ones: bytes they cannot check are not theirs to decode.
 */
export const MAGIC: Buffer = Buffer.from('MEMO', 'latin1');
export const FORMAT = 1;
export const FORMAT_IN_CHUNKS = 2;
export const FIXED_HEAD = 20;
/** How many bytes follow the payload of an object that is not signed. */
export const ENVELOPE_END_BYTES = 48;
export const DIGEST_BYTES = 32;
export const SIGNED = 128;
export const MAX_METADATA = 65_536;

const UNKNOWN_LENGTH = 0xff_ff_ff_ff_ff_ff_ff_ffn;

/** Facts about a stored value beside the value: JSON, at most 64 kB. */
export type EnvelopeMetadata = Readonly<Record<string, unknown>>;

/** The beginning of a stored object. Not checked yet: the digest comes last. */
export interface EnvelopeHead {
  readonly codec: string;
  readonly compression: Compression;
  readonly metadata: EnvelopeMetadata;
  /** Where the payload begins. */
  readonly payloadStart: number;
  /** Bytes of the payload as stored; `undefined` for a stream, whose end tells. */
  readonly payloadBytes: number | undefined;
  /** How many bytes follow the payload. */
  readonly endBytes: number;
  /** True where each 16 MiB of the object have a digest of their own. */
  readonly inChunks: boolean;
}

/** Writes the beginning of an object. Throws a `TypeError` for a bad codec id or metadata that is not JSON or too large. */
export function writeHead(head: Omit<EnvelopeHead, 'payloadStart' | 'inChunks'>, format: number = FORMAT): Buffer {
  if (!isCodecId(head.codec)) throw new TypeError(`${JSON.stringify(head.codec)} is not a codec id.`);
  const codec = Buffer.from(head.codec, 'latin1');
  const metadata = Buffer.from(JSON.stringify(head.metadata), 'utf8');
  if (metadata.length > MAX_METADATA) throw new TypeError(`Metadata of ${metadata.length} bytes is more than 64 kB.`);
  const fixed = Buffer.alloc(FIXED_HEAD);
  MAGIC.copy(fixed);
  fixed[4] = format;
  fixed[5] = head.endBytes > ENVELOPE_END_BYTES ? SIGNED : 0;
  fixed[6] = compressionId(head.compression);
  fixed[7] = codec.length;
  fixed.writeUInt32LE(metadata.length, 8);
  fixed.writeBigUInt64LE(head.payloadBytes === undefined ? UNKNOWN_LENGTH : BigInt(head.payloadBytes), 12);
  return Buffer.concat([fixed, codec, metadata]);
}

/**
 * How long the beginning is, from its first 20 bytes or more. Before anything else this finds objects that are not ours
 * to read: foreign, or of a newer format.
 */
export function headLength(bytes: Buffer, label: string): number {
  const magic = bytes.subarray(0, MAGIC.length);
  if (!magic.equals(MAGIC.subarray(0, magic.length)))
    throw damage(label, 'is not an object that memo wrote', { reason: 'foreign' });
  if (bytes.length < FIXED_HEAD) throw damage(label, `is cut off after ${bytes.length} bytes`, { reason: 'truncated' });
  const format = bytes[4];
  const isKnown = format === FORMAT || format === FORMAT_IN_CHUNKS;
  if (!isKnown || (bytes[5] !== 0 && bytes[5] !== SIGNED)) {
    const kind = isKnown ? `with flags ${bytes[5]}` : `of format ${format}`;
    throw damage(label, `is an object ${kind}, which this version of memo cannot read`, { reason: 'newer-format' });
  }
  const metadata = bytes.readUInt32LE(8);
  if (metadata > MAX_METADATA) throw damage(label, 'claims to have more than 64 kB of metadata', { reason: 'damaged' });
  return FIXED_HEAD + (bytes[7] ?? 0) + metadata;
}

/** How long the whole object says it is; `undefined` for a stream. */
export function statedLength(bytes: Buffer, label: string): number | undefined {
  const payload = bytes.readBigUInt64LE(12);
  return payload === UNKNOWN_LENGTH ? undefined : headLength(bytes, label) + Number(payload) + endLength(bytes);
}

/** Reads the beginning of an object that has at least `headLength` bytes. */
export function readHead(bytes: Buffer, label: string): EnvelopeHead {
  const payloadStart = headLength(bytes, label);
  const metadataStart = FIXED_HEAD + (bytes[7] ?? 0);
  const codec = bytes.toString('latin1', FIXED_HEAD, metadataStart);
  if (!isCodecId(codec)) throw damage(label, 'names no codec', { reason: 'damaged' });
  const compression = compressionOf(bytes[6] ?? 0);
  if (compression === undefined) {
    throw damage(label, `is compressed in a way (${bytes[6]}) that this version of memo does not know`, {
      reason: 'unknown-compression',
    });
  }
  const payload = bytes.readBigUInt64LE(12);
  const payloadBytes = payload === UNKNOWN_LENGTH ? undefined : Number(payload);
  return {
    codec,
    compression,
    metadata: readMetadata(bytes.subarray(metadataStart, payloadStart), label),
    payloadStart,
    payloadBytes,
    endBytes: endLength(bytes),
    inChunks: bytes[4] === FORMAT_IN_CHUNKS,
  };
}

/** How many bytes follow the payload of an object that begins so. */
export function endLength(bytes: Uint8Array): number {
  return bytes[5] === SIGNED ? ENVELOPE_END_BYTES + SIGNATURE_BYTES : ENVELOPE_END_BYTES;
}

/** The two lengths at the end of an object. */
export function writeLengths(stored: number, decompressed: number): Buffer {
  const lengths = Buffer.alloc(ENVELOPE_END_BYTES - DIGEST_BYTES);
  lengths.writeBigUInt64LE(BigInt(stored), 0);
  lengths.writeBigUInt64LE(BigInt(decompressed), 8);
  return lengths;
}

/** Reads them from the last 48 bytes. */
export function readLengths(trailer: Buffer): { readonly stored: number; readonly decompressed: number } {
  return { stored: Number(trailer.readBigUInt64LE(0)), decompressed: Number(trailer.readBigUInt64LE(8)) };
}

function readMetadata(bytes: Buffer, label: string): EnvelopeMetadata {
  try {
    const metadata: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata))
      return metadata as EnvelopeMetadata;
  } catch (thrown) {
    throw damage(label, 'has metadata that is not JSON', { reason: 'damaged', cause: thrown });
  }
  throw damage(label, 'has metadata that is not an object', { reason: 'damaged' });
}
