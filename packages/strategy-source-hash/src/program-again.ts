import type { LocatedFinding } from './finding.ts';
import type { GraphNode } from './graph-node.ts';
import { KeptNode } from './kept-node.ts';
import { ALL_EXPORTS, FILE, GONE, type KeptFacts, type KeptFile, type KeptProgram, LEAF, ROW } from './kept-program.ts';
import type { Linker } from './slice/linker.ts';
import type { Part, UnitPart } from './slice/part.ts';
import { innerUnits, PlacedUnit, placeIn, unitAt } from './slice/placed-unit.ts';
import { unitAround } from './slice/placement.ts';
import { type ChangesAtLoad, type KnownRows, NONE, NOTHING_MORE, type PartFacts } from './slice/slice-table.ts';
import { keptUnits } from './unit-traits.ts';

/** The program that the parts of rows are looked up in. */
interface Program {
  readonly linker: Linker;
  node(path: string): GraphNode | undefined;
}

/** Where the units of an edited file were. What lies in one is less than zero, as in {@link KeptProgram}. */
export interface MovedUnits {
  /** Place → place before. */
  readonly before: ReadonlyMap<number, number>;
  /** Place before → place. */
  readonly after: ReadonlyMap<number, number>;
}

/** The parts of a program that an earlier process looked at, some of whose files were edited meanwhile. */
export class ProgramAgain implements KnownRows, ChangesAtLoad {
  readonly program: KeptProgram;
  readonly contents: Uint32Array;
  readonly starts: Int32Array;
  readonly links: Int32Array;
  readonly without: KnownRows['without'];
  readonly #in: Program;
  readonly #files: ReadonlyMap<string, KeptFile>;
  readonly #numbers: ReadonlyMap<string, number>;
  /** By the numbers of files, the last row of each; and for each row the one before it of the same file. */
  readonly #last: Int32Array;
  readonly #before: Int32Array;
  /** File → place → row, of files that somebody has asked about. */
  readonly #rows = new Map<string, ReadonlyMap<number, number>>();
  readonly #leaves = new Map<string, number>();
  readonly #facts: ReadonlyMap<number, KeptFacts>;
  /** Who changes what packages and files export, by what these are. */
  readonly #ofWhole = new Map<string, readonly number[]>();
  readonly #moved = new Map<string, MovedUnits>();
  readonly #nodesBefore = new Map<string, GraphNode>();

  constructor(program: KeptProgram, contents: Uint32Array, within: Program) {
    const { rows } = program;
    this.program = program;
    this.contents = contents;
    this.starts = Int32Array.from(rows.starts);
    this.links = rows.links;
    this.without = without(program.files);
    this.#in = within;
    const files = program.files.map((file, number) => ({ file, number })).filter(({ file }) => !isGone(file));
    this.#files = new Map(files.map(({ file }) => [file.path, file]));
    this.#facts = new Map(program.facts);
    this.#numbers = new Map(files.map(({ file, number }) => [file.path, number]));
    this.#last = new Int32Array(program.files.length).fill(NONE);
    this.#before = new Int32Array(rows.files.length).fill(NONE);
    for (let row = 0; row < rows.files.length; row += 1) {
      const file = rows.files[row] ?? GONE;
      if (file >= 0) {
        this.#before[row] = this.#last[file] ?? NONE;
        this.#last[file] = row;
      } else if (file === LEAF) this.#enterLeaf(row);
    }
  }

  #enterLeaf(row: number): void {
    const leaf = this.program.leaves[this.program.rows.units[row] ?? NONE];
    if (leaf === undefined) return;
    this.#leaves.set(`${leaf.token}\n${leaf.whole}`, row);
    const mutators = this.#facts.get(row)?.mutators ?? [];
    if (mutators.length > 0) this.#ofWhole.set(leaf.whole, mutators);
  }

  file(path: string): KeptFile | undefined {
    return this.#files.get(path);
  }

  /** The number of a file that was there. */
  numberOf(path: string): number | undefined {
    return this.#numbers.get(path);
  }

  /** What a file led to before the edits; nothing else may be asked of it. The same file is the same node. */
  nodeBefore(path: string): GraphNode | undefined {
    const number = this.#numbers.get(path);
    if (number === undefined) return undefined;
    const node = this.#nodesBefore.get(path) ?? new KeptNode(this.program, number, () => undefined);
    this.#nodesBefore.set(path, node);
    return node;
  }

  traitsAt(row: number): number {
    return this.program.rows.traits[row] ?? 0;
  }

  /** Row of what was at a place of a file. */
  rowAt(path: string, place: number): number | undefined {
    return this.#rowsOf(path)?.get(place);
  }

  /** The rows of all that was in a file. */
  rowsIn(path: string): Iterable<number> {
    return this.#rowsOf(path)?.values() ?? [];
  }

  #rowsOf(path: string): ReadonlyMap<number, number> | undefined {
    const [known, number] = [this.#rows.get(path), this.#numbers.get(path)];
    if (known !== undefined || number === undefined) return known;
    const rows = new Map<number, number>();
    for (let row = this.#last[number] ?? NONE; row !== NONE; row = this.#before[row] ?? NONE)
      rows.set(this.program.rows.units[row] ?? 0, row);
    this.#rows.set(path, rows);
    return rows;
  }

  /** Where the part of a row is, after edits; `undefined` where it is gone. */
  placeAt(row: number): number | undefined {
    const { files, rows } = this.program;
    const place = rows.units[row] ?? 0;
    const moved = this.#moved.get(files[rows.files[row] ?? -1]?.path ?? '');
    if (moved === GONE_UNITS) return undefined;
    return moved === undefined || place === ALL_EXPORTS ? place : moved.after.get(place);
  }

  /** Has a file be none any more. */
  remove(path: string): void {
    this.#moved.set(path, GONE_UNITS);
  }

  /** True for what has part in what code changes, or is loaded late: more than that something is said of it. */
  hasFacts(row: number): boolean {
    const { mutators, isEffect, loads, early } = this.#facts.get(row) ?? NOTHING_MORE;
    return isEffect || mutators.length + loads.length + early.length > 0;
  }

  /** What was said of a row. */
  findingsAt(row: number): readonly LocatedFinding[] {
    return this.#facts.get(row)?.findings ?? [];
  }

  /** True when something has part in what code changes as it is loaded. */
  get changesAny(): boolean {
    return this.#facts.size > 0 || this.program.rows.traits.some((traits) => (traits & ROW.plain) === 0);
  }

  /** True for a file of which nothing has part in what code changes as it is loaded. */
  isApart(path: string): boolean {
    const rows = [...this.rowsIn(path)];
    return rows.every((row) => (this.traitsAt(row) & ROW.plain) !== 0 && !this.hasFacts(row));
  }

  /** Has units of a file be those that they were, by their names. */
  move(node: GraphNode): MovedUnits {
    const known = this.#files.get(node.path);
    const parts = node.facts?.units;
    const before = new Map<number, number>();
    const match = (
      now: readonly { readonly key: string }[],
      then: readonly { readonly key: string }[],
      place: (at: number) => number,
    ): void => {
      const places = new Map(then.map(({ key }, at) => [key, at]));
      for (const [at, { key }] of now.entries()) {
        const found = places.get(key);
        if (found !== undefined) before.set(place(at), place(found));
      }
    };
    match(keptUnits(parts?.units ?? []), known?.units ?? [], (at) => at);
    match(keptUnits(parts === undefined ? [] : innerUnits(parts)), known?.inner ?? [], (at) => -1 - at);
    const moved = { before, after: new Map([...before].map(([now, then]) => [then, now])) };
    this.#moved.set(node.path, moved);
    return moved;
  }

  rowOf(part: Part): number | undefined {
    if (part.kind === 'leaf') return this.#leaves.get(`${part.token}\n${part.whole}`);
    const { path } = part.file;
    const rows = this.#rowsOf(path);
    if (rows === undefined || part.kind === 'namespace') return rows?.get(ALL_EXPORTS);
    const place = placeOf(part);
    const before = this.#moved.has(path) ? this.#moved.get(path)?.before.get(place) : place;
    return before === undefined ? undefined : rows.get(before);
  }

  partAt(row: number): Part {
    const { files, leaves, rows } = this.program;
    const file = files[rows.files[row] ?? -1];
    const place = rows.units[row] ?? 0;
    if (file === undefined) {
      const { token, whole, file: of, packages } = leaves[place] as (typeof leaves)[number];
      const node = files[of] && this.#in.node(files[of].path);
      const tree = packages.length === 0 ? {} : { tree: { packages } };
      return this.#in.linker.leaf(token, { label: whole, ...tree }, node).part;
    }
    const node = this.#in.node(file.path) as GraphNode;
    if (place === ALL_EXPORTS) return this.#in.linker.namespaceOf(node);
    const moved = this.#moved.get(file.path);
    return this.#unitAt(node, moved === undefined ? place : (moved.after.get(place) ?? Number.NaN));
  }

  #unitAt(node: GraphNode, place: number): UnitPart {
    if (node.parts !== undefined) return this.#in.linker.placed.at(node, place);
    const { facts } = node;
    const unit = unitAt(node, place);
    if (facts === undefined || unit === undefined) throw new RangeError(`${node.path} has no unit at ${place}`);
    const index = place < 0 ? unitAround(unit, facts) : place;
    return this.#in.linker.unit(node, unit, index);
  }

  factsAt(row: number): PartFacts | undefined {
    const { files, rows } = this.program;
    if (row >= rows.files.length || this.#moved.has(files[rows.files[row] ?? -1]?.path ?? '')) return undefined;
    const kept = this.#facts.get(row);
    if (kept === undefined) return NOTHING_MORE;
    return { ...kept, mutators: this.#unitsAt(kept.mutators), early: this.#unitsAt(kept.early) };
  }

  #unitsAt(rows: readonly number[]): readonly UnitPart[] {
    return rows.map((row) => this.partAt(row) as UnitPart);
  }

  mayObserve(row: number): boolean | undefined {
    const { files, rows } = this.program;
    if (row >= rows.files.length || this.#moved.has(files[rows.files[row] ?? -1]?.path ?? '')) return undefined;
    return (this.traitsAt(row) & ROW.observes) !== 0;
  }

  waitingIn(file: GraphNode): readonly UnitPart[] | undefined {
    const kept = this.#files.get(file.path);
    return kept !== undefined && (kept.traits & FILE.waits) === 0 ? [] : undefined;
  }

  of(part: Part): readonly UnitPart[] {
    if (part.kind === 'leaf') return this.#unitsAt(this.#ofWhole.get(part.whole) ?? []);
    return this.#unitsAt(this.#facts.get(this.rowOf(part) ?? -1)?.mutators ?? []);
  }

  isGlobal(part: UnitPart): boolean {
    return this.#has(part, ROW.isGlobal);
  }

  runs(part: UnitPart): boolean {
    return this.#has(part, ROW.runs);
  }

  globalIn(file: GraphNode): readonly UnitPart[] {
    const kept = this.#files.get(file.path);
    if (kept === undefined || (kept.traits & FILE.effects) === 0) return [];
    return this.#in.linker.unitsOf(file).filter((part) => this.isGlobal(part));
  }

  #has(part: UnitPart, trait: number): boolean {
    const row = this.rowOf(part);
    return row !== undefined && (this.traitsAt(row) & trait) !== 0;
  }
}

/** Those of a file that is gone. */
const GONE_UNITS: MovedUnits = { before: new Map(), after: new Map() };

export function isGone({ traits }: KeptFile): boolean {
  return (traits & FILE.gone) !== 0;
}

/** An edit that brings one to a file is left to a look at everything. */
function without(files: readonly KeptFile[]): KnownRows['without'] {
  const all = files.reduce((traits, file) => traits | file.traits, 0);
  return { bare: (all & FILE.bare) === 0, effects: (all & FILE.effects) === 0 };
}

/** The place of a unit in its file, less than zero for what lies in one. */
export function placeOf(part: UnitPart): number {
  return part instanceof PlacedUnit ? part.place : placeIn(part.file, part.unit, part.index);
}
