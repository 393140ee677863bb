import { isUtf8 } from 'node:buffer';
import { TEXT_MODE } from './byte-writer.ts';

/** Thrown inside a decoder: the bytes are not what an encoder writes. */
export class Malformed extends Error {}

/** Reads what a `ByteWriter` wrote. Never reads outside its bytes, never allocates more than they can fill. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How many bytes are left: nothing that takes a byte or more each can have a larger count. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new Malformed('the bytes end too early');
    return value;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 8; count++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte <= 0x7f) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      scale *= 128;
    }
    throw new Malformed('a whole number is too large');
  }

  /** A count of things that take at least one byte each. */
  count(): number {
    const count = this.varint();
    if (count > this.left) throw new Malformed(`${count} items cannot be in ${this.left} bytes`);
    return count;
  }

  float(): number {
    return this.#bytes.readDoubleLE(this.#advance(8));
  }

  text(): string {
    const prefix = this.varint();
    const bytes = Math.floor(prefix / 4);
    const start = this.#advance(bytes);
    switch (prefix % 4) {
      case TEXT_MODE.latin1:
        return this.#bytes.toString('latin1', start, start + bytes);
      case TEXT_MODE.utf8:
        if (!isUtf8(this.#bytes.subarray(start, start + bytes))) throw new Malformed('a text is not UTF-8');
        return this.#bytes.toString('utf8', start, start + bytes);
      case TEXT_MODE.utf16:
        return this.#bytes.toString('utf16le', start, start + bytes);
      default:
        throw new Malformed('a text has an unknown encoding');
    }
  }

  /** A window on the bytes, not a copy. */
  blob(): Uint8Array {
    const bytes = this.varint();
    const start = this.#advance(bytes);
    return this.#bytes.subarray(start, start + bytes);
  }

  #advance(bytes: number): number {
    if (bytes > this.left) throw new Malformed(`${bytes} bytes are missing their end`);
    const start = this.#at;
    this.#at += bytes;
    return start;
  }
}
