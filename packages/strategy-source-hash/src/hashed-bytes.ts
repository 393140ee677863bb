import { type Digest, digestBytes } from './digest.ts';

/** Bytes to be hashed, that grow as they are written. Numbers are below 2^32, so that what was written can be told apart by its place. */
export class HashedBytes {
  #bytes: Buffer = Buffer.allocUnsafe(1 << 14);
  #length = 0;

  number(value: number): void {
    this.#reserve(4);
    const bytes = this.#bytes;
    const at = this.#length;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
    this.#length = at + 4;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** The digest of what a part of a program says by itself. */
  content(digest: Uint8Array): void {
    this.bytes(digest);
  }

  digest(): Digest {
    return digestBytes(this.#bytes.subarray(0, this.#length));
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
