import type { Digest } from '../digest.ts';
import { HashedBytes } from '../hashed-bytes.ts';

/** What stands for the content of the next part, and for bytes that follow; numbers come after. */
const TOKEN = { content: 0, bytes: 1, numbers: 2 } as const;

const DIGEST_BYTES = 32;

/**
 * What a slice is a digest of, with the contents of its parts left open: as long as a program hangs together in the same way, the digest
 * under other contents can be had without a look at the program.
 */
export type Skeleton = Uint8Array;

/** Bytes to be hashed that are noted as a {@link Skeleton}, too. */
export class NotedBytes extends HashedBytes {
  #tokens: Uint8Array = new Uint8Array(1 << 12);
  #length = 0;

  override number(value: number): void {
    super.number(value);
    this.#note(value + TOKEN.numbers);
  }

  override bytes(bytes: Uint8Array): void {
    super.bytes(bytes);
    if (bytes.length !== DIGEST_BYTES) throw new RangeError('Only digests are written beside contents.');
    this.#note(TOKEN.bytes);
    this.#reserve(bytes.length);
    this.#tokens.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  override content(digest: Uint8Array): void {
    super.bytes(digest);
    this.#note(TOKEN.content);
  }

  skeleton(): Skeleton {
    return this.#tokens.slice(0, this.#length);
  }

  /** Seven bits a byte, lowest first. */
  #note(token: number): void {
    this.#reserve(5);
    if (token < 128) {
      this.#tokens[this.#length] = token;
      this.#length += 1;
      return;
    }
    let rest = token;
    for (; rest >= 128; rest = Math.floor(rest / 128)) {
      this.#tokens[this.#length] = (rest % 128) + 128;
      this.#length += 1;
    }
    this.#tokens[this.#length] = rest;
    this.#length += 1;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#tokens.length) return;
    const larger = new Uint8Array(2 * (this.#length + count));
    larger.set(this.#tokens.subarray(0, this.#length));
    this.#tokens = larger;
  }
}

/** The digest of a slice whose parts have some contents, in the order in which they were found. */
export function digestOfSkeleton(skeleton: Skeleton, contents: Iterator<Uint8Array, undefined>): Digest | undefined {
  const text = new HashedBytes();
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
