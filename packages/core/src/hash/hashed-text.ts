import { hash } from 'node:crypto';
import type { Digest } from './digest.ts';
import { DIGEST_BYTES, type DigestColumn } from './digest-column.ts';

/**
 * A text that is written only to be hashed, in memory that is used again and again: hashing a text that was put together from others costs twice as
 * much, because it has to be made one first.
 */
export class HashedText {
  #bytes: Buffer = Buffer.alloc(1_024);
  #length = 0;
  #head: Uint8Array | undefined;
  /** By length, the beginning of the memory: most texts have one of few lengths, and a new view costs as much as a short text. */
  #views: Uint8Array[] = [];

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
    const bytes = this.#room(2 * DIGEST_BYTES);
    const { bytes: from } = digests;
    let at = this.#length;
    const end = (index + 1) * DIGEST_BYTES;
    for (let next = index * DIGEST_BYTES; next < end; next++) {
      const digit = 2 * (from[next] as number);
      bytes[at++] = DIGITS[digit] as number;
      bytes[at++] = DIGITS[digit + 1] as number;
    }
    this.#length = at;
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
    this.#views = [];
    return larger;
  }
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
const MOST_VIEWS = 4_096;
/** For each byte its two digits. */
const DIGITS: Uint8Array = Uint8Array.from(
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join('')),
);
