import type { OpenedSegment } from '../io/record-store.ts';

const AHEAD_BYTES = 256 * 1024;

/** Reads parts of a segment: those that somebody asks for, and, when they follow each other, what comes next. */
export class PayloadReader {
  readonly #segment: OpenedSegment;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  constructor(segment: OpenedSegment) {
    this.#segment = segment;
  }

  /** Bytes that hold until the next call; fewer than asked for where the segment has no more. */
  read(position: number, length: number): Buffer {
    if (position < this.#start || position + length > this.#end) this.#fill(position, length);
    const at = position - this.#start;
    return this.#bytes.subarray(at, Math.min(at + length, this.#end - this.#start));
  }

  #fill(position: number, length: number): void {
    const follows = position >= this.#end && position < this.#end + AHEAD_BYTES && this.#end > 0;
    const wanted = follows ? Math.max(length, AHEAD_BYTES) : length;
    if (this.#bytes.length < wanted) this.#bytes = Buffer.allocUnsafeSlow(wanted);
    this.#start = position;
    this.#end = position + this.#segment.read(this.#bytes.subarray(0, wanted), position);
  }
}
