import type { Digest } from '../digest.ts';
import { HashedNumbers } from '../hashed-numbers.ts';

/** What stands for the content of the next part, and for bytes that follow; numbers come after. */
const TOKEN = { content: 0, bytes: 1, numbers: 2 } as const;

const DIGEST_BYTES = 32;
const NUMBER_BYTES = 4;
/** Numbers that a digest is. */
export const DIGEST_WORDS: number = DIGEST_BYTES / NUMBER_BYTES;

/**
 * What a slice is a digest of, with the contents of its parts left open: as long as a program hangs together in the same way, the digest
 * under other contents can be had without a look at the program.
 */
export type Skeleton = Uint8Array;

/** Numbers to be hashed of which a {@link Skeleton} can be made, too. */
export class NotedNumbers extends HashedNumbers {
  /** Where contents begin, and other digests. */
  readonly #contents: number[] = [];
  readonly #digests: number[] = [];

  /** The digest of what a part of a program says by itself, from a list of such digests. */
  content(digests: Uint32Array, place: number): void {
    this.#contents.push(this.length);
    this.words(digests, DIGEST_WORDS * place, DIGEST_WORDS);
  }

  /** A digest that stands beside contents. */
  override bytes(digest: Uint8Array): void {
    if (digest.length !== DIGEST_BYTES) throw new RangeError('Only digests are written beside contents.');
    this.#digests.push(this.length);
    super.bytes(digest);
  }

  override clear(): void {
    super.clear();
    this.#contents.length = 0;
    this.#digests.length = 0;
  }

  skeleton(): Skeleton {
    const tokens = new Tokens();
    const words = this.written();
    let [content, digest] = [0, 0];
    for (let at = 0; at < words.length; ) {
      const nextContent = this.#contents[content] ?? words.length;
      const nextDigest = this.#digests[digest] ?? words.length;
      const end = Math.min(nextContent, nextDigest);
      tokens.addNumbers(words, at, end);
      at = end + DIGEST_WORDS;
      if (end === words.length) break;
      if (end === nextContent) {
        tokens.add(TOKEN.content);
        content += 1;
      } else {
        tokens.add(TOKEN.bytes);
        tokens.addBytes(new Uint8Array(words.buffer, NUMBER_BYTES * end, DIGEST_BYTES));
        digest += 1;
      }
    }
    return tokens.all();
  }
}

/** Numbers of seven bits a byte, lowest first, and bytes. */
class Tokens {
  #bytes: Uint8Array = scratch;
  #length = 0;

  /** One below 128. */
  add(token: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = token;
    this.#length += 1;
  }

  /** Some of a list of numbers, each as its token. */
  addNumbers(words: Uint32Array, start: number, end: number): void {
    this.#reserve(MOST_BYTES * (end - start));
    const bytes = this.#bytes;
    let length = this.#length;
    for (let at = start; at < end; at += 1) {
      let rest = (words[at] as number) + TOKEN.numbers;
      for (; rest >= 128; rest = Math.floor(rest / 128)) {
        bytes[length] = (rest % 128) + 128;
        length += 1;
      }
      bytes[length] = rest;
      length += 1;
    }
    this.#length = length;
  }

  addBytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  all(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** What one grew to serves the next ones, too. */
  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    scratch = new Uint8Array(2 * (this.#length + count));
    scratch.set(this.#bytes);
    this.#bytes = scratch;
  }
}

/** Bytes of a number that has 32 bits. */
const MOST_BYTES = 5;

let scratch = new Uint8Array(1 << 14);

/** The digest of a slice whose parts have some contents, in the order in which they were found. */
export function digestOfSkeleton(skeleton: Skeleton, contents: Iterator<Uint8Array, undefined>): Digest | undefined {
  const text = new HashedNumbers();
  for (let at = 0; at < skeleton.length; ) {
    let token = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = skeleton[at] ?? 0;
      at += 1;
      token += (byte % 128) * weight;
      if (byte < 128) break;
    }
    if (token === TOKEN.bytes) {
      text.bytes(skeleton.subarray(at, at + DIGEST_BYTES));
      at += DIGEST_BYTES;
    } else if (token === TOKEN.content) {
      const { value } = contents.next();
      if (value === undefined) return undefined;
      text.bytes(value);
    } else text.number(token - TOKEN.numbers);
  }
  return contents.next().value === undefined ? text.digest() : undefined;
}
