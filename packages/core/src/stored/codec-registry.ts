import { MemoError, messageOf } from '../errors/memo-error.ts';
import { bytesDigester, STORE_WORDING, type ValueDigest, valueDigest } from '../hash/value-digest.ts';
import { type Codec, isCodecId } from './codec.ts';
import { damage } from './damage.ts';
import { bufferCodec, bytesCodec, jsonCodec, textCodec } from './simple-codecs.ts';
import { structuredCodec } from './structured-codec.ts';

/** A value as bytes, in pieces, and the codec that reads them. */
export interface EncodedValue {
  readonly codec: Codec;
  /** May share memory with the value: write it before anyone can change that. */
  readonly payload: readonly Uint8Array[];
}

/** Chooses codecs for values, and finds the one that wrote some bytes. */
export interface CodecRegistry {
  /**
   * Encodes with the first codec that accepts: the given ones in their order, then bytes, buffer, text, JSON where it is exact,
   * and the structured codec.
   * @param label names the value in errors
   * @throws MemoError M5001 naming the path of what cannot be stored
   */
  encodeValue(value: unknown, label?: string): EncodedValue;
  /**
   * Decodes the payload of a stored object.
   * @throws MemoError M5003 with `details.reason` `'unknown-codec'` or `'undecodable'`
   */
  decodeValue(codecId: string, payload: Uint8Array, label?: string): unknown;
  /**
   * The content digest of a value that was encoded here: of its bytes where the codec promises canonical ones, else of the
   * value; where memo cannot look into the value, of the bytes after all.
   */
  digestValue(value: unknown, encoded: EncodedValue, label?: string): ValueDigest;
  /** The codec of that id, if there is one. */
  find(codecId: string): Codec | undefined;
}

const BUILT_IN: readonly Codec[] = [bytesCodec, bufferCodec, textCodec, jsonCodec, structuredCodec];

/** A registry of the built-in codecs and, before them, the given ones. Throws a `TypeError` for a bad or repeated id. */
export function codecRegistry(codecs: readonly Codec[] = []): CodecRegistry {
  const all = [...codecs, ...BUILT_IN];
  const byId = new Map<string, Codec>();
  for (const codec of all) {
    if (!isCodecId(codec.id)) throw new TypeError(`${JSON.stringify(codec.id)} is not a codec id.`);
    if (byId.has(codec.id)) throw new TypeError(`Two codecs have the id '${codec.id}'.`);
    byId.set(codec.id, codec);
  }
  return {
    encodeValue: (value, label = 'result') => encodeWithFirst(all, value, label),
    decodeValue: (id, payload, label = 'The stored value') => decodeWith(byId.get(id), { id, payload, label }),
    digestValue,
    find: (id) => byId.get(id),
  };
}

function encodeWithFirst(codecs: readonly Codec[], value: unknown, label: string): EncodedValue {
  for (const codec of codecs) {
    try {
      if (!codec.accepts(value)) continue;
      const bytes = codec.encode(value, label);
      return { codec, payload: bytes instanceof Uint8Array ? [bytes] : bytes };
    } catch (thrown) {
      // JSON ends where its text would pass the longest string; the structured codec goes on.
      if (codec === jsonCodec && thrown instanceof RangeError) continue;
      throw MemoError.is(thrown) ? thrown : encodingFailed(codec, label, thrown);
    }
  }
  throw new TypeError('The structured codec takes every value.');
}

function encodingFailed(codec: Codec, label: string, cause: unknown): MemoError {
  return new MemoError('M5001', `${label} could not be encoded by codec '${codec.id}'.`, {
    because: messageOf(cause),
    fix: STORE_WORDING.fix,
    details: { path: label, codec: codec.id },
    cause,
  });
}

function decodeWith(codec: Codec | undefined, stored: { id: string; payload: Uint8Array; label: string }): unknown {
  const { id, payload, label } = stored;
  if (codec === undefined)
    throw damage(label, `was written by codec '${id}', which is not known here`, { reason: 'unknown-codec' });
  try {
    return codec.decode(payload);
  } catch (thrown) {
    const problem = `cannot be decoded by codec '${id}': ${messageOf(thrown)}`.replace(/\.$/, '');
    throw MemoError.is(thrown, 'M5003') ? thrown : damage(label, problem, { reason: 'undecodable', cause: thrown });
  }
}

function digestValue(value: unknown, encoded: EncodedValue, label: string = 'result'): ValueDigest {
  if (encoded.codec.canonical === true) return payloadDigest(encoded);
  try {
    return valueDigest(value, label);
  } catch (thrown) {
    if (BUILT_IN.includes(encoded.codec) || !MemoError.is(thrown, 'M5001')) throw thrown;
    return payloadDigest(encoded);
  }
}

function payloadDigest({ codec, payload }: EncodedValue): ValueDigest {
  const digester = bytesDigester(codec.id);
  for (const piece of payload) digester.update(piece);
  return digester.digest();
}
