/** A digest among others, for comparing it with those that lie elsewhere. */
export interface Words {
  /** Digests as the machine reads their bytes. */
  readonly words: Int32Array;
  /** How many words a digest has. */
  readonly length: number;
  /** Where in `words` the digest begins that is meant. */
  readonly at: number;
}

/** How many words a whole digest has. */
export const DIGEST_WORDS = 8;

/**
 * One digest after the other of those that lie somewhere. All that look-ups are given are of this class: code that meets objects of two shapes is compiled
 * again when it meets the second one.
 */
export class DigestWords implements Words {
  readonly words: Int32Array;
  readonly length: number;
  at: number = 0;

  /**
   * @param length of a digest, in words
   * @param words of the digests; default: room for one
   */
  constructor(length: number, words: Int32Array = new Int32Array(length)) {
    this.words = words;
    this.length = length;
  }
}

/** A digest in hexadecimal digits. */
export function hexOf({ words, at, length }: Words): string {
  return Buffer.from(words.buffer, words.byteOffset + 4 * at, 4 * length).toString('hex');
}
