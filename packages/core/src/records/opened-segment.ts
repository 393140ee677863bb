import type { OpenedSegment } from '../io/record-store.ts';
import { EntryReader } from './entry-reader.ts';
import { isWholeHead } from './head-checksum.ts';
import { PayloadReader } from './payload-reader.ts';
import { HEAD_BYTES, OFFSET, SEGMENT_MAGIC } from './segment-format.ts';
import { beginsSegment } from './segment-reader.ts';

const WINDOW_BYTES = 256 * 1024;
/** Heads are kept in blocks of so many, so that none of them is copied when more come. */
const BLOCK_HEADS = 4_096;

/**
 * Reads the heads of a segment into memory and leaves its payloads where they are. Gives where the whole entries end; what follows is
 * torn, or not written yet.
 *
 * @param from where the first entry to be read begins; 0 for a segment that is read for the first time
 */
export function readHeads(
  segment: OpenedSegment,
  from: number,
  onEntry: (offset: number, reader: EntryReader) => void,
): number {
  const window = new Window(segment);
  const payloads = new PayloadReader(segment);
  if (from === 0 && !beginsSegment(window.read(0, SEGMENT_MAGIC.length))) return 0;
  let position = Math.max(from, SEGMENT_MAGIC.length);
  let block = new HeadBlock(payloads, (segment.bytes - position) / HEAD_BYTES);
  for (;;) {
    const at = window.offsetOf(position, HEAD_BYTES);
    if (at === undefined || !isWholeHead(window.bytes, at)) return position;
    const next = position + HEAD_BYTES + window.bytes.readUInt32LE(at + OFFSET.payloadLength);
    if (next > segment.bytes) return position;
    if (block.isFull) block = new HeadBlock(payloads, (segment.bytes - position) / HEAD_BYTES);
    onEntry(block.add(window.bytes, at, position + HEAD_BYTES), block.reader);
    position = next;
  }
}

/** A part of a segment in memory, moved along as the segment is read. */
class Window {
  readonly bytes: Buffer;
  readonly #segment: OpenedSegment;
  #start = 0;
  #end = 0;

  constructor(segment: OpenedSegment) {
    this.#segment = segment;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(HEAD_BYTES, Math.min(WINDOW_BYTES, segment.bytes)));
  }

  /** Where a part of the segment lies in `bytes`; `undefined` where the segment ends before it does. */
  offsetOf(position: number, length: number): number | undefined {
    if (position < this.#start || position + length > this.#end) {
      this.#start = position;
      this.#end = position + this.#segment.read(this.bytes, position);
    }
    return position + length <= this.#end ? position - this.#start : undefined;
  }

  read(position: number, length: number): Buffer {
    const at = this.offsetOf(position, length);
    return at === undefined ? this.bytes.subarray(0, 0) : this.bytes.subarray(at, at + length);
  }
}

/** Some heads, side by side, and where their payloads are. */
class HeadBlock {
  readonly reader: EntryReader;
  readonly #heads: Buffer;
  readonly #payloads: Float64Array;
  #count = 0;

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
}
