import { EntryReader } from './entry-reader.ts';
import type { PayloadReader } from './payload-reader.ts';
import { HEAD_BYTES, OFFSET } from './segment-format.ts';

/** Heads are kept in blocks of so many, so that none of them is copied when more come. */
const BLOCK_HEADS = 4_096;

/** Some heads, side by side, and where their payloads are. */
export class HeadBlock {
  readonly reader: EntryReader;
  readonly #heads: Buffer;
  readonly #payloads: Float64Array;
  #count = 0;

  /** @param most how many heads there can be at most */
  constructor(payloads: PayloadReader, most: number) {
    const capacity = Math.max(1, Math.min(BLOCK_HEADS, Math.ceil(most)));
    this.#heads = Buffer.allocUnsafeSlow(capacity * HEAD_BYTES);
    this.#payloads = new Float64Array(capacity);
    this.reader = new EntryReader(this.#heads, (offset, length) =>
      payloads.read(this.#payloads[offset / HEAD_BYTES] as number, length),
    );
  }

  get isFull(): boolean {
    return this.#count === this.#payloads.length;
  }

  /** Gives the offset of the head in the block. */
  add(bytes: Buffer, at: number, payload: number): number {
    const offset = this.#count * HEAD_BYTES;
    this.#heads.set(bytes.subarray(at, at + HEAD_BYTES), offset);
    this.#payloads[this.#count++] = payload;
    return offset;
  }

  /** Fills the whole block at once; gives its bytes, or `undefined` where there are not as many. */
  fill(read: (into: Buffer) => number): Buffer | undefined {
    this.#count = this.#payloads.length;
    return read(this.#heads) === this.#heads.length ? this.#heads : undefined;
  }

  /** Says where the payloads of a filled block are, whose first entry begins at a position; gives where the last one ends. */
  placePayloads(first: number): number {
    let position = first;
    for (let head = 0; head < this.#count; head++) {
      position += HEAD_BYTES;
      this.#payloads[head] = position;
      position += this.#heads.readUInt32LE(head * HEAD_BYTES + OFFSET.payloadLength);
    }
    return position;
  }

  forEach(visit: (offset: number, reader: EntryReader) => void): void {
    for (let head = 0; head < this.#count; head++) visit(head * HEAD_BYTES, this.reader);
  }
}
