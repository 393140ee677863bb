import { createHash } from 'node:crypto';
import { MemoError } from '../errors/memo-error.ts';

/** What a bundle is called and holds. Fields may be added; the meaning of one never changes. */
export const BUNDLE_SCHEMA = 'memo.bundle/1' as const;

/** A bundle begins with this. */
export const BUNDLE_MAGIC: Uint8Array = Buffer.from('MEMO BUNDLE 1\n', 'latin1');

/** Length of the index (8 bytes), its SHA-256, and the last 8 bytes of every bundle. */
export const BUNDLE_TAIL_BYTES = 48;

const TAIL_MAGIC = Buffer.from('MEMO END', 'latin1');
const MOST_INDEX_BYTES = 2 ** 29;

/** A stretch of the file. */
export interface Stretch {
  readonly at: number;
  readonly length: number;
}

/** A stored value: in whose manager, at which address, and where in the file. */
export interface BundledValue extends Stretch {
  /** Key of its manager. */
  readonly io: string;
  readonly identifier: readonly string[];
}

/** A segment or a document of the records. */
export interface BundledRecord extends Stretch {
  readonly kind: 'segment' | 'document';
  readonly name: string;
  /** SHA-256 of its bytes. */
  readonly sha256: string;
}

/** What is in a bundle, and where. */
export interface BundleIndex {
  readonly schema: typeof BUNDLE_SCHEMA;
  readonly values: readonly BundledValue[];
  readonly records: readonly BundledRecord[];
}

/** The end of a bundle: its index, and what says that the index is whole. */
export function encodeIndex(index: BundleIndex): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(index), 'utf8');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([bytes, length, sha256(bytes), TAIL_MAGIC]);
}

/**
 * How many bytes the index has.
 *
 * @param tail the last {@link BUNDLE_TAIL_BYTES} bytes of the file
 * @throws MemoError M5003 for a file that does not end as a bundle does.
 */
export function indexLength(tail: Uint8Array, fileBytes: number, file: string): number {
  const bytes = Buffer.from(tail);
  const isEnd = bytes.length === BUNDLE_TAIL_BYTES && bytes.subarray(-TAIL_MAGIC.length).equals(TAIL_MAGIC);
  if (!isEnd) throw noBundle(file, 'it does not end as a bundle does');
  const length = Number(bytes.readBigUInt64LE(0));
  const most = Math.min(MOST_INDEX_BYTES, fileBytes - BUNDLE_MAGIC.length - BUNDLE_TAIL_BYTES);
  if (!(length > 0 && length <= most)) throw noBundle(file, `its index claims to have ${length} bytes`);
  return length;
}

/**
 * The index of a bundle, every field checked: nothing of it is used as a path, and no stretch lies outside of the contents.
 *
 * @throws MemoError M5003 for bytes that were changed, and for what no bundle says.
 */
export function decodeIndex(bytes: Uint8Array, tail: Uint8Array, file: string): BundleIndex {
  if (!sha256(bytes).equals(Buffer.from(tail).subarray(8, 40))) throw noBundle(file, 'its index was changed');
  const index = parsed(bytes, file) as Partial<BundleIndex>;
  if (index?.schema !== BUNDLE_SCHEMA) throw noBundle(file, `its index is not ${BUNDLE_SCHEMA}`);
  const { values, records } = index;
  const isWhole = Array.isArray(values) && Array.isArray(records) && values.every(isValue) && records.every(isRecord);
  if (!isWhole) throw noBundle(file, 'its index has a field that no bundle has');
  return { schema: BUNDLE_SCHEMA, values, records };
}

/**
 * @throws MemoError M5003 where a stretch is not between the beginning and the index, or overlaps another one: a small file could fill
 * the memory.
 */
export function checkStretches({ values, records }: BundleIndex, end: number, file: string): void {
  let free = BUNDLE_MAGIC.length;
  for (const { at, length } of [...values, ...records].sort((left, right) => left.at - right.at)) {
    if (at < BUNDLE_MAGIC.length || at + length > end) throw noBundle(file, 'its index points outside of it');
    if (length > 0 && at < free) throw noBundle(file, 'its index names a part of it twice');
    free = Math.max(free, at + length);
  }
}

/** The M5003 of a file that is no bundle, or no longer. */
export function noBundle(file: string, because: string): MemoError {
  return new MemoError('M5003', `${file} is no whole bundle.`, {
    because,
    fix: 'Export it again: memo cache export.',
    details: { path: file },
  });
}

/** SHA-256 of some bytes. */
export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function parsed(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw noBundle(file, 'its index is not JSON');
  }
}

function isValue(value: Partial<BundledValue> | null): value is BundledValue {
  const { io, identifier } = value ?? {};
  return isStretch(value) && typeof io === 'string' && Array.isArray(identifier) && identifier.every(isText);
}

function isRecord(record: Partial<BundledRecord> | null): record is BundledRecord {
  const { kind, name, sha256: digest } = record ?? {};
  const isKind = kind === 'segment' || kind === 'document';
  return isStretch(record) && isKind && isText(name) && /^[a-z0-9-]{1,100}$/.test(name) && isText(digest);
}

function isStretch(stretch: Partial<Stretch> | null): boolean {
  const { at, length } = stretch ?? {};
  return Number.isSafeInteger(at) && Number.isSafeInteger(length) && (length as number) >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
