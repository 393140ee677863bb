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

/** Where the fields of a head are. */
export const OFFSET = {
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
