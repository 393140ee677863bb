import { createHash } from 'node:crypto';
import { sha256 } from './digest.ts';
import { explained, type RefusalWording } from './explain-refusal.ts';
import { stringText } from './scalar-text.ts';
import { ValueWalker } from './value-walker.ts';

declare const valueDigestBrand: unique symbol;

/** The digest of a content with the scheme that made it: `vf1:` (value form) or `cb1:` (bytes of a codec) and 64 hex digits. */
export type ValueDigest = string & { readonly [valueDigestBrand]: true };

export const STORE_WORDING: RefusalWording = {
  code: 'M5001',
  consequence: 'cannot be stored',
  fix: 'Return plain data (primitives, plain objects, arrays, Map, Set, Date, RegExp, URL, errors, bytes), or give the output a codec that accepts this value.',
};

/**
 * The digest of a value as its consumers can see it. The order of properties and of Map and Set entries counts, as do
 * holes, `lastIndex`, the class of bytes (`Buffer` is not `Uint8Array`), a missing prototype and, inside an object that
 * refers back to itself, what is shared. It is blind to sharing elsewhere, to how an engine stores numbers and arrays, and to
 * the `stack` of errors. Defined for exactly the values that the built-in codecs can store.
 *
 * @param label names the root in errors, for example `'rows of load'`
 * @throws MemoError M5001 naming the path of what cannot be stored
 */
export function valueDigest(value: unknown, label: string = 'result'): ValueDigest {
  return explained({ root: value, label, wording: STORE_WORDING }, () => digestOfText(new ValueWalker().text(value)));
}

/** The digest of each item, as `valueDigest` gives it, for mapped steps. Holes count as `undefined`. */
export function itemDigests(items: readonly unknown[], label: string = 'result'): ValueDigest[] {
  return explained({ root: items, label, wording: STORE_WORDING }, () => {
    const walker = new ValueWalker();
    return Array.from(items, (item) => digestOfText(walker.text(item)));
  });
}

/** Takes the bytes of a codec that promises canonical bytes, or of a stream, piece by piece. */
export interface BytesDigester {
  update(bytes: Uint8Array): void;
  /** The digest of all bytes so far; call it once. */
  digest(): ValueDigest;
}

/** Digests encoded bytes instead of a value. How they are cut into pieces does not matter; the codec does. */
export function bytesDigester(codecId: string): BytesDigester {
  const hash = createHash('sha256').update(`memo.codec-bytes/1;${stringText(codecId)}`);
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => `cb1:${hash.digest('hex')}` as ValueDigest,
  };
}

/** True for a digest of a scheme that this version computes; others must be recomputed from the value. */
export function isKnownScheme(digest: string): digest is ValueDigest {
  return /^(?:vf1|cb1):[0-9a-f]{64}$/.test(digest);
}

function digestOfText(text: string): ValueDigest {
  return `vf1:${sha256(`memo.value-form/1;${text}`)}` as ValueDigest;
}
