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

/** The same of bytes that lie in several places, one after the other. */
export function digestOfAll(parts: Iterable<Uint8Array>): Digest {
  const all = createHash('sha256');
  for (const part of parts) all.update(part);
  return all.digest('hex');
}

/** The digest of a value by its JSON, which escapes lone surrogates. */
export function digestJson(value: unknown): Digest {
  return hash('sha256', JSON.stringify(value));
}

/** The digest of a list of texts; length-prefixed, so that no two lists run together. */
export function digestList(parts: Iterable<string>): Digest {
  const list = [...parts];
  const bytes = Buffer.allocUnsafe(list.reduce((sum, part) => sum + MOST_DIGITS + 1 + 2 * part.length, 0));
  let end = 0;
  for (const part of list) {
    end += bytes.write(`${part.length}:`, end, 'latin1');
    end += bytes.write(part, end, 'utf16le');
  }
  return digestBytes(bytes.subarray(0, end));
}

/** Digits of the length of the longest text that can be. */
const MOST_DIGITS = 10;

/** Byte-wise order of UTF-16 code units, the same on every machine and in every locale. */
export function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
