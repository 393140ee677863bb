import { type ArchivedSlice, ArchiveLayer, type ReadBytes, type WrittenLayer, writeLayer } from './archive-layer.ts';
import type { Digest } from './digest.ts';
import { ALL_EXPORTS, type KeptLeaf, type KeptProgram, type KeptRows } from './kept-program.ts';
import { digestOfSkeleton } from './slice/skeleton.ts';

/** A unit by where it was: its file, and its place among the units of that (or, less than zero, among its ops). */
export interface UnitPlace {
  readonly file: string;
  readonly unit: number;
}

const DIGEST_BYTES = 32;

/** Slices of a program, and what edits have made another of it since; without the contents of their parts. */
export interface Layers<T> {
  readonly base: T;
  /** Absent where nothing was edited since. */
  readonly edits?: T | undefined;
}

/** Slices of a program. */
export interface Archived {
  readonly program: KeptProgram;
  readonly slices: readonly ArchivedSlice[];
  /** Rows that stand in the order of their contents. */
  readonly sorted: Iterable<number>;
}

/** The layer that {@link SliceArchive} reads. */
export function archiveSlices({ program, slices, sorted }: Archived): WrittenLayer {
  const files = [...program.files.keys()];
  return writeLayer({ program, below: 0, files, slices: new Map(slices.entries()), sorted });
}

/** Edits that are more than that are written with all that they change. */
function areFew(edits: WrittenLayer, base: ArchiveLayer): boolean {
  const size = edits.bytes.reduce((sum, { length }) => sum + length, 0);
  return size <= base.size / 2 + FEW_BYTES;
}

const FEW_BYTES = 4096;

/** The slices of {@link archiveSlices} again. */
export class SliceArchive {
  readonly rows: KeptRows;
  readonly sorted: ReadonlySet<number>;
  /** The parts of each slice, in the order in which they were found. */
  readonly parts: readonly Int32Array[];
  readonly #base: ArchiveLayer;
  readonly #edits: ArchiveLayer | undefined;
  readonly #leaves: readonly KeptLeaf[];
  readonly #paths: readonly string[];

  private constructor(base: ArchiveLayer, edits: ArchiveLayer | undefined) {
    const top = edits ?? base;
    this.#base = base;
    this.#edits = edits;
    this.rows = top.rows;
    this.sorted = new Set(top.head.sorted);
    this.#leaves = top.head.leaves;
    this.#paths = [...base.head.paths, ...(edits?.head.paths ?? [])];
    this.parts = [...base.parts].map(([at, parts]) => edits?.parts.get(at) ?? parts);
  }

  /** `undefined` for bytes that are not those which the digests stand for. */
  static from({ base, edits }: Layers<ReadBytes>, digests: Layers<Digest>): SliceArchive | undefined {
    const first = ArchiveLayer.from(base, digests.base);
    if (first === undefined || digests.edits === undefined) return first && new SliceArchive(first, undefined);
    const second = edits && ArchiveLayer.from(edits, digests.edits);
    return second?.head.below === first.head.paths.length ? new SliceArchive(first, second) : undefined;
  }

  /** How many slices there are. */
  get size(): number {
    return this.parts.length;
  }

  /** The program that the slices are of; `undefined` where it is not there any more. It was written by whom this process trusts. */
  program(): KeptProgram | undefined {
    const below = this.#base.program(() => '');
    const above = this.#edits?.program((number) => this.#paths[number] ?? '');
    if (below === undefined || (this.#edits !== undefined && above === undefined)) return undefined;
    const files = this.#paths.map((_, number) => above?.files.get(number) ?? below.files.get(number));
    const { facts, roots } = above ?? below;
    return { files: files.flatMap((file) => file ?? []), facts, roots, leaves: this.#leaves, rows: this.rows };
  }

  /**
   * The layers of the same slices after edits, of which `slices` and `files` are those that are others than here: the one for edits, or a new one for
   * all, also where it is to lie elsewhere (`isAnew`); `undefined` where what is to be written again is not there.
   */
  edited({ program, files, places, slices, sorted }: EditedSlices, isAnew: boolean): Written | undefined {
    const isInPlace = places.length === this.size && places.every((place, at) => place === at || slices.has(at));
    const edits = isAnew || !isInPlace ? undefined : this.#editsWith({ program, files, slices, sorted });
    if (edits !== undefined && areFew(edits, this.#base)) return { edits };
    const all = places.map((place, at) => slices.get(at) ?? this.#sliceAt(place ?? at));
    return all.includes(undefined)
      ? undefined
      : { base: archiveSlices({ program, slices: all as readonly ArchivedSlice[], sorted }) };
  }

  #editsWith({ program, files, slices, sorted }: Omit<EditedSlices, 'places'>): WrittenLayer | undefined {
    const above = new Map<number, ArchivedSlice>();
    for (const at of this.#edits?.parts.keys() ?? []) {
      const known = slices.get(at) ?? this.#sliceAt(at);
      if (known === undefined) return undefined;
      above.set(at, known);
    }
    const described = new Set([...(this.#edits?.head.files.map(([number]) => number) ?? []), ...files]);
    const below = this.#base.head.paths.length;
    return writeLayer({ program, below, files: [...described], slices: new Map([...above, ...slices]), sorted });
  }

  #sliceAt(at: number): ArchivedSlice | undefined {
    return this.#layerOf(at).sliceAt(at);
  }

  #layerOf(at: number): ArchiveLayer {
    return this.#edits?.parts.has(at) === true ? this.#edits : this.#base;
  }

  /** The parts of some units, by their numbers. */
  unitsIn(files: ReadonlySet<string>): ReadonlyMap<number, UnitPlace> {
    const meant = new Set(this.#paths.flatMap((path, number) => (files.has(path) ? [number] : [])));
    const found = new Map<number, UnitPlace>();
    for (const [part, number] of this.rows.files.entries()) {
      const unit = this.rows.units[part] ?? ALL_EXPORTS;
      const file = meant.has(number) ? this.#paths[number] : undefined;
      if (file !== undefined && unit !== ALL_EXPORTS) found.set(part, { file, unit });
    }
    return found;
  }

  /** The parts that are leaves of a file, by their numbers. */
  leavesOf(file: string): readonly (readonly [part: number, KeptLeaf])[] {
    const { files, units } = this.rows;
    const number = this.#paths.indexOf(file);
    const found: (readonly [number, KeptLeaf])[] = [];
    for (const [part, of] of files.entries()) {
      const leaf = of === -1 ? this.#leaves[units[part] ?? -1] : undefined;
      if (leaf !== undefined && number !== -1 && leaf.file === number) found.push([part, leaf]);
    }
    return found;
  }

  /** True for parts whose content decides where they stand in a slice. */
  isSorted(part: number): boolean {
    return this.sorted.has(part);
  }

  /** The places of the slices that have one of some parts. */
  slicesWith(parts: ReadonlySet<number>): readonly number[] {
    const isMeant = new Uint8Array(this.rows.files.length);
    for (const part of parts) isMeant[part] = 1;
    return this.parts.flatMap((list, at) => (hasAny(list, isMeant) ? [at] : []));
  }

  /** The digest of a slice under some contents of its parts; `undefined` when it is not there. */
  digestOf(at: number, contents: Buffer): Digest | undefined {
    const [parts, skeleton] = [this.parts[at], this.#layerOf(at).skeletonOf(at)];
    return parts && skeleton && digestOfSkeleton(skeleton, contentsOf(parts, contents));
  }
}

/** What edits have changed. */
interface EditedSlices {
  readonly program: KeptProgram;
  /** The numbers of the files that are described in another way, or are new. */
  readonly files: Iterable<number>;
  /** For each slice where it was; what is there of those that were made anew does not count. */
  readonly places: readonly (number | undefined)[];
  readonly slices: ReadonlyMap<number, ArchivedSlice>;
  readonly sorted: Iterable<number>;
}

/** Layers to be written. Without a base the one that is there stays, and without edits there are none. */
export type Written = Partial<Layers<WrittenLayer>>;

/** A loop, because a process that looks for one edit goes through all lists once, before the engine has made anything fast. */
function hasAny(list: Int32Array, isMeant: Uint8Array): boolean {
  for (let at = 0; at < list.length; at += 1) if (isMeant[list[at] ?? 0] === 1) return true;
  return false;
}

function* contentsOf(parts: Iterable<number>, contents: Buffer): Generator<Uint8Array, undefined> {
  for (const part of parts) yield contents.subarray(part * DIGEST_BYTES, (part + 1) * DIGEST_BYTES);
}
