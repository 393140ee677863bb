import { hash } from 'node:crypto';
import type { Digest } from './digest.ts';
import { DIGEST_BYTES, type DigestColumn } from './digest-column.ts';

/**
 * A text that is written only to be hashed, in memory that is used again and again: hashing a text that was put together from others costs twice as
 * much, because it has to be made one first.
 */
export class HashedText {
  #bytes: Buffer = Buffer.alloc(1_024);
  #view: DataView = viewOf(this.#bytes);
  #length = 0;
  #head: Uint8Array | undefined;
  /** By length, the beginning of the memory: most texts have one of few lengths, and a new view costs as much as a short text. */
  #views: (Uint8Array | undefined)[] = noViews();

  /** Begins a text. Most begin like the one before, and then nothing is copied. */
  begin(head: Uint8Array): void {
    this.#length = 0;
    if (this.#head === head) {
      this.#length = head.length;
    } else {
      this.putBytes(head);
      this.#head = head;
    }
  }

  /** Adds what is UTF-8 already. */
  putBytes(utf8: Uint8Array): void {
    const { length } = utf8;
    const bytes = this.#room(length);
    const from = this.#length;
    if (length > FEW) bytes.set(utf8, from);
    else for (let at = 0; at < length; at++) bytes[from + at] = utf8[at] as number;
    this.#length = from + length;
  }

  /** Adds a well-formed text. */
  put(text: string): void {
    const { length } = text;
    if (length > FEW) {
      this.#putLong(text);
      return;
    }
    const bytes = this.#room(length);
    const from = this.#length;
    for (let at = 0; at < length; at++) {
      const unit = text.charCodeAt(at);
      if (unit > LAST_ASCII) {
        this.#putLong(text);
        return;
      }
      bytes[from + at] = unit;
    }
    this.#length = from + length;
  }

  #putLong(text: string): void {
    const bytes = this.#room(MOST_BYTES_A_UNIT * text.length);
    this.#length += bytes.write(text, this.#length);
  }

  /** Adds the version of an output, as what reads it names it. */
  putOutput(versions: DigestColumn, index: number): void {
    this.#room(1)[this.#length++] = OUTPUT;
    this.putDigest(versions, index);
  }

  /** Adds the digits of a digest. */
  putDigest(digests: DigestColumn, index: number): void {
    this.#room(2 * DIGEST_BYTES);
    const from = digests.view;
    const to = this.#view;
    let at = this.#length;
    const end = (index + 1) * DIGEST_BYTES;
    for (let next = index * DIGEST_BYTES; next < end; next += 4, at += 8) {
      const four = from.getInt32(next, true);
      // Four digits are those of two bytes, one byte each, the first one lowest: all at once, in place of one by one from a table.
      const first = ((four & 0xf0) >> 4) | ((four & 0x0f) << 8) | ((four & 0xf000) << 4) | ((four & 0x0f00) << 16);
      const last = ((four >>> 20) & 0x0f) | ((four >>> 8) & 0x0f00) | ((four >>> 12) & 0x0f0000) | (four & 0x0f000000);
      to.setInt32(at, first + 0x30303030 + LETTERS_AFTER_DIGITS * (((first + 0x06060606) >> 4) & 0x01010101), true);
      to.setInt32(at + 4, last + 0x30303030 + LETTERS_AFTER_DIGITS * (((last + 0x06060606) >> 4) & 0x01010101), true);
    }
    this.#length = at;
  }

  /** Adds a number from 0 up to {@link LARGEST_INTEGER} as it enters where it is a literal. */
  putInteger(value: number): void {
    let digits = 1;
    for (let power = 10; value >= power; power *= 10) digits++;
    // It is a text of a tag, the digits, and what ends them, behind its length.
    this.put(BEFORE_NUMBER[digits] as string);
    const end = this.#length + digits;
    const bytes = this.#room(digits + 1);
    let rest = value;
    for (let at = end - 1; at >= this.#length; at--) {
      bytes[at] = ZERO + (rest % 10);
      rest = (rest / 10) | 0;
    }
    bytes[end] = NUMBER_END;
    this.#length = end + 1;
  }

  /** SHA-256 of the text. */
  digest(): Digest {
    return hash('sha256', this.#text(), 'hex') as Digest;
  }

  /** The same, put to where digests are kept. */
  digestInto(digests: DigestColumn, index: number): void {
    digests.setBytes(index, hash('sha256', this.#text(), 'binary'));
  }

  #text(): Uint8Array {
    const length = this.#length;
    if (length >= MOST_VIEWS) return this.#bytes.subarray(0, length);
    let view = this.#views[length];
    if (view === undefined) {
      view = this.#bytes.subarray(0, length);
      this.#views[length] = view;
    }
    return view;
  }

  /** The memory, with room for so many bytes more. */
  #room(more: number): Buffer {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return this.#bytes;
    const larger = Buffer.alloc(2 * needed);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = viewOf(larger);
    this.#views = noViews();
    return larger;
  }
}

/** Of all lengths from the start: code that asks for more than a list has is compiled again. */
function noViews(): (Uint8Array | undefined)[] {
  return Array.from({ length: MOST_VIEWS });
}

const FREE: HashedText[] = [];

/** One for a while: who writes a text may need another one meanwhile. */
export function borrowText(): HashedText {
  return FREE.pop() ?? new HashedText();
}

/** Says that nobody needs a text any more. */
export function giveBack(text: HashedText): void {
  FREE.push(text);
}

/** Most that is copied one by one: a call of the engine costs as much. */
const FEW = 24;
const OUTPUT = 'O'.charCodeAt(0);
const LAST_ASCII = 0x7f;
const MOST_BYTES_A_UNIT = 3;
const MOST_VIEWS = 2_048;
const ZERO = '0'.charCodeAt(0);
const NUMBER_END = ';'.charCodeAt(0);
/** Largest number that {@link HashedText.putInteger} writes. */
export const LARGEST_INTEGER: number = 2 ** 30;
/** What stands before the digits of a number that is a literal, by how many they are. */
const BEFORE_NUMBER: readonly string[] = Array.from({ length: 11 }, (_, digits) => `Vs${digits + 2}:d`);

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** How far `a` is behind where a digit `:` would be. */
const LETTERS_AFTER_DIGITS = 'a'.charCodeAt(0) - '9'.charCodeAt(0) - 1;
