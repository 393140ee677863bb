import type { Digest } from './digest.ts';
import { jsonProperty, parseJson } from './json-form.ts';
import { ALL_EXPORTS, type KeptLeaf, type KeptProgram, type KeptRows } from './kept-program.ts';
import { digestOfSkeleton, type Skeleton } from './slice/skeleton.ts';
import { isListOf, isText } from './stored-facts.ts';

/** A unit by where it was: its file, and its place among the units of that (or, less than zero, among its ops). */
export interface UnitPlace {
  readonly file: string;
  readonly unit: number;
}

const DIGEST_BYTES = 32;

/** A slice, its parts as rows. */
export interface ArchivedSlice {
  /** In the order in which they were found. */
  readonly parts: Int32Array;
  readonly skeleton: Skeleton;
}

/** Slices of a program as bytes, without the contents of their parts. */
export interface Archived {
  readonly program: KeptProgram;
  readonly slices: readonly ArchivedSlice[];
  /** Rows that stand in the order of their contents. */
  readonly sorted: Iterable<number>;
}

/** The bytes that {@link SliceArchive} reads: two texts with their lengths before them, and columns. */
export function archiveSlices({ program, slices, sorted }: Archived): Buffer {
  const { files, leaves, facts, roots, rows } = program;
  const head: Header = {
    files: files.map(({ path }) => path),
    leaves,
    sorted: [...sorted],
    sizes: [rows.files.length, rows.links.length],
    index: slices.map(({ parts, skeleton }) => [parts.length, skeleton.length]),
  };
  const texts = [head, { files, facts, roots }].map((part) => padded(Buffer.from(JSON.stringify(part))));
  const sizes = Uint32Array.from(texts, ({ length }) => length);
  const columns = [rows.files, rows.units, rows.traits, rows.starts, rows.links];
  const lists = slices.map(({ parts }) => parts);
  return Buffer.concat([
    ...[sizes].map(bytesOf),
    ...texts,
    ...[...columns, ...lists].map(bytesOf),
    ...slices.map(({ skeleton }) => skeleton),
  ]);
}

/** Lists of numbers that are to be read where they lie begin at a multiple of their size. */
function padded(text: Buffer): Uint8Array {
  return Buffer.concat([text, Buffer.alloc(-text.length & 3, ' ')]);
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The slices of {@link archiveSlices} again. */
export class SliceArchive {
  readonly rows: KeptRows;
  readonly slices: readonly ArchivedSlice[];
  readonly #head: Header;
  readonly #sorted: ReadonlySet<number>;
  readonly #program: Uint8Array;

  private constructor(head: Header, { rows, slices, program }: Body) {
    this.rows = rows;
    this.slices = slices;
    this.#head = head;
    this.#sorted = new Set(head.sorted);
    this.#program = program;
  }

  /** `undefined` for bytes that are no archive. */
  static from(bytes: Buffer): SliceArchive | undefined {
    if (bytes.length < SIZES) return undefined;
    const [head, rest] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
    const header = headerFrom(parseJson(bytes.subarray(SIZES, SIZES + head))?.value);
    const body = header && bodyIn(bytes, SIZES + head, { rest, header });
    return body && new SliceArchive(header, body);
  }

  /** How many slices there are. */
  get size(): number {
    return this.slices.length;
  }

  get sorted(): ReadonlySet<number> {
    return this.#sorted;
  }

  /** The program that the slices are of. It was written with the archive, by whom this process trusts. */
  program(): KeptProgram {
    const rest = parseJson(this.#program)?.value as Pick<KeptProgram, 'files' | 'facts' | 'roots'>;
    return { ...rest, leaves: this.#head.leaves, rows: this.rows };
  }

  /** The parts of some units, by their numbers. */
  unitsIn(files: ReadonlySet<string>): ReadonlyMap<number, UnitPlace> {
    const meant = new Set(this.#head.files.flatMap((path, number) => (files.has(path) ? [number] : [])));
    const found = new Map<number, UnitPlace>();
    for (const [part, number] of this.rows.files.entries()) {
      const unit = this.rows.units[part] ?? ALL_EXPORTS;
      const file = meant.has(number) ? this.#head.files[number] : undefined;
      if (file !== undefined && unit !== ALL_EXPORTS) found.set(part, { file, unit });
    }
    return found;
  }

  /** The parts that are leaves of a file, by their numbers. */
  leavesOf(file: string): readonly (readonly [part: number, KeptLeaf])[] {
    const { files, units } = this.rows;
    const number = this.#head.files.indexOf(file);
    const found: (readonly [number, KeptLeaf])[] = [];
    for (const [part, of] of files.entries()) {
      const leaf = of === -1 ? this.#head.leaves[units[part] ?? -1] : undefined;
      if (leaf !== undefined && number !== -1 && leaf.file === number) found.push([part, leaf]);
    }
    return found;
  }

  /** True for parts whose content decides where they stand in a slice. */
  isSorted(part: number): boolean {
    return this.#sorted.has(part);
  }

  /** The places of the slices that have one of some parts. */
  slicesWith(parts: ReadonlySet<number>): readonly number[] {
    const isMeant = new Uint8Array(this.rows.files.length);
    for (const part of parts) isMeant[part] = 1;
    return this.slices.flatMap(({ parts: list }, at) => (hasAny(list, isMeant) ? [at] : []));
  }

  /** The digest of a slice under some contents of its parts; `undefined` when there is none at that place. */
  digestOf(at: number, contents: Buffer): Digest | undefined {
    const slice = this.slices[at];
    return slice && digestOfSkeleton(slice.skeleton, contentsOf(slice.parts, contents));
  }
}

/** A loop, because a process that looks for one edit goes through all lists once, before the engine has made anything fast. */
function hasAny(list: Int32Array, isMeant: Uint8Array): boolean {
  for (let at = 0; at < list.length; at += 1) if (isMeant[list[at] ?? 0] === 1) return true;
  return false;
}

/** Bytes of the lengths of both texts. */
const SIZES = 8;

interface Body {
  readonly rows: KeptRows;
  readonly slices: readonly ArchivedSlice[];
  readonly program: Uint8Array;
}

/** What lies from `start` on; `undefined` where that is not all. */
function bodyIn(
  bytes: Buffer,
  start: number,
  { rest, header }: { readonly rest: number; readonly header: Header },
): Body | undefined {
  const [rows, links] = header.sizes;
  const parts = header.index.reduce((sum, [count]) => sum + count, 0);
  const columns = start + rest;
  const count = 4 * rows + links + parts;
  const end = columns + 4 * count;
  if (end > bytes.length || start % 4 !== 0 || rest % 4 !== 0) return undefined;
  const numbers = numbersIn(bytes, columns, count);
  let [at, skeleton] = [0, end];
  const next = (length: number): Int32Array => {
    at += length;
    return numbers.subarray(at - length, at);
  };
  const [files, units, traits, starts] = [next(rows), next(rows), next(rows), next(rows)] as const;
  const program = { files, units, traits, starts, links: next(links) };
  const slices = header.index.map(([length, size]) => {
    skeleton += size;
    return { parts: next(length), skeleton: bytes.subarray(skeleton - size, skeleton) };
  });
  return { rows: program, slices, program: bytes.subarray(start, columns) };
}

function numbersIn(bytes: Buffer, start: number, count: number): Int32Array {
  const isAligned = (bytes.byteOffset + start) % 4 === 0;
  return isAligned
    ? new Int32Array(bytes.buffer, bytes.byteOffset + start, count)
    : new Int32Array(Uint8Array.from(bytes.subarray(start, start + 4 * count)).buffer);
}

function* contentsOf(parts: Iterable<number>, contents: Buffer): Generator<Uint8Array, undefined> {
  for (const part of parts) yield contents.subarray(part * DIGEST_BYTES, (part + 1) * DIGEST_BYTES);
}

interface Header {
  readonly files: readonly string[];
  readonly leaves: readonly KeptLeaf[];
  readonly sorted: readonly number[];
  /** How many rows there are, and how many numbers their links are. */
  readonly sizes: readonly [rows: number, links: number];
  /** Of each slice how many parts it has, and the length of its skeleton. */
  readonly index: readonly (readonly [parts: number, skeleton: number])[];
}

function headerFrom(value: unknown): Header | undefined {
  const [files, leaves, sorted, sizes, index] = ['files', 'leaves', 'sorted', 'sizes', 'index'].map((part) =>
    jsonProperty(value, part),
  );
  const areLists = isListOf(files, isText) && isListOf(leaves, isLeaf) && isListOf(sorted, isNumber);
  return areLists && isSizes(sizes) && isListOf(index, isSizes) ? { files, leaves, sorted, sizes, index } : undefined;
}

function isLeaf(value: unknown): value is KeptLeaf {
  return (
    isText(jsonProperty(value, 'token')) &&
    isText(jsonProperty(value, 'whole')) &&
    isNumber(jsonProperty(value, 'file')) &&
    isListOf(jsonProperty(value, 'members'), isMember)
  );
}

function isSizes(value: unknown): value is readonly [number, number] {
  return isListOf(value, isNumber) && value.length === 2 && value.every((size) => size >= 0);
}

function isMember(value: unknown): value is string | null {
  return value === null || isText(value);
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
