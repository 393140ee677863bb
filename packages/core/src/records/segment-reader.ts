import { EntryReader } from './entry-reader.ts';
import { isWholeHead } from './head-checksum.ts';
import { HEAD_BYTES, OFFSET, SEGMENT_MAGIC } from './segment-format.ts';

/** Reads entries of one segment that is in memory, in place. */
export class SegmentReader extends EntryReader {
  /** Where the whole entries end; what follows is torn, or not written yet. */
  readonly end: number;

  constructor(segment: Uint8Array, onEntry: (offset: number, reader: SegmentReader) => void) {
    const bytes = Buffer.from(segment.buffer, segment.byteOffset, segment.byteLength);
    super(bytes, (offset, most) => bytes.subarray(offset + HEAD_BYTES, offset + HEAD_BYTES + most));
    this.end = this.#scan(onEntry);
  }

  #scan(onEntry: (offset: number, reader: SegmentReader) => void): number {
    const { bytes, view } = this;
    if (!beginsSegment(bytes)) return 0;
    let offset = SEGMENT_MAGIC.length;
    while (offset + HEAD_BYTES <= bytes.length && isWholeHead(view, offset)) {
      const next = offset + HEAD_BYTES + view.getUint32(offset + OFFSET.payloadLength, true);
      if (next > bytes.length) break;
      onEntry(offset, this);
      offset = next;
    }
    return offset;
  }
}

/** True for bytes that begin as every segment does. */
export function beginsSegment(bytes: Buffer): boolean {
  return bytes.length >= SEGMENT_MAGIC.length && bytes.compare(SEGMENT_MAGIC, 0, 8, 0, 8) === 0;
}
