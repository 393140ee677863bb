import type { Digest } from './digest.ts';
import { jsonProperty, parseJson } from './json-form.ts';
import type { Part } from './slice/linker.ts';
import { digestOfSkeleton, type Skeleton } from './slice/skeleton.ts';
import type { Slice } from './slice/slice.ts';
import { isListOf, isText } from './stored-facts.ts';

/** A unit by where it was: its file, and its place among the units of that (or, less than zero, among its ops). */
export interface UnitPlace {
  readonly file: string;
  readonly unit: number;
}

/** A leaf by the file that it is of, and the members of a JSON file that it stands for: `null` for the whole value. None for other files. */
export interface LeafPlace {
  readonly file: string;
  readonly members: readonly (string | null)[];
}

const DIGEST_BYTES = 32;

/** Slices as bytes, without the contents of their parts; and these, one digest after the other. */
export interface ArchivedSlices {
  readonly archive: Buffer;
  readonly contents: Buffer;
}

/** Slices in their order; `undefined` when one cannot be archived. */
export function archiveSlices(
  slices: readonly Slice[],
  digestOf: (part: Part) => Uint8Array,
): ArchivedSlices | undefined {
  const numbers = new Map<Part, number>();
  const lists: Uint8Array[] = [];
  const skeletons: Uint8Array[] = [];
  const index: (readonly [number, number])[] = [];
  const sorted = new Set<number>();
  for (const { parts, skeleton, sorted: byContent } of slices) {
    if (skeleton === undefined) return undefined;
    const list = new Int32Array(parts.length);
    for (const [at, part] of parts.entries()) list[at] = numberIn(numbers, part);
    for (const part of byContent) sorted.add(numberIn(numbers, part));
    index.push([list.length, skeleton.length]);
    lists.push(new Uint8Array(list.buffer));
    skeletons.push(skeleton);
  }
  const files = new Map<string, number>();
  const places = [...numbers.keys()].map((part) => placeOf(part, files));
  const leaves = [...numbers].flatMap(([part, number]) => leafPlace(part, number));
  const header = Buffer.from(
    JSON.stringify({ files: [...files.keys()], places: places.flat(), leaves, sorted: [...sorted], index }),
  );
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  return {
    archive: Buffer.concat([size, header, padding(header.length), ...lists, ...skeletons]),
    contents: Buffer.concat([...numbers.keys()].map(digestOf)),
  };
}

/** Lists of numbers that are to be read where they lie begin at a multiple of their size. */
function padding(length: number): Uint8Array {
  return new Uint8Array(-length & 3);
}

function numberIn<K>(numbers: Map<K, number>, key: K): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const number = numbers.size;
  numbers.set(key, number);
  return number;
}

/** The number of the file, -1 for none, and the place of the unit in it. */
function placeOf(part: Part, files: Map<string, number>): readonly [file: number, unit: number] {
  if (part.kind !== 'unit') return [-1, 0];
  const parts = part.file.facts?.units;
  const at = parts?.units.indexOf(part.unit) ?? -1;
  const unit = at === -1 ? -1 - (parts?.ops.findIndex((op) => op === part.unit) ?? -1) : at;
  return [numberIn(files, part.file.path), unit];
}

function leafPlace(part: Part, number: number): readonly (readonly [number, LeafPlace])[] {
  if (part.kind !== 'leaf' || part.file === undefined) return [];
  const members = [...(part.members ?? [])].map((member) => member ?? null);
  return [[number, { file: part.file.path, members }]];
}

/** The slices of {@link archiveSlices} again. */
export class SliceArchive {
  readonly #files: readonly string[];
  readonly #places: readonly number[];
  readonly #leaves: Header['leaves'];
  readonly #sorted: ReadonlySet<number>;
  readonly #slices: readonly ArchivedSlice[];

  private constructor(header: Header, slices: readonly ArchivedSlice[]) {
    this.#files = header.files;
    this.#places = header.places;
    this.#leaves = header.leaves;
    this.#sorted = new Set(header.sorted);
    this.#slices = slices;
  }

  /** `undefined` for bytes that are no archive. */
  static from(bytes: Buffer): SliceArchive | undefined {
    if (bytes.length < 4) return undefined;
    const length = bytes.readUInt32LE(0);
    const header = headerFrom(parseJson(bytes.subarray(4, 4 + length))?.value);
    const slices = header && slicesIn(bytes, 4 + length + padding(length).length, header.index);
    return slices && new SliceArchive(header, slices);
  }

  /** How many slices there are. */
  get size(): number {
    return this.#slices.length;
  }

  /** The parts of some units, by their numbers. */
  unitsIn(files: ReadonlySet<string>): ReadonlyMap<number, UnitPlace> {
    const found = new Map<number, UnitPlace>();
    for (let part = 0; 2 * part < this.#places.length; part += 1) {
      const file = this.#files[this.#places[2 * part] ?? -1];
      if (file !== undefined && files.has(file)) found.set(part, { file, unit: this.#places[2 * part + 1] ?? 0 });
    }
    return found;
  }

  /** The parts that are leaves of a file, by their numbers. */
  leavesOf(file: string): readonly (readonly [part: number, LeafPlace])[] {
    return this.#leaves.filter(([, leaf]) => leaf.file === file);
  }

  /** True for parts whose content decides where they stand in a slice. */
  isSorted(part: number): boolean {
    return this.#sorted.has(part);
  }

  /** The places of the slices that have one of some parts. */
  slicesWith(parts: ReadonlySet<number>): readonly number[] {
    const isMeant = new Uint8Array(this.#places.length / 2);
    for (const part of parts) isMeant[part] = 1;
    return this.#slices.flatMap(({ parts: list }, at) => (hasAny(list, isMeant) ? [at] : []));
  }

  /** The digest of a slice under some contents of its parts; `undefined` when there is none at that place. */
  digestOf(at: number, contents: Buffer): Digest | undefined {
    const slice = this.#slices[at];
    return slice && digestOfSkeleton(slice.skeleton, contentsOf(slice.parts, contents));
  }
}

/** A loop, because a process that looks for one edit goes through all lists once, before the engine has made anything fast. */
function hasAny(list: Int32Array, isMeant: Uint8Array): boolean {
  for (let at = 0; at < list.length; at += 1) if (isMeant[list[at] ?? 0] === 1) return true;
  return false;
}

interface ArchivedSlice {
  /** The numbers of its parts, in their order. */
  readonly parts: Int32Array;
  readonly skeleton: Skeleton;
}

/** The slices that lie from `start` on, all lists of parts first; `undefined` where these are not all. */
function slicesIn(bytes: Buffer, start: number, index: Header['index']): readonly ArchivedSlice[] | undefined {
  const count = index.reduce((sum, [parts]) => sum + parts, 0);
  let end = start + 4 * count;
  if (end > bytes.length) return undefined;
  const isAligned = (bytes.byteOffset + start) % 4 === 0;
  const lists = isAligned
    ? new Int32Array(bytes.buffer, bytes.byteOffset + start, count)
    : new Int32Array(Uint8Array.from(bytes.subarray(start, end)).buffer);
  let at = 0;
  return index.map(([parts, length]) => {
    at += parts;
    end += length;
    return { parts: lists.subarray(at - parts, at), skeleton: bytes.subarray(end - length, end) };
  });
}

function* contentsOf(parts: Iterable<number>, contents: Buffer): Generator<Uint8Array, undefined> {
  for (const part of parts) yield contents.subarray(part * DIGEST_BYTES, (part + 1) * DIGEST_BYTES);
}

interface Header {
  readonly files: readonly string[];
  readonly places: readonly number[];
  readonly leaves: readonly (readonly [part: number, LeafPlace])[];
  readonly sorted: readonly number[];
  /** Of each slice how many parts it has, and the length of its skeleton. */
  readonly index: readonly (readonly [parts: number, skeleton: number])[];
}

function headerFrom(value: unknown): Header | undefined {
  const [files, places, leaves, sorted, index] = ['files', 'places', 'leaves', 'sorted', 'index'].map((part) =>
    jsonProperty(value, part),
  );
  const areLists =
    isListOf(files, isText) && isListOf(places, isNumber) && isListOf(leaves, isLeaf) && isListOf(sorted, isNumber);
  return areLists && isListOf(index, isSizes) ? { files, places, leaves, sorted, index } : undefined;
}

function isLeaf(value: unknown): value is readonly [number, LeafPlace] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [part, leaf] = value as unknown[];
  const members = jsonProperty(leaf, 'members');
  return isNumber(part) && isText(jsonProperty(leaf, 'file')) && isListOf(members, isMember);
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
