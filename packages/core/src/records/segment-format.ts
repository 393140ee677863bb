import { crc32 } from 'node:zlib';

/**
 * A segment is a header and entries, appended by one writer. Each entry has a fixed head, which is all that planning reads, and
 * a JSON payload, which is read and checked only when somebody asks. A torn or damaged tail ends the segment; a damaged payload
 * loses its entry.
 *
 *     segment  "MEMOSEG" 0x01
 *     head     160 bytes, see the offsets below; the first field is the CRC-32 of the rest of the head
 *     payload  UTF-8 JSON
 */
export const SEGMENT_MAGIC: Uint8Array = new Uint8Array([0x4d, 0x45, 0x4d, 0x4f, 0x53, 0x45, 0x47, 0x01]);

export const HEAD_BYTES = 160;

const OFFSET = {
  headCrc: 0,
  payloadLength: 4,
  payloadCrc: 8,
  kind: 12,
  flags: 13,
  when: 16,
  duration: 24,
  key: 32,
  pub: 64,
  contentKey: 96,
  site: 128,
  run: 144,
} as const;

/**
 * What an entry is: a binding, the manifest of a code version, the mark that the writer will add no more, a set of step versions that
 * a run used, or of those whose values were pruned.
 */
export const ENTRY_KIND = { binding: 1, manifest: 2, end: 3, use: 4, pruned: 5 } as const;

/** Bits of an entry's flags. */
export const ENTRY_FLAG = { hasAbsentOutputs: 1, alias: 2, bless: 4, later: 8 } as const;

/** The fixed part of an entry. Keys are 64 hexadecimal digits, `site` and `run` 32. */
export interface EntryHead {
  readonly kind: number;
  readonly flags: number;
  readonly when: number;
  readonly duration: number;
  readonly key: string;
  readonly pub: string;
  readonly contentKey: string;
  /** Digest of job, step id and op, for finding the nearest earlier binding of a step. */
  readonly site: string;
  readonly run: string;
}

/** The bytes of one entry. */
export function encodeEntry(head: EntryHead, payload: string): Uint8Array {
  const length = Buffer.byteLength(payload);
  const bytes = Buffer.alloc(HEAD_BYTES + length);
  bytes.write(payload, HEAD_BYTES, 'utf8');
  bytes.writeUInt32LE(length, OFFSET.payloadLength);
  bytes.writeUInt32LE(crc32(bytes.subarray(HEAD_BYTES)), OFFSET.payloadCrc);
  bytes.writeUInt8(head.kind, OFFSET.kind);
  bytes.writeUInt8(head.flags, OFFSET.flags);
  bytes.writeDoubleLE(head.when, OFFSET.when);
  bytes.writeDoubleLE(head.duration, OFFSET.duration);
  bytes.write(head.key, OFFSET.key, 'hex');
  bytes.write(head.pub, OFFSET.pub, 'hex');
  bytes.write(head.contentKey, OFFSET.contentKey, 'hex');
  bytes.write(head.site, OFFSET.site, 'hex');
  bytes.write(head.run, OFFSET.run, 'hex');
  bytes.writeUInt32LE(crc32(bytes.subarray(OFFSET.payloadLength, HEAD_BYTES)), OFFSET.headCrc);
  return bytes;
}

/** The entry by which a writer says that it will add no more. */
export const END_OF_SEGMENT: Uint8Array = encodeEntry(
  {
    kind: ENTRY_KIND.end,
    flags: 0,
    when: 0,
    duration: 0,
    key: '0'.repeat(64),
    pub: '0'.repeat(64),
    contentKey: '0'.repeat(64),
    site: '0'.repeat(32),
    run: '0'.repeat(32),
  },
  '',
);

/** Reads entries of one segment in place. */
export class SegmentReader {
  readonly bytes: Buffer;
  /** Where the whole entries end; what follows is torn, or not written yet. */
  readonly end: number;

  constructor(bytes: Uint8Array, onEntry: (offset: number, reader: SegmentReader) => void) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = this.#scan(onEntry);
  }

  kind(offset: number): number {
    return this.bytes.readUInt8(offset + OFFSET.kind);
  }

  payloadLength(offset: number): number {
    return this.bytes.readUInt32LE(offset + OFFSET.payloadLength);
  }

  flags(offset: number): number {
    return this.bytes.readUInt8(offset + OFFSET.flags);
  }

  when(offset: number): number {
    return this.bytes.readDoubleLE(offset + OFFSET.when);
  }

  duration(offset: number): number {
    return this.bytes.readDoubleLE(offset + OFFSET.duration);
  }

  key(offset: number): string {
    return this.bytes.toString('hex', offset + OFFSET.key, offset + OFFSET.key + 32);
  }

  pub(offset: number): string {
    return this.bytes.toString('hex', offset + OFFSET.pub, offset + OFFSET.pub + 32);
  }

  site(offset: number): string {
    return this.bytes.toString('hex', offset + OFFSET.site, offset + OFFSET.site + 16);
  }

  run(offset: number): string {
    return this.bytes.toString('hex', offset + OFFSET.run, offset + OFFSET.run + 16);
  }

  /** The first 32 bits of the key, for hash tables. */
  keyPrefix(offset: number): number {
    return this.bytes.readUInt32LE(offset + OFFSET.key);
  }

  /** The first 32 bits of the site, for hash tables. */
  sitePrefix(offset: number): number {
    return this.bytes.readUInt32LE(offset + OFFSET.site);
  }

  /** The first 32 bits of the content key, for hash tables. */
  contentPrefix(offset: number): number {
    return this.bytes.readUInt32LE(offset + OFFSET.contentKey);
  }

  /** True when an entry has this content key, given as bytes. */
  hasContentKey(offset: number, key: Buffer): boolean {
    return this.bytes.compare(key, 0, 32, offset + OFFSET.contentKey, offset + OFFSET.contentKey + 32) === 0;
  }

  /** True when an entry has this key, given as bytes. */
  hasKey(offset: number, key: Buffer): boolean {
    return this.bytes.compare(key, 0, 32, offset + OFFSET.key, offset + OFFSET.key + 32) === 0;
  }

  /** True when an entry has this site, given as bytes. */
  hasSite(offset: number, site: Buffer): boolean {
    return this.bytes.compare(site, 0, 16, offset + OFFSET.site, offset + OFFSET.site + 16) === 0;
  }

  /** The first bytes of a payload as text, unchecked. */
  payloadStart(offset: number, most: number): string {
    const start = offset + HEAD_BYTES;
    return this.bytes.toString('utf8', start, start + Math.min(most, this.payloadLength(offset)));
  }

  /** The parsed payload, or `undefined` when its bytes are damaged. */
  payload(offset: number): unknown {
    const payload = this.bytes.subarray(offset + HEAD_BYTES, offset + HEAD_BYTES + this.payloadLength(offset));
    if (crc32(payload) !== this.bytes.readUInt32LE(offset + OFFSET.payloadCrc)) return undefined;
    try {
      return JSON.parse(payload.toString('utf8'));
    } catch {
      return undefined;
    }
  }

  #scan(onEntry: (offset: number, reader: SegmentReader) => void): number {
    const { bytes } = this;
    if (bytes.length < SEGMENT_MAGIC.length || bytes.compare(SEGMENT_MAGIC, 0, 8, 0, 8) !== 0) return 0;
    let offset = SEGMENT_MAGIC.length;
    while (offset + HEAD_BYTES <= bytes.length) {
      if (crc32(bytes.subarray(offset + OFFSET.payloadLength, offset + HEAD_BYTES)) !== bytes.readUInt32LE(offset))
        break;
      const next = offset + HEAD_BYTES + this.payloadLength(offset);
      if (next > bytes.length) break;
      onEntry(offset, this);
      offset = next;
    }
    return offset;
  }
}
