const FIRST_BUFFER = 512;
const LARGEST_BUFFER = 1 << 20;
/** The longest text whose length prefix is one byte. */
const SHORT_TEXT = 31;
const LARGE = 16_384;

/** How the characters of a text are written; part of its length prefix. */
export const TEXT_MODE = { latin1: 0, utf8: 1, utf16: 2 } as const;

/** Builds encoded bytes piece by piece. Large byte arrays become pieces of their own and are not copied. */
export class ByteWriter {
  readonly #pieces: Uint8Array[] = [];
  #buffer: Buffer = Buffer.allocUnsafe(FIRST_BUFFER);
  #start = 0;
  #at = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#at++] = value;
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte, lowest first. */
  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#at++] = rest;
  }

  /** A number as a little-endian 64-bit float; there is one NaN. */
  float(value: number): void {
    this.#reserve(8);
    this.#at = this.#buffer.writeDoubleLE(Number.isNaN(value) ? Number.NaN : value, this.#at);
  }

  /** A string with its length: ASCII and UTF-8 where possible, else UTF-16, so that lone surrogates survive. */
  text(value: string): void {
    if (value.length <= SHORT_TEXT && this.#shortAscii(value)) return;
    const bytes = Buffer.byteLength(value, 'utf8');
    if (bytes === value.length) this.#encoded(value, 'latin1', bytes);
    else if ((value as string & { isWellFormed(): boolean }).isWellFormed()) this.#encoded(value, 'utf8', bytes);
    else this.#encoded(value, 'utf16', value.length * 2);
  }

  /** Bytes with their length. */
  blob(bytes: Uint8Array): void {
    this.varint(bytes.byteLength);
    this.#raw(bytes);
  }

  /** All pieces in order. They may share memory with what was written. */
  finish(): Uint8Array[] {
    this.#cut();
    return this.#pieces;
  }

  #raw(bytes: Uint8Array): void {
    if (bytes.byteLength >= LARGE) {
      this.#cut();
      this.#pieces.push(bytes);
      return;
    }
    this.#reserve(bytes.byteLength);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.byteLength;
  }

  #shortAscii(value: string): boolean {
    this.#reserve(value.length + 1);
    const start = this.#at + 1;
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) return false;
      this.#buffer[start + index] = unit;
    }
    this.#buffer[this.#at] = value.length * 4 + TEXT_MODE.latin1;
    this.#at = start + value.length;
    return true;
  }

  #encoded(value: string, mode: keyof typeof TEXT_MODE, bytes: number): void {
    this.varint(bytes * 4 + TEXT_MODE[mode]);
    const encoding = mode === 'utf16' ? 'utf16le' : mode;
    if (bytes >= LARGE) {
      this.#raw(Buffer.from(value, encoding));
      return;
    }
    this.#reserve(bytes);
    this.#at += this.#buffer.write(value, this.#at, bytes, encoding);
  }

  #reserve(bytes: number): void {
    if (this.#buffer.length - this.#at >= bytes) return;
    this.#cut();
    const size = Math.max(bytes, Math.min(this.#buffer.length * 2, LARGEST_BUFFER));
    this.#buffer = Buffer.allocUnsafe(size);
    this.#start = 0;
    this.#at = 0;
  }

  #cut(): void {
    if (this.#at > this.#start) this.#pieces.push(this.#buffer.subarray(this.#start, this.#at));
    this.#start = this.#at;
  }
}
