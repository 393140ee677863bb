import { byCodeUnits, type Digest, digestList } from '../digest.ts';
import type { LocatedFinding } from '../finding.ts';
import type { GraphNode } from '../graph-node.ts';
import { brokenIn, packagesNamedIn } from './broken-modules.ts';
import { byPlace, type Evaluation } from './evaluation.ts';
import type { Load, Part, Target, UnitPart } from './part.ts';
import { mayFail, runsAtLoad } from './part-traits.ts';
import type { Program } from './program.ts';
import type { NotedNumbers, Skeleton } from './skeleton.ts';
import type { Slice } from './slice.ts';
import { NONE, NOTHING_MORE, type PartFacts } from './slice-table.ts';

/**
 * Slices a program. Parts are numbered as they are found, and the digest is that of their contents with these numbers for
 * references: the program as a graph, blind to names and places, exact for cycles.
 */
export function sliceOf(roots: readonly (readonly Target[])[], program: Program): Slice {
  const walk = new SliceWalk(program, new Set(roots.flatMap((targets) => targets.map(({ part }) => part))));
  walk.addRoots(roots);
  walk.run();
  const order = walk.order(program.evaluation);
  const { rows, through } = walk.kept();
  let parts: readonly Part[] | undefined;
  return {
    digest: walk.digest(order),
    skeleton: walk.excluded.size === 0 ? walk.skeleton() : undefined,
    rows,
    table: program.table,
    get parts() {
      parts ??= Array.from(rows, (row) => program.table.partAt(row));
      return parts;
    },
    through,
    roots,
    files: program.evaluation.roots,
    findings: walk.findings,
    order,
    sorted: walk.sorted,
    excluded: [...walk.excluded].sort(byCodeUnits),
  };
}

/** What is written into a digest next, so that no two things are taken for each other. */
const ENTRY = { roots: 1, part: 2, bare: 3, late: 4, order: 5, excluded: 6 } as const;

class SliceWalk {
  readonly through: number[] = [];
  readonly findings: LocatedFinding[] = [];
  readonly excluded: Set<string> = new Set();
  readonly sorted: Set<Part> = new Set();
  readonly #program: Program;
  readonly #text: NotedNumbers;
  readonly #rows: number[] = [];
  readonly #bare = new Set<GraphNode>();
  /** Of the parts that were found, those that something changes as the program is loaded. */
  readonly #changed = new Set<Part>();
  /** The units that change something. */
  readonly #changing = new Set<UnitPart>();
  /** Units with what they may use before that is evaluated. */
  readonly #early: (readonly [user: UnitPart, used: UnitPart])[] = [];
  /** What the parts that were found load by themselves, with the number of the part. */
  readonly #loads: (Load & { readonly by: number })[] = [];
  /** How many of these have been followed. */
  #followed = 0;
  /** The files that are loaded while an op runs: where one uses what it declares only below, that fails. */
  readonly #late = new Set<GraphNode>();
  readonly #roots: ReadonlySet<Part>;
  #done = 0;

  constructor(program: Program, roots: ReadonlySet<Part>) {
    this.#program = program;
    this.#roots = roots;
    this.#text = program.table.nextSlice();
  }

  addRoots(roots: readonly (readonly Target[])[]): void {
    this.#text.number(ENTRY.roots);
    this.#writeAll(roots);
  }

  run(): void {
    this.#drain();
    for (let before = -1; before !== this.#rows.length; ) {
      before = this.#rows.length;
      this.#addGlobalEffects();
      this.#addWaiting();
      this.#addLateEffects();
      this.#drain();
    }
  }

  digest(order: readonly UnitPart[]): Digest {
    const { evaluation } = this.#program;
    this.#writeOrder(order, evaluation);
    const programs = new Set(this.#loads.flatMap(({ path, isProgram }) => (isProgram ? [path] : [])));
    for (const path of programs) {
      const own = evaluation.program(path);
      const order = this.order(own).filter((part) => own.has(part));
      this.#writeOrder(order, own);
    }
    return this.#text.digest();
  }

  #writeOrder(order: readonly UnitPart[], evaluation: Evaluation): void {
    this.#text.number(ENTRY.order);
    const { table } = this.#program;
    for (const part of order) this.#text.number(table.places[table.rowOf(part)] ?? NONE);
    if (order.some(({ unit }) => unit.awaits)) this.#writeWhoWaits(order, evaluation);
  }

  skeleton(): Skeleton {
    return this.#text.skeleton();
  }

  /** A module that waits holds up those that import it, and no others. */
  #writeWhoWaits(order: readonly UnitPart[], evaluation: Evaluation): void {
    const files = [...new Set(order.map(({ file }) => file))];
    for (const places of evaluation.dependenciesAmong(files)) {
      this.#text.number(places.length);
      for (const place of places) this.#text.number(place);
    }
  }

  /** All that was found but what is declared not to matter, which nothing else is found through. */
  kept(): { readonly rows: Int32Array; readonly through: Int32Array } {
    const { through } = this;
    // Slices are kept, by the thousand: lists that were grown have room to spare.
    const rows = new Int32Array(this.#rows);
    if (this.excluded.size === 0) return { rows, through: new Int32Array(through) };
    const { table } = this.#program;
    const places = this.#rows.flatMap((row, place) => (this.#isExcluded(table.partAt(row)) ? [] : [place]));
    const moved = new Map(places.map((place, index) => [place, index]));
    return {
      rows: Int32Array.from(places, (place) => rows[place] ?? NONE),
      through: Int32Array.from(places, (place) => moved.get(through[place] ?? NONE) ?? NONE),
    };
  }

  /** What a version is asked for counts, whatever is declared. */
  #isExcluded(part: Part): boolean {
    const entry = this.#program.declarations.excludedBy(part);
    if (entry === undefined || this.#roots.has(part)) return false;
    this.excluded.add(entry);
    return true;
  }

  /** The parts whose order counts: what changes something, what may see that, and what is used before it is evaluated. */
  order(evaluation: Evaluation): readonly UnitPart[] {
    const early = this.#early.filter(([user, used]) => evaluation.compare(user, used) < 0 && !this.#isExcluded(used));
    const changes = this.#changes().filter((part): part is UnitPart => part.kind === 'unit');
    const counting = [...changes.filter(({ unit }) => unit.holds !== 'function'), ...early.flat()];
    return [...new Set(counting)].sort((left, right) => evaluation.compare(left, right));
  }

  #changes(): readonly Part[] {
    if (this.#changing.size === 0 && this.#late.size === 0) return [];
    return [...this.#changing, ...this.#changed, ...this.#observing().filter((part) => this.#sees(part))];
  }

  #sees(part: Part): boolean {
    if (part.kind !== 'unit' || this.#isExcluded(part)) return false;
    if (this.#late.has(part.file) || runsAtLoad(part)) return true;
    const edges = this.#program.linker.edges(part);
    return part.unit.reads.some((index) => (edges[index] ?? []).some((target) => this.#changed.has(target.part)));
  }

  /** Of the parts that were found those that may see something change. */
  #observing(): readonly Part[] {
    const { table } = this.#program;
    const rows = this.#late.size > 0 ? this.#rows : this.#rows.filter((row) => table.mayObserve(row));
    return rows.map((row) => table.partAt(row));
  }

  /** How many references there are, and what each stands for. */
  #writeAll(references: readonly (readonly Target[])[]): void {
    this.#text.number(references.length);
    for (const targets of references) this.#write(targets);
  }

  #write(targets: readonly Target[]): void {
    this.#text.number(targets.length);
    for (const { part, bind } of targets) {
      this.#text.number(this.#reach(this.#program.table.rowOf(part), NONE));
      this.#text.number(bind);
    }
  }

  /** The same for the references of the part at a place. */
  #writeLinks(row: number, place: number): void {
    const { table } = this.#program;
    const text = this.#text;
    let at = table.linksOf(row);
    const { links } = table;
    const references = links[at] as number;
    text.number(references);
    at += 1;
    for (let left = references; left > 0; left -= 1) {
      const count = links[at] as number;
      text.number(count);
      at += 1;
      for (const end = at + 2 * count; at < end; at += 2) {
        text.number(this.#reach(links[at] as number, place));
        text.number(links[at + 1] as number);
      }
    }
  }

  /** The place of a row in the slice. */
  #reach(row: number, from: number): number {
    const { places } = this.#program.table;
    const known = places[row] as number;
    if (known !== NONE) return known;
    const place = this.#rows.length;
    places[row] = place;
    this.#rows.push(row);
    this.through.push(from);
    return place;
  }

  #drain(): void {
    for (; this.#done < this.#rows.length; this.#done += 1) this.#enter(this.#rows[this.#done] as number, this.#done);
  }

  #enter(row: number, place: number): void {
    const { declarations, table } = this.#program;
    if (!declarations.isEmpty && this.#isExcluded(table.partAt(row))) return this.#text.number(ENTRY.excluded);
    this.#text.number(ENTRY.part);
    this.#text.content(table.contents, row);
    this.#writeLinks(row, place);
    const facts = table.factsAt(row);
    if (facts === NOTHING_MORE) this.#text.number(0);
    else this.#addFacts(facts, table.partAt(row), place);
  }

  #addFacts(facts: PartFacts, part: Part, place: number): void {
    this.#addMutators(facts, part, place);
    if (facts.isEffect && part.kind === 'unit') this.#changing.add(part);
    for (const load of facts.loads) this.#loads.push({ ...load, by: place });
    for (const finding of facts.findings) this.findings.push(finding);
    for (const used of facts.early) this.#early.push([part as UnitPart, used]);
  }

  #addMutators({ mutators }: PartFacts, part: Part, place: number): void {
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
      this.#text.number(this.#reach(table.rowOf(mutator), place));
    }
  }

  /** Statements of evaluated modules that may change what all code can see, and modules that are imported for that. */
  #addGlobalEffects(): void {
    const { effects, evaluation, table } = this.#program;
    const reached = effects === 'reached' ? this.#reachedFiles() : undefined;
    for (const file of table.filesWithEffects(evaluation)) {
      if (reached !== undefined && !reached.has(file)) continue;
      if (file.bare.length > 0) this.#addBare(file);
      for (const part of table.mutations.globalIn(file)) {
        if (!this.#isExcluded(part)) this.#reach(table.rowOf(part), NONE);
      }
    }
  }

  /** While a module waits, others are evaluated: where order can be seen, so can how long it waits. */
  #addWaiting(): void {
    if (this.#changing.size === 0) return;
    const { effects, evaluation, table } = this.#program;
    const reached = effects === 'reached' ? this.#reachedFiles() : undefined;
    for (const file of evaluation.files) {
      if (reached !== undefined && !reached.has(file)) continue;
      for (const part of table.waitingIn(file)) {
        if (!this.#isExcluded(part)) this.#reach(table.rowOf(part), NONE);
      }
    }
  }

  #reachedFiles(): ReadonlySet<GraphNode> {
    const parts = [...this.kept().rows].map((row) => this.#program.table.partAt(row));
    return new Set(parts.flatMap((part) => (part.kind === 'unit' ? [part.file] : [])));
  }

  /** A module that is loaded while an op runs may fail then, whatever is used of it. */
  #addLateEffects(): void {
    for (let load = this.#loads[this.#followed]; load !== undefined; load = this.#loads[this.#followed]) {
      this.#followed += 1;
      const { evaluation } = this.#program;
      const late = evaluation.lateWith(load.path);
      for (const file of late) this.#late.add(file);
      const files = load.isProgram ? evaluation.program(load.path).atOnce() : late;
      this.#text.number(ENTRY.late);
      this.#text.number(load.by);
      this.#write(files.flatMap((file) => this.#failing(file)));
      // Which files they are does not count: the same names may be missing in another one tomorrow.
      const broken = new Set(files.flatMap((file) => brokenIn(file, this.#program.linker)));
      this.#text.bytes(Buffer.from(digestList([...broken].sort(byCodeUnits)), 'hex'));
    }
  }

  /** What must be there and go well for a file to be loaded. */
  #failing(file: GraphNode): readonly Target[] {
    const { linker } = this.#program;
    const parts = [...packagesNamedIn(file, linker), ...linker.unitsOf(file).filter(mayFail)];
    return parts.filter((part) => !this.#isExcluded(part)).map((part) => ({ part, bind: 0 }));
  }

  #addBare(file: GraphNode): void {
    if (this.#bare.has(file)) return;
    this.#bare.add(file);
    this.#text.number(ENTRY.bare);
    const { declarations, linker } = this.#program;
    this.#writeAll(file.bare.map((end) => linker.bare(end).filter(({ part }) => !declarations.isPure(part))));
  }
}
