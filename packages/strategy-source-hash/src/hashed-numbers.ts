import { type Digest, digestBytes } from './digest.ts';

const NUMBER_BYTES = 4;

/** Numbers below 2^32 to be hashed, four bytes each, that grow as they are written: what was written can be told apart by its place. */
export class HashedNumbers {
  #words: Uint32Array = new Uint32Array(1 << 12);
  #length = 0;

  /** How many numbers were written. */
  get length(): number {
    return this.#length;
  }

  number(value: number): void {
    if (this.#length === this.#words.length) this.#grow(1);
    this.#words[this.#length] = value;
    this.#length += 1;
  }

  /** Some of a list of numbers. */
  words(list: Uint32Array, start: number, count: number): void {
    if (this.#length + count > this.#words.length) this.#grow(count);
    const words = this.#words;
    for (let at = 0; at < count; at += 1) words[this.#length + at] = list[start + at] as number;
    this.#length += count;
  }

  /** Bytes, which need not be aligned where they lie; as many as make whole numbers. */
  bytes(bytes: Uint8Array): void {
    const count = bytes.length / NUMBER_BYTES;
    if (!Number.isInteger(count)) throw new RangeError('Only whole numbers are hashed.');
    if (this.#length + count > this.#words.length) this.#grow(count);
    new Uint8Array(this.#words.buffer).set(bytes, NUMBER_BYTES * this.#length);
    this.#length += count;
  }

  /** What was written, until more is. */
  written(): Uint32Array {
    return this.#words.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  digest(): Digest {
    const { buffer } = this.#words;
    return digestBytes(new Uint8Array(buffer, 0, NUMBER_BYTES * this.#length));
  }

  #grow(count: number): void {
    const larger = new Uint32Array(2 * (this.#length + count));
    larger.set(this.written());
    this.#words = larger;
  }
}
