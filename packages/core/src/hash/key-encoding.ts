import { type Digest, digestOf } from './digest.ts';
import { explained, type RefusalWording } from './explain-refusal.ts';
import { KeyEncoder } from './key-encoder.ts';
import { type Scalar, scalarText } from './scalar-text.ts';

/** How errors call the encoded value. */
export interface KeyOptions {
  /** Name of the root in paths, for example `'config'`; default `'value'`. */
  readonly label?: string;
}

export const KEY_WORDING: RefusalWording = {
  code: 'M2113',
  consequence: 'cannot be part of a version',
  fix: 'Pass plain data (primitives, plain objects, arrays, Map, Set, Date, RegExp, URL, bytes); make everything else in the op, or give it as a resource.',
};

/**
 * The key form of a value: a text that two values share exactly when no op could tell them apart after
 * `canonicalValue`. Blind to the order of object keys and of Map and Set entries, to shared references,
 * `Object.create(null)`, `lastIndex`, and `Buffer` against `Uint8Array`; everything else counts: `1`, `'1'` and `1n`, `-0`
 * and `0`, a missing key, `undefined`, `null` and a hole, NFC and NFD, the payload of a NaN in a float array.
 *
 * Throws `M2113`, naming the path, for what has no key form: functions, symbols, class instances, errors, accessors,
 * cycles, more than 500 levels, more than 1,000,000 holes in a row. What a Proxy throws passes through.
 */
export function encodeKey(value: unknown, options: KeyOptions = {}): string {
  if (isScalar(value)) return scalarText(value);
  return explained({ root: value, label: options.label ?? 'value', wording: KEY_WORDING }, () =>
    new KeyEncoder(false).encode(value),
  );
}

/** The digest of a value's key form. Errors as `encodeKey`. */
export function keyDigest(value: unknown, options?: KeyOptions): Digest {
  return keyTextDigest(encodeKey(value, options));
}

/** The digest of a key form that is already written: `keyTextDigest(encodeKey(v)) === keyDigest(v)`. */
export function keyTextDigest(text: string): Digest {
  return digestOf('memo.key-form/1', text);
}

/** True for primitives other than symbols. */
export function isScalar(value: unknown): value is Scalar {
  return value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol');
}
