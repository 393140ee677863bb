import { crc32 } from 'node:zlib';
import type { OpenedSegment } from '../io/record-store.ts';
import { EMPTY_HEAD, encodeEntry } from './entry-buffer.ts';
import { type EntryReader, HeadBlock } from './entry-reader.ts';
import { isWholeHead } from './head-checksum.ts';
import { PayloadReader } from './payload-reader.ts';
import { ENTRY_KIND, HEAD_BYTES, OFFSET, SEGMENT_MAGIC } from './segment-format.ts';

/** Fewer heads are found by reading the segment as fast. */
const LEAST_HEADS = 64;

/**
 * Notes the heads of a segment while it is written, to repeat them at its end side by side: who opens it then reads a tenth of it, and one checksum
 * in place of one for each head.
 */
export class SegmentIndex {
  #heads: Buffer = Buffer.alloc(0);
  #length = 0;
  #end = SEGMENT_MAGIC.length;

  /** Takes in entries that are written behind those that were. */
  add(entries: Buffer): void {
    for (let at = 0; at < entries.length; at += HEAD_BYTES + entries.readUInt32LE(at + OFFSET.payloadLength)) {
      if (this.#length + HEAD_BYTES > this.#heads.length) this.#grow();
      this.#length += entries.copy(this.#heads, this.#length, at, at + HEAD_BYTES);
    }
    this.#end += entries.length;
  }

  /** The entries that end the segment; the last one says where the index is. */
  ending(): Buffer {
    const isWorthIt = this.#length >= LEAST_HEADS * HEAD_BYTES;
    const end = encodeEntry({ ...EMPTY_HEAD, kind: ENTRY_KIND.end, duration: isWorthIt ? this.#end : 0 }, '');
    if (!isWorthIt) return end;
    const index = encodeEntry({ ...EMPTY_HEAD, kind: ENTRY_KIND.index }, this.#heads.subarray(0, this.#length));
    return Buffer.concat([index, end]);
  }

  #grow(): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(LEAST_HEADS * HEAD_BYTES, this.#heads.length * 2));
    this.#heads.copy(grown, 0, 0, this.#length);
    this.#heads = grown;
  }
}

/**
 * Reads the heads of an ended segment from its index. False, and nothing was said of any head, where there is none that is whole and about just
 * these entries: then the segment has to be read through.
 */
export function readIndex(segment: OpenedSegment, onEntry: (offset: number, reader: EntryReader) => void): boolean {
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
  for (const block of blocks) block.forEach(onEntry);
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
  return isWholeHead(head, 0) && head.readUInt8(OFFSET.kind) === kind ? head : undefined;
}
