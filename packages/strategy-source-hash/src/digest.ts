import { createHash, hash } from 'node:crypto';

/** Lower-case hexadecimal SHA-256. */
export type Digest = string;

/**
 * The digest of a text by its UTF-16 code units: UTF-8 would give two texts with different lone surrogates one digest.
 */
export function digestText(text: string): Digest {
  return digestBytes(Buffer.from(text, 'utf16le'));
}

export function digestBytes(bytes: Uint8Array): Digest {
  return hash('sha256', bytes, 'hex');
}

/** The digest of a list of texts; length-prefixed, so that no two lists run together. */
export function digestList(parts: Iterable<string>): Digest {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(`${part.length}:`).update(Buffer.from(part, 'utf16le'));
  return sum.digest('hex');
}

/** Byte-wise order of UTF-16 code units, the same on every machine and in every locale. */
export function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
