import type { Digest } from './digest.ts';
import { jsonProperty, parseJson } from './json-form.ts';
import type { Part } from './slice/linker.ts';
import { digestOfSkeleton, type Skeleton } from './slice/skeleton.ts';
import type { Slice } from './slice/slicer.ts';
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
  const body: Uint8Array[] = [];
  const index: (readonly number[])[] = [];
  let length = 0;
  const sorted = new Set<number>();
  for (const { parts, skeleton, sorted: byContent } of slices) {
    if (skeleton === undefined) return undefined;
    const list = Int32Array.from(parts, (part) => numberIn(numbers, part));
    for (const part of byContent) sorted.add(numberIn(numbers, part));
    index.push([length, list.byteLength, skeleton.length]);
    body.push(new Uint8Array(list.buffer), skeleton);
    length += list.byteLength + skeleton.length;
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
    archive: Buffer.concat([size, header, ...body]),
    contents: Buffer.concat([...numbers.keys()].map(digestOf)),
  };
}

function numberIn<K>(numbers: Map<K, number>, key: K): number {
  const known = numbers.get(key) ?? numbers.size;
  numbers.set(key, known);
  return known;
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
  readonly #bytes: Buffer;
  readonly #body: number;
  readonly #files: readonly string[];
  readonly #places: readonly number[];
  readonly #leaves: Header['leaves'];
  readonly #sorted: ReadonlySet<number>;
  readonly #index: readonly unknown[];

  private constructor(bytes: Buffer, body: number, header: Header) {
    this.#bytes = bytes;
    this.#body = body;
    this.#files = header.files;
    this.#places = header.places;
    this.#leaves = header.leaves;
    this.#sorted = new Set(header.sorted);
    this.#index = header.index;
  }

  /** `undefined` for bytes that are no archive. */
  static from(bytes: Buffer): SliceArchive | undefined {
    if (bytes.length < 4) return undefined;
    const body = 4 + bytes.readUInt32LE(0);
    const header = headerFrom(parseJson(bytes.subarray(4, body))?.value);
    return header && new SliceArchive(bytes, body, header);
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

  /** The numbers of the parts of a slice, in their order; `undefined` when there is none at that place. */
  partsOf(at: number): Int32Array | undefined {
    const [start, parts] = this.#entry(at) ?? [];
    if (start === undefined || parts === undefined) return undefined;
    const bytes = this.#bytes.subarray(this.#body + start, this.#body + start + parts);
    // Lists need not be aligned where they lie.
    return new Int32Array(Uint8Array.from(bytes).buffer);
  }

  /** The digest of a slice under some contents of its parts. */
  digestOf(at: number, contents: Buffer): Digest | undefined {
    const [start = 0, parts = 0, length = 0] = this.#entry(at) ?? [];
    const skeleton: Skeleton = this.#bytes.subarray(this.#body + start + parts, this.#body + start + parts + length);
    return digestOfSkeleton(skeleton, contentsOf(this.partsOf(at) ?? [], contents));
  }

  #entry(at: number): readonly number[] | undefined {
    const entry = this.#index[at];
    return isListOf(entry, isNumber) && entry.length === 3 ? entry : undefined;
  }
}

function* contentsOf(parts: Iterable<number>, contents: Buffer): Generator<Uint8Array, undefined> {
  for (const part of parts) yield contents.subarray(part * DIGEST_BYTES, (part + 1) * DIGEST_BYTES);
}

interface Header {
  readonly files: readonly string[];
  readonly places: readonly number[];
  readonly leaves: readonly (readonly [part: number, LeafPlace])[];
  readonly sorted: readonly number[];
  readonly index: readonly unknown[];
}

function headerFrom(value: unknown): Header | undefined {
  const [files, places, leaves, sorted, index] = ['files', 'places', 'leaves', 'sorted', 'index'].map((part) =>
    jsonProperty(value, part),
  );
  const areLists =
    isListOf(files, isText) && isListOf(places, isNumber) && isListOf(leaves, isLeaf) && isListOf(sorted, isNumber);
  return areLists && Array.isArray(index) ? { files, places, leaves, sorted, index } : undefined;
}

function isLeaf(value: unknown): value is readonly [number, LeafPlace] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [part, leaf] = value as unknown[];
  const members = jsonProperty(leaf, 'members');
  return isNumber(part) && isText(jsonProperty(leaf, 'file')) && isListOf(members, isMember);
}

function isMember(value: unknown): value is string | null {
  return value === null || isText(value);
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
