/**
 * A segment is a header and entries, appended by one writer. Each entry has a fixed head, which is all that planning reads, and
 * a JSON payload, which is read and checked only when somebody asks. A torn or damaged tail ends the segment; a damaged payload
 * loses its entry.
 *
 *     segment  "MEMOSEG" 0x01
 *     head     160 bytes, see the offsets below; the first field is the CRC-32 of the rest of the head
 *     payload  UTF-8 JSON; of an index the heads of all entries before it
 *
 * A segment that was ended has an index behind its last entry, unless it is small; the entry that ends it says where, in `duration`.
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
 * a run used, or of those whose values were pruned, and the heads of all entries before it, side by side.
 */
export const ENTRY_KIND = { binding: 1, manifest: 2, end: 3, use: 4, pruned: 5, index: 6 } as const;

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
