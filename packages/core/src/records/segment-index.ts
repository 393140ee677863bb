import { crc32 } from 'node:zlib';
import { EMPTY_HEAD, encodeEntry, encodeHead } from './entry-buffer.ts';
import { ENTRY_KIND, HEAD_BYTES, OFFSET, SEGMENT_MAGIC } from './segment-format.ts';

/** Fewer heads are found by reading the segment as fast. */
const LEAST_HEADS = 64;
const MOST_HEADS = 4_096;

/**
 * Notes the heads of a segment while it is written, to repeat them at its end side by side: who opens it then reads a tenth of it, and one checksum
 * in place of one for each head.
 */
export class SegmentIndex {
  /** Pieces that are full of heads: one piece that grows would be copied again and again. */
  readonly #full: Buffer[] = [];
  #heads: Buffer = Buffer.alloc(0);
  #length = 0;
  #end = SEGMENT_MAGIC.length;

  /** Takes in entries that are written behind those that were. */
  add(entries: Buffer): void {
    for (let at = 0; at < entries.length; at += HEAD_BYTES + entries.readUInt32LE(at + OFFSET.payloadLength)) {
      if (this.#length === this.#heads.length) this.#grow();
      this.#length += entries.copy(this.#heads, this.#length, at, at + HEAD_BYTES);
    }
    this.#end += entries.length;
  }

  /** The entries that end the segment, in pieces; the last one says where the index is. */
  ending(): readonly Buffer[] {
    const heads = [...this.#full, this.#heads.subarray(0, this.#length)];
    const length = heads.reduce((sum, piece) => sum + piece.length, 0);
    const isWorthIt = length >= LEAST_HEADS * HEAD_BYTES;
    const end = encodeEntry({ ...EMPTY_HEAD, kind: ENTRY_KIND.end, duration: isWorthIt ? this.#end : 0 }, '');
    if (!isWorthIt) return [end];
    const checksum = heads.reduce((crc, piece) => crc32(piece, crc), 0);
    return [encodeHead({ ...EMPTY_HEAD, kind: ENTRY_KIND.index }, { length, checksum }), ...heads, end];
  }

  #grow(): void {
    if (this.#length > 0) this.#full.push(this.#heads);
    const heads = Math.min(MOST_HEADS, Math.max(LEAST_HEADS, (this.#length / HEAD_BYTES) * 2));
    this.#heads = Buffer.allocUnsafeSlow(heads * HEAD_BYTES);
    this.#length = 0;
  }
}
