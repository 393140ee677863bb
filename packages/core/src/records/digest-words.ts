const NO_DIGIT = 16;
/** The number of each digit's character; {@link NO_DIGIT} for what is none. */
const DIGITS: Uint8Array = digits();

const LONGEST = 64;
/**
 * Where characters lie while they are read: taking them out of a text one by one costs twice as much, and look-ups read one for each step. There is room for
 * more bytes than a text of digits has.
 */
const CHARACTERS = Buffer.alloc(3 * LONGEST);

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

/** One digest as words. One place for all that are looked for. */
export class DigestWords implements Words {
  readonly words: Int32Array;
  readonly length: number;
  readonly at: number = 0;
  readonly #bytes: Buffer;

  /** @param length of a digest, in words */
  constructor(length: number) {
    this.words = new Int32Array(length);
    this.length = length;
    this.#bytes = Buffer.from(this.words.buffer);
  }

  /** Reads hexadecimal digits. Gives false for a text that is not lower-case digits for just so many words. */
  read(text: string): boolean {
    const bytes = this.#bytes;
    const length = this.length * 8;
    // What is no ASCII takes more bytes than characters.
    if (text.length !== length || CHARACTERS.write(text) !== length) return false;
    let all = 0;
    for (let at = 0; 2 * at < length; at++) {
      const high = DIGITS[CHARACTERS[2 * at] as number] as number;
      const low = DIGITS[CHARACTERS[2 * at + 1] as number] as number;
      all |= high | low;
      bytes[at] = (high << 4) | low;
    }
    return all < NO_DIGIT;
  }
}

/** A digest in hexadecimal digits. */
export function hexOf({ words, at, length }: Words): string {
  return Buffer.from(words.buffer, words.byteOffset + 4 * at, 4 * length).toString('hex');
}

function digits(): Uint8Array {
  const numbers = new Uint8Array(256).fill(NO_DIGIT);
  for (let digit = 0; digit < 16; digit++) numbers[digit.toString(16).charCodeAt(0)] = digit;
  return numbers;
}
