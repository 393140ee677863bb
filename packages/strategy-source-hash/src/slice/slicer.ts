import { byCodeUnits, type Digest, digestList } from '../digest.ts';
import type { LocatedFinding } from '../finding.ts';
import type { GraphNode } from '../graph-node.ts';
import type { Declarations } from './declarations.ts';
import type { Evaluation } from './evaluation.ts';
import type { Linker, Part, Target, UnitPart } from './linker.ts';
import { runsAtLoad } from './mutations.ts';
import { NotedBytes, type Skeleton } from './skeleton.ts';
import type { RowTarget, SliceRow, SliceTable } from './slice-table.ts';
import type { EffectsMode } from './source-slice.ts';

/** Everything that the behaviour of some parts can depend on. */
export interface Slice {
  readonly digest: Digest;
  /** What the digest is made from beside the contents of the parts; `undefined` where some were kept out. */
  readonly skeleton: Skeleton | undefined;
  /** In the order in which they were found, without those that are declared not to matter. */
  readonly parts: readonly Part[];
  /** For each part the place of the one through which it was found first; -1 where that is none. */
  readonly through: Int32Array;
  /** What a hash of source cannot see in the parts; a place may come several times. */
  readonly findings: readonly LocatedFinding[];
  /** Parts whose order of evaluation can matter, in that order. */
  readonly order: readonly UnitPart[];
  /** Parts that stand in the order of their contents. */
  readonly sorted: ReadonlySet<Part>;
  /** The entries of `exclude` that kept something out of it. */
  readonly excluded: readonly string[];
}

export interface Program {
  readonly linker: Linker;
  readonly table: SliceTable;
  readonly evaluation: Evaluation;
  readonly effects: EffectsMode;
  readonly declarations: Declarations;
}

/**
 * Slices a program. Parts are numbered as they are found, and the digest is that of their contents with these numbers for
 * references: the program as a graph, blind to names and places, exact for cycles.
 */
export function sliceOf(roots: readonly (readonly Target[])[], program: Program): Slice {
  const walk = new SliceWalk(program, new Set(roots.flatMap((targets) => targets.map(({ part }) => part))));
  walk.addRoots(roots);
  walk.run();
  const order = walk.order();
  return {
    digest: walk.digest(order),
    skeleton: walk.excluded.size === 0 ? walk.skeleton() : undefined,
    ...walk.kept(),
    findings: walk.findings,
    order,
    sorted: walk.sorted,
    excluded: [...walk.excluded].sort(byCodeUnits),
  };
}

/** What a part was found through that nothing names. */
const NOTHING = -1;

/** What is written into a digest next, so that no two things are taken for each other. */
const ENTRY = { roots: 1, part: 2, bare: 3, late: 4, order: 5, excluded: 6 } as const;

class SliceWalk {
  readonly parts: Part[] = [];
  readonly through: number[] = [];
  readonly findings: LocatedFinding[] = [];
  readonly excluded: Set<string> = new Set();
  readonly sorted: Set<Part> = new Set();
  readonly #program: Program;
  readonly #slice: number;
  readonly #text = new NotedBytes();
  readonly #rows: SliceRow[] = [];
  readonly #bare = new Set<GraphNode>();
  /** Of the parts that were found, those that something changes as the program is loaded. */
  readonly #changed = new Set<Part>();
  /** The units that change something. */
  readonly #changing = new Set<UnitPart>();
  /** What the parts that were found load by themselves, with the number of the part. */
  readonly #loads: { readonly by: number; readonly path: string }[] = [];
  /** How many of these have been followed. */
  #followed = 0;
  /** The files that are loaded while an op runs: where one uses what it declares only below, that fails. */
  readonly #late = new Set<GraphNode>();
  readonly #roots: ReadonlySet<Part>;
  #done = 0;

  constructor(program: Program, roots: ReadonlySet<Part>) {
    this.#program = program;
    this.#roots = roots;
    this.#slice = program.table.nextSlice();
  }

  addRoots(roots: readonly (readonly Target[])[]): void {
    this.#text.number(ENTRY.roots);
    this.#text.number(roots.length);
    for (const targets of roots) this.#write(this.#rowsOf(targets), NOTHING);
  }

  run(): void {
    this.#drain();
    for (let before = -1; before !== this.parts.length; ) {
      before = this.parts.length;
      this.#addGlobalEffects();
      this.#addWaiting();
      this.#addLateEffects();
      this.#drain();
    }
  }

  digest(order: readonly UnitPart[]): Digest {
    this.#text.number(ENTRY.order);
    for (const part of order) this.#text.number(this.#program.table.row(part).number);
    if (order.some(({ unit }) => unit.awaits)) this.#writeWhoWaits(order);
    return this.#text.digest();
  }

  skeleton(): Skeleton {
    return this.#text.skeleton();
  }

  /** A module that waits holds up those that import it, and no others. */
  #writeWhoWaits(order: readonly UnitPart[]): void {
    const files = [...new Set(order.map(({ file }) => file))];
    for (const places of this.#program.evaluation.dependenciesAmong(files)) {
      this.#text.number(places.length);
      for (const place of places) this.#text.number(place);
    }
  }

  /** All that was found but what is declared not to matter, which nothing else is found through. */
  kept(): Pick<Slice, 'parts' | 'through'> {
    const { parts, through } = this;
    // Slices are kept, by the thousand: lists that were grown have room to spare.
    if (this.excluded.size === 0) return { parts: parts.slice(), through: Int32Array.from(through) };
    const places = parts.flatMap((part, place) => (this.#isExcluded(part) ? [] : [place]));
    const moved = new Map(places.map((place, index) => [place, index]));
    return {
      parts: places.flatMap((place) => parts[place] ?? []),
      through: Int32Array.from(places, (place) => moved.get(through[place] ?? NOTHING) ?? NOTHING),
    };
  }

  /** What a version is asked for counts, whatever is declared. */
  #isExcluded(part: Part): boolean {
    const entry = this.#program.declarations.excludedBy(part);
    if (entry === undefined || this.#roots.has(part)) return false;
    this.excluded.add(entry);
    return true;
  }

  /** The parts whose order counts: what changes something, and what may see it before or after. */
  order(): readonly UnitPart[] {
    const { evaluation } = this.#program;
    if (this.#changing.size === 0 && this.#late.size === 0) return [];
    const units = this.parts.filter((part): part is UnitPart => part.kind === 'unit' && !this.#isExcluded(part));
    const seeing = units.filter(
      (part) => this.#late.has(part.file) || runsAtLoad(part) || this.#readsAny(part, this.#changed),
    );
    return [...new Set([...this.#changing, ...this.#changed, ...seeing])]
      .filter((part): part is UnitPart => part.kind === 'unit')
      .filter((part) => part.unit.holds !== 'function')
      .sort((left, right) => evaluation.compare(left, right));
  }

  #readsAny(part: UnitPart, changed: ReadonlySet<Part>): boolean {
    const edges = this.#program.linker.edges(part);
    return part.unit.reads.some((index) => (edges[index] ?? []).some((target) => changed.has(target.part)));
  }

  #rowsOf(targets: readonly Target[]): readonly RowTarget[] {
    return targets.map(({ part, bind }) => ({ row: this.#program.table.row(part), bind }));
  }

  #write(targets: readonly RowTarget[], from: number): void {
    this.#text.number(targets.length);
    for (const { row, bind } of targets) {
      this.#text.number(this.#reach(row, from));
      this.#text.number(bind);
    }
  }

  #reach(row: SliceRow, from: number): number {
    if (row.slice === this.#slice) return row.number;
    row.slice = this.#slice;
    row.number = this.#rows.length;
    this.#rows.push(row);
    this.parts.push(row.part);
    this.through.push(from);
    return row.number;
  }

  #drain(): void {
    for (; this.#done < this.#rows.length; this.#done += 1) {
      const row = this.#rows[this.#done];
      if (row !== undefined) this.#enter(row);
    }
  }

  #enter(row: SliceRow): void {
    if (this.#isExcluded(row.part)) return this.#text.number(ENTRY.excluded);
    this.#text.number(ENTRY.part);
    this.#text.content(row.content);
    this.#text.number(row.edges.length);
    for (const targets of row.edges) this.#write(targets, row.number);
    this.#addMutators(row);
    if (row.isEffect && row.part.kind === 'unit') this.#changing.add(row.part);
    for (const path of row.loads) this.#loads.push({ by: row.number, path });
    for (const finding of row.findings) this.findings.push(finding);
  }

  #addMutators({ part, mutators, number }: SliceRow): void {
    const { evaluation, table } = this.#program;
    const counts = (mutator: UnitPart): boolean => evaluation.has(mutator) && !this.#isExcluded(mutator);
    const loaded = mutators.length === 0 ? mutators : mutators.filter(counts);
    this.#text.number(loaded.length);
    if (loaded.length === 0) return;
    this.#changed.add(part);
    const functions = loaded.filter(({ unit }) => unit.holds === 'function');
    if (functions.length > 1) for (const mutator of functions) this.sorted.add(mutator);
    for (const mutator of [...loaded].sort((left, right) => byPlace(left, right, evaluation))) {
      this.#changing.add(mutator);
      this.#text.number(this.#reach(table.row(mutator), number));
    }
  }

  /** Statements of evaluated modules that may change what all code can see, and modules that are imported for that. */
  #addGlobalEffects(): void {
    const { effects, evaluation, table } = this.#program;
    const reached = effects === 'reached' ? this.#reachedFiles() : undefined;
    for (const file of table.mutations.filesWithEffects(evaluation)) {
      if (reached !== undefined && !reached.has(file)) continue;
      if (file.bare.length > 0) this.#addBare(file);
      for (const part of table.mutations.globalIn(file)) {
        if (!this.#isExcluded(part)) this.#reach(table.row(part), NOTHING);
      }
    }
  }

  /** While a module waits, others are evaluated: where order can be seen, so can how long it waits. */
  #addWaiting(): void {
    if (this.#changing.size === 0) return;
    const { effects, evaluation, linker, table } = this.#program;
    const reached = effects === 'reached' ? this.#reachedFiles() : undefined;
    for (const file of evaluation.files) {
      if (reached !== undefined && !reached.has(file)) continue;
      for (const part of linker.unitsOf(file)) {
        if (part.unit.awaits && !this.#isExcluded(part)) this.#reach(table.row(part), NOTHING);
      }
    }
  }

  #reachedFiles(): ReadonlySet<GraphNode> {
    return new Set(this.kept().parts.flatMap((part) => (part.kind === 'unit' ? [part.file] : [])));
  }

  /** A module that is loaded while an op runs may fail then, whatever is used of it. */
  #addLateEffects(): void {
    for (let load = this.#loads[this.#followed]; load !== undefined; load = this.#loads[this.#followed]) {
      this.#followed += 1;
      const files = this.#program.evaluation.lateWith(load.path);
      for (const file of files) this.#late.add(file);
      this.#text.number(ENTRY.late);
      this.#text.number(load.by);
      this.#write(this.#rowsOf(files.flatMap((file) => this.#failing(file))), NOTHING);
      // Which files they are does not count: the same names may be missing in another one tomorrow.
      const broken = new Set(files.flatMap((file) => this.#program.linker.broken(file)));
      this.#text.bytes(Buffer.from(digestList([...broken].sort(byCodeUnits)), 'hex'));
    }
  }

  /** What must be there and go well for a file to be loaded. */
  #failing(file: GraphNode): readonly Target[] {
    const { linker } = this.#program;
    const parts = [...linker.packagesNamedIn(file), ...linker.unitsOf(file).filter(mayFail)];
    return parts.filter((part) => !this.#isExcluded(part)).map((part) => ({ part, bind: 0 }));
  }

  #addBare(file: GraphNode): void {
    if (this.#bare.has(file)) return;
    this.#bare.add(file);
    this.#text.number(ENTRY.bare);
    this.#text.number(file.bare.length);
    const { declarations, linker } = this.#program;
    for (const end of file.bare) {
      const counting = linker.bare(end).filter(({ part }) => !declarations.isPure(part));
      this.#write(this.#rowsOf(counting), NOTHING);
    }
  }
}

/** Functions and constants cannot fail as they are declared. */
function mayFail({ unit }: UnitPart): boolean {
  return unit.isEffect || unit.executes || (unit.holds !== 'function' && unit.holds !== 'constant');
}

/** Statements by their order of evaluation; functions, which stand anywhere, by what they are. */
function byPlace(left: UnitPart, right: UnitPart, evaluation: Evaluation): number {
  const [isFunction, isOther] = [left, right].map(({ unit }) => unit.holds === 'function');
  if (isFunction !== isOther) return isFunction === true ? 1 : -1;
  const order = isFunction === true ? byCodeUnits(left.unit.own, right.unit.own) : 0;
  return order === 0 ? evaluation.compare(left, right) : order;
}
