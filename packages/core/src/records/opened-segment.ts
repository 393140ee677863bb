import type { OpenedSegment } from '../io/record-store.ts';
import { type EntryReader, HeadBlock } from './entry-reader.ts';
import { isWholeHead } from './head-checksum.ts';
import { PayloadReader } from './payload-reader.ts';
import { HEAD_BYTES, OFFSET, SEGMENT_MAGIC } from './segment-format.ts';
import { readIndex } from './segment-index.ts';
import { beginsSegment } from './segment-reader.ts';

const WINDOW_BYTES = 256 * 1024;

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
  if (from === 0 && !beginsAsSegment(segment)) return 0;
  if (from === 0 && readIndex(segment, onEntry)) return segment.bytes;
  const window = new Window(segment);
  const payloads = new PayloadReader(segment);
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

function beginsAsSegment(segment: OpenedSegment): boolean {
  const magic = Buffer.alloc(SEGMENT_MAGIC.length);
  return segment.read(magic, 0) === magic.length && beginsSegment(magic);
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
}
