import { MARK_BYTES, MarkSet } from './mark-set.ts';

/** Marks of keys, as the two formats make them. */
export class KeyMarks {
  /** By the version that the key ends with. */
  readonly byVersion: MarkSet = new MarkSet();
  /** By a digest of the whole key: from objects of the first format. */
  readonly byKey: MarkSet = new MarkSet();

  addAll({ byVersion, byKey }: StoredMarks): void {
    this.byVersion.addAll(byVersion);
    this.byKey.addAll(byKey);
  }

  bytes(): StoredMarks {
    return { byVersion: this.byVersion.bytes(), byKey: this.byKey.bytes() };
  }
}

/** The same, one mark behind the other. */
export interface StoredMarks {
  readonly byVersion: Uint8Array;
  readonly byKey: Uint8Array;
}

/** What an object of the presence index says. */
export interface IndexContent {
  readonly stored: StoredMarks;
  readonly deleted: StoredMarks;
}

/** The id of the format in which an index is written. */
export const INDEX_CODEC = 'presence-index/2';

/**
 * How many keys of three kinds there are (4 bytes each): stored by version, stored by key, deleted by version. Then their marks, in that order, and
 * those of keys that were deleted, by key.
 */
export function encodeIndex({ stored, deleted }: IndexContent): Buffer {
  const kinds = [stored.byVersion, stored.byKey, deleted.byVersion];
  const counts = Buffer.alloc(4 * kinds.length);
  for (const [at, { length }] of kinds.entries()) counts.writeUInt32LE(length / MARK_BYTES, 4 * at);
  return Buffer.concat([counts, ...kinds, deleted.byKey]);
}

/**
 * Reads what any release has written; `undefined` for what none has.
 *
 *     presence-index/1   the number of stored keys, their marks, and those of deleted ones: all by key
 *     presence-index/2   see {@link encodeIndex}
 */
export function decodeIndex(codec: string, payload: Uint8Array): IndexContent | undefined {
  const kinds = KINDS[codec];
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (kinds === undefined || bytes.length < 4 * kinds || (bytes.length - 4 * kinds) % MARK_BYTES !== 0)
    return undefined;
  const parts: Uint8Array[] = [];
  let at = 4 * kinds;
  for (let kind = 0; kind < kinds; kind++) {
    const end = at + bytes.readUInt32LE(4 * kind) * MARK_BYTES;
    if (end > bytes.length) return undefined;
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  parts.push(bytes.subarray(at));
  const [first = NOTHING, second = NOTHING, third = NOTHING, fourth = NOTHING] = parts;
  return kinds === 1
    ? { stored: { byVersion: NOTHING, byKey: first }, deleted: { byVersion: NOTHING, byKey: second } }
    : { stored: { byVersion: first, byKey: second }, deleted: { byVersion: third, byKey: fourth } };
}

/** How many counts each format begins with. */
const KINDS: Readonly<Record<string, number | undefined>> = { 'presence-index/1': 1, [INDEX_CODEC]: 3 };
const NOTHING: Uint8Array = new Uint8Array(0);
