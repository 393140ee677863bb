import { crc32 } from 'node:zlib';
import type { OpenedSegment } from '../io/record-store.ts';
import { type EntryReader, HeadBlock } from './entry-reader.ts';
import { isWholeHead } from './head-checksum.ts';
import { PayloadReader } from './payload-reader.ts';
import { ENTRY_KIND, HEAD_BYTES, OFFSET, SEGMENT_MAGIC } from './segment-format.ts';
import { beginsSegment, SegmentReader } from './segment-reader.ts';

const WINDOW_BYTES = 256 * 1024;

/** Who reads heads. */
export interface HeadVisitor {
  /** Called before the heads where it is known how many they are. */
  expect(count: number): void;
  /** Called with some heads that lie side by side from the beginning of what a reader reads. */
  visit(reader: EntryReader, count: number): void;
}

/**
 * Reads the heads of a segment into memory and leaves its payloads where they are. Gives where the whole entries end; what follows is
 * torn, or not written yet.
 *
 * @param from where the first entry to be read begins; 0 for a segment that is read for the first time
 */
export function readHeads(segment: OpenedSegment, from: number, visitor: HeadVisitor): number {
  if (from === 0 && !beginsAsSegment(segment)) return 0;
  if (from === 0 && readIndex(segment, visitor)) return segment.bytes;
  const window = new Window(segment);
  const payloads = new PayloadReader(segment);
  let position = Math.max(from, SEGMENT_MAGIC.length);
  let block = new HeadBlock(payloads, (segment.bytes - position) / HEAD_BYTES);
  for (;;) {
    const at = window.offsetOf(position, HEAD_BYTES);
    if (at === undefined || !isWholeHead(window.view, at)) break;
    const next = position + HEAD_BYTES + window.view.getUint32(at + OFFSET.payloadLength, true);
    if (next > segment.bytes) break;
    if (block.isFull) {
      block.visit(visitor);
      block = new HeadBlock(payloads, (segment.bytes - position) / HEAD_BYTES);
    }
    block.add(window.bytes, at, position + HEAD_BYTES);
    position = next;
  }
  block.visit(visitor);
  return position;
}

/**
 * The same of a segment that is in memory, wherever in it a head lies: what is kept of a head is a copy beside the others, which is found as fast
 * in a large segment as in a small one. Its payloads stay in the segment.
 */
export function copyHeads(bytes: Uint8Array, visitor: HeadVisitor): number {
  const positions: number[] = [];
  const segment = new SegmentReader(bytes, (offset) => positions.push(offset));
  const payloads = {
    read: (position: number, length: number) => segment.bytes.subarray(position, position + length),
  };
  visitor.expect(positions.length);
  let block = new HeadBlock(payloads, positions.length);
  for (const [at, position] of positions.entries()) {
    if (block.isFull) {
      block.visit(visitor);
      block = new HeadBlock(payloads, positions.length - at);
    }
    block.add(segment.bytes, position, position + HEAD_BYTES);
  }
  block.visit(visitor);
  return segment.end;
}

function beginsAsSegment(segment: OpenedSegment): boolean {
  const magic = Buffer.alloc(SEGMENT_MAGIC.length);
  return segment.read(magic, 0) === magic.length && beginsSegment(magic);
}

/**
 * Reads the heads of an ended segment from its index. False, and nothing was said of any head, where there is none that is whole and about just
 * these entries: then the segment has to be read through.
 */
function readIndex(segment: OpenedSegment, visitor: HeadVisitor): boolean {
  const index = placeOfIndex(segment);
  if (index === undefined) return false;
  const payloads = new PayloadReader(segment);
  const blocks: HeadBlock[] = [];
  let position = SEGMENT_MAGIC.length;
  let checksum = 0;
  for (let at = index.from; at < index.to; ) {
    const block = new HeadBlock(payloads, (index.to - at) / HEAD_BYTES);
    const bytes = block.fill((into) => segment.read(into, at));
    if (bytes === undefined) return false;
    checksum = crc32(bytes, checksum);
    position = block.placePayloads(position);
    blocks.push(block);
    at += bytes.length;
  }
  if (checksum !== index.checksum || position !== index.begin) return false;
  visitor.expect((index.to - index.from) / HEAD_BYTES);
  for (const block of blocks) block.visit(visitor);
  return true;
}

interface IndexPlace {
  /** Where its entry begins: what it is about ends there. */
  readonly begin: number;
  readonly from: number;
  readonly to: number;
  readonly checksum: number;
}

function placeOfIndex(segment: OpenedSegment): IndexPlace | undefined {
  const end = headAt(segment, segment.bytes - HEAD_BYTES, ENTRY_KIND.end);
  const begin = end?.readDoubleLE(OFFSET.duration) ?? 0;
  const head = Number.isSafeInteger(begin) && begin > 0 ? headAt(segment, begin, ENTRY_KIND.index) : undefined;
  if (head === undefined) return undefined;
  const from = begin + HEAD_BYTES;
  const length = head.readUInt32LE(OFFSET.payloadLength);
  const isLast = from + length === segment.bytes - HEAD_BYTES;
  if (!isLast || length % HEAD_BYTES !== 0) return undefined;
  return { begin, from, to: from + length, checksum: head.readUInt32LE(OFFSET.payloadCrc) };
}

function headAt(segment: OpenedSegment, position: number, kind: number): Buffer | undefined {
  const head = Buffer.alloc(HEAD_BYTES);
  if (position < SEGMENT_MAGIC.length || segment.read(head, position) !== HEAD_BYTES) return undefined;
  const isWhole = isWholeHead(new DataView(head.buffer, head.byteOffset, HEAD_BYTES), 0);
  return isWhole && head.readUInt8(OFFSET.kind) === kind ? head : undefined;
}

/** A part of a segment in memory, moved along as the segment is read. */
class Window {
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly #segment: OpenedSegment;
  #start = 0;
  #end = 0;

  constructor(segment: OpenedSegment) {
    this.#segment = segment;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(HEAD_BYTES, Math.min(WINDOW_BYTES, segment.bytes)));
    this.view = new DataView(this.bytes.buffer);
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
