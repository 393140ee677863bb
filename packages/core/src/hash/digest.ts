import { hash } from 'node:crypto';
import { stringText } from './scalar-text.ts';

declare const digestBrand: unique symbol;

/** SHA-256 in 64 lower-case hex digits. */
export type Digest = string & { readonly [digestBrand]: true };

/** SHA-256 of the UTF-8 of a text. Ill-formed texts (lone surrogates) must be encoded first: UTF-8 cannot tell them apart. */
export function sha256(text: string): Digest {
  return hash('sha256', text, 'hex') as Digest;
}

/** SHA-256 of bytes. */
export function sha256Bytes(bytes: Uint8Array): Digest {
  return hash('sha256', bytes, 'hex') as Digest;
}

/**
 * The digest of a list of texts within a domain (a short, versioned name such as `'memo.step-version/1'`).
 * Domains never share digests, and neither do lists that differ anywhere: `('ab', 'c')` is not `('a', 'bc')`.
 */
export function digestOf(domain: string, ...parts: readonly string[]): Digest {
  let text = `memo${parts.length};${stringText(domain)}`;
  for (const part of parts) text += stringText(part);
  return sha256(text);
}

/** The first digits of a digest, for people: 12 unless told. Never a key. */
export function shortDigest(digest: string, digits: number = 12): string {
  const colon = digest.indexOf(':');
  return digest.slice(colon + 1, colon + 1 + digits);
}

/** True for 64 lower-case hex digits. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}
