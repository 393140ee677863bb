import type { WrittenLayer } from './archive-layer.ts';
import type { Digest } from './digest.ts';
import type { GraphNode } from './graph-node.ts';
import {
  ALL_EXPORTS,
  FILE,
  GONE,
  type KeptFacts,
  type KeptFile,
  type KeptLeaf,
  type KeptProgram,
  type KeptRoots,
  LEAF,
  ROW,
} from './kept-program.ts';
import { askedAtLoad } from './load-time-findings.ts';
import { placeOf } from './program-again.ts';
import type { LeafPart, Part, Target } from './slice/part.ts';
import { innerUnits } from './slice/placed-unit.ts';
import type { Slice } from './slice/slice.ts';
import type { SliceReader } from './slice/slice-reader.ts';
import { NOTHING_MORE, type PartFacts, type SliceTable } from './slice/slice-table.ts';
import { archiveSlices } from './slice-archive.ts';
import { StoredFile } from './stored-file.ts';
import { fileTraits, keptUnits } from './unit-traits.ts';

/** Slices with their program as bytes; and the contents of its parts, one digest after the other. */
export interface ArchivedSlices {
  readonly archive: WrittenLayer;
  readonly contents: Buffer;
}

/** Slices of a program that was looked at as a whole, under which nothing is declared. */
export function keptSlices(slices: readonly Slice[], reader: SliceReader): ArchivedSlices {
  const { table } = reader;
  const program = keptProgram(reader, slices);
  const sorted = new Set(slices.flatMap((slice) => [...slice.sorted].map((part) => table.rowOf(part))));
  const archived = slices.map(({ parts, rows, skeleton = NOTHING, table: own }) => ({
    parts: own === table ? rows : Int32Array.from(parts, (part) => table.rowOf(part)),
    skeleton,
  }));
  const contents = new Uint8Array(table.contents.buffer, table.contents.byteOffset, DIGEST_BYTES * table.size);
  return { archive: archiveSlices({ program, slices: archived, sorted }), contents: Buffer.from(contents) };
}

const NOTHING = new Uint8Array(0);
const DIGEST_BYTES = 32;

function keptProgram(reader: SliceReader, slices: readonly Slice[]): KeptProgram {
  const nodes = [...reader.graph.known()];
  // Before anything is asked for here.
  const asked = nodes.map(({ path }) => [...reader.linker.askedOf(path)]);
  const keeper = new ProgramKeeper(
    reader,
    nodes.map(({ path }) => path),
  );
  const roots = slices.map((slice) => keeper.roots(slice));
  // What files export may have no row yet, and units that are in no slice have none.
  const files = nodes.map((node, at) => StoredFile.of(keeper.file(node, asked[at] ?? [])));
  for (const node of nodes) for (const part of reader.linker.unitsOf(node)) reader.table.rowOf(part);
  return { files, roots, ...keeper.rows(new AllLooked(reader)) };
}

/** Where the columns of rows come from that `SliceTable` does not have. */
export interface RowColumns {
  /** What is known of the first rows. */
  readonly before?: Pick<KeptProgram, 'facts' | 'leaves' | 'rows'>;
  /** Those of them of which something else may be said. */
  readonly anew?: readonly number[];
  traitsOf(row: number): number;
  /** The number of the file and the place in it, where these are known. */
  placeOf(row: number): readonly [file: number, place: number] | undefined;
}

class AllLooked implements RowColumns {
  readonly #table: SliceTable;
  readonly #deciding: ReturnType<SliceReader['deciding']>;

  constructor(reader: SliceReader) {
    this.#table = reader.table;
    this.#deciding = reader.deciding();
  }

  traitsOf(row: number): number {
    const part = this.#table.partAt(row);
    const { mutations } = this.#table;
    const isClear = !this.#deciding.reaching.has(part);
    return traits([
      [ROW.clear, isClear],
      [ROW.plain, isClear && !this.#deciding.followed.has(part)],
      [ROW.runs, part.kind === 'unit' && mutations.runs(part)],
      [ROW.isGlobal, part.kind === 'unit' && mutations.isGlobal(part)],
      [ROW.observes, this.#table.mayObserve(row)],
    ]);
  }

  placeOf(): undefined {}
}

export function traits(bits: readonly (readonly [bit: number, is: boolean])[]): number {
  return bits.reduce((all, [bit, is]) => (is ? all | bit : all), 0);
}

/** Writes a program down. */
export class ProgramKeeper {
  readonly #reader: SliceReader;
  readonly #table: SliceTable;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #forms = new Map<string, Digest>();

  /** `paths` are those of its files, in their order. */
  constructor(reader: SliceReader, paths: readonly string[]) {
    this.#reader = reader;
    this.#table = reader.table;
    this.#numbers = new Map(paths.map((path, number) => [path, number]));
  }

  roots({ roots, files }: Slice): KeptRoots {
    return { roots: roots.map((targets) => this.#numbersOf(targets)), files: this.#filesAt(files) };
  }

  /** All that has a row, and what that leads to. */
  rows(known: RowColumns): Pick<KeptProgram, 'facts' | 'leaves' | 'rows'> {
    const table = this.#table;
    const { before, anew = [] } = known;
    const first = before?.rows.files.length ?? 0;
    for (const row of anew) table.linksOf(row);
    for (let row = first; row < table.size; row += 1) table.linksOf(row);
    const { size } = table;
    const columns = (['files', 'units', 'traits', 'starts'] as const).map((name) => {
      const column = new Int32Array(size);
      if (before !== undefined) column.set(before.rows[name]);
      return column;
    });
    const [files, units, traitsOf, starts] = columns as [Int32Array, Int32Array, Int32Array, Int32Array];
    const leaves = [...(before?.leaves ?? [])];
    const written = new Set(anew);
    const facts = before?.facts.filter(([row]) => !written.has(row)) ?? [];
    const write = (row: number): void => {
      const [file, place] = known.placeOf(row) ?? this.#placeOf(table.partAt(row));
      files[row] = file;
      units[row] = file === LEAF ? leaves.push(this.#leaf(table.partAt(row) as LeafPart)) - 1 : place;
      starts[row] = table.linksOf(row);
      traitsOf[row] = known.traitsOf(row);
      const found = file === GONE ? 'none' : this.#facts(table.factsAt(row));
      if (found !== 'none') facts.push([row, found]);
    };
    for (const row of anew) write(row);
    for (let row = first; row < size; row += 1) write(row);
    return { facts, leaves, rows: { files, units, traits: traitsOf, starts, links: table.allLinks() } };
  }

  file(node: GraphNode, asked: readonly string[]): KeptFile {
    const { facts, path, kind, setting, targets, evaluated, eager } = node;
    const exported = new Set(facts?.units.exports.map(({ name }) => name));
    const { linker } = this.#reader;
    return {
      path,
      kind,
      setting,
      targets: this.#filesAt(targets),
      evaluated: this.#filesAt(evaluated),
      eager: this.#filesAt(eager),
      asking: this.#filesAt(askedAtLoad(node, this.#reader.graph)),
      traits: fileTraits(node) | (this.#table.mutations.globalIn(node).length > 0 ? FILE.effects : 0),
      exports: [...exported].map((name) => [name, this.#numbersOf(linker.exported(path, name))]),
      asked,
      units: keptUnits(facts?.units.units ?? [], this.#forms),
      inner: keptUnits(facts === undefined ? [] : innerUnits(facts.units), this.#forms),
    };
  }

  #filesAt(paths: Iterable<string>): readonly number[] {
    return [...paths].flatMap((path) => this.#numbers.get(path) ?? []);
  }

  #numbersOf(targets: readonly Target[]): readonly number[] {
    return targets.flatMap(({ part, bind }) => [this.#table.rowOf(part), bind]);
  }

  #placeOf(part: Part): readonly [file: number, place: number] {
    if (part.kind === 'leaf') return [LEAF, 0];
    const file = this.#numbers.get(part.file.path) ?? GONE;
    return [file, part.kind === 'namespace' ? ALL_EXPORTS : placeOf(part)];
  }

  #leaf({ token, whole, members, file, tree }: LeafPart): KeptLeaf {
    const number = file === undefined ? -1 : (this.#numbers.get(file.path) ?? -1);
    return {
      token,
      whole,
      file: number,
      packages: tree?.packages ?? [],
      members: Array.from(members ?? [], (one) => one ?? null),
    };
  }

  #facts(facts: PartFacts): KeptFacts | 'none' {
    if (facts === NOTHING_MORE) return 'none';
    const rowOf = (part: Part): number => this.#table.rowOf(part);
    return { ...facts, mutators: facts.mutators.map(rowOf), early: facts.early.map(rowOf) };
  }
}
