import { isParsed } from './analysis.ts';
import { EagerLoads } from './eager-loads.ts';
import type { GraphNode } from './graph-node.ts';
import { KeptNode } from './kept-node.ts';
import { ALL_EXPORTS, FILE, type KeptFile, ROW } from './kept-program.ts';
import type { MovedUnits, ProgramAgain } from './program-again.ts';
import { Reached } from './reached-files.ts';
import { JSX_RUNTIME } from './slice/file-units.ts';
import type { Part, Target, UnitPart } from './slice/part.ts';
import type { SliceReader } from './slice/slice-reader.ts';
import { NONE } from './slice/slice-table.ts';
import { isStill, readsNothing } from './slice/still-units.ts';
import type { Ref } from './slice/unit.ts';
import { fileTraits, keptUnits } from './unit-traits.ts';

/** Of files about which nothing may be said that is not known of each unit of theirs. */
const LOUD = FILE.late | FILE.bare | FILE.astray | FILE.waits | FILE.open;

/** The files that load the slices, before and after the edits. */
export interface Roots {
  readonly before: ReadonlySet<string>;
  readonly now: ReadonlySet<string>;
}

/**
 * Some edited files of a program that is otherwise as it was. Where all that was edited has nothing to do with what code changes as it is loaded,
 * only slices change that have something of it: what others are is what they were.
 */
export class EditedProgram {
  /** Rows that may say something else, or lead elsewhere. */
  readonly dirty: Set<number> = new Set();
  /** Files that the program did not have. */
  readonly added: GraphNode[] = [];
  readonly edited: readonly GraphNode[];
  /** The paths of those that it does not have any more. */
  readonly gone: readonly string[];
  readonly #again: ProgramAgain;
  readonly #reader: SliceReader;
  readonly #moved = new Map<string, MovedUnits>();
  /** Units that were changed or added, whose references have to be looked at. */
  readonly #open: UnitPart[] = [];
  readonly #openParts = new Set<Part>();

  constructor(reader: SliceReader, again: ProgramAgain, { edited, gone }: Pick<EditedProgram, 'edited' | 'gone'>) {
    this.#reader = reader;
    this.#again = again;
    this.edited = edited;
    this.gone = gone;
  }

  /** True when the edits are of that kind: then {@link dirty} is complete. */
  isTold(roots: Roots): boolean {
    for (const node of this.edited) this.#moved.set(node.path, this.#again.move(node));
    for (const path of this.gone) this.#again.remove(path);
    this.#findAdded(roots.now);
    return (
      this.gone.every((path) => this.#isMissed(path)) &&
      this.edited.every((node) => this.#isQuiet(node) && this.#hasKeptUnits(node)) &&
      this.added.every((node) => this.#isQuiet(node) && this.#hasOnlyStillUnits(node)) &&
      this.#open.every((part) => this.#leadsToQuiet(part)) &&
      this.edited.every((node) => this.#exportsTheSame(node)) &&
      this.#isReachedTheSame(roots)
    );
  }

  /** Files that were not edited lead where they did. */
  #findAdded(roots: Iterable<string>): void {
    const paths = new Set([...roots, ...this.edited.flatMap(({ targets }) => targets)]);
    for (const path of paths) {
      const node = this.#reader.graph.node(path);
      if (node === undefined || node instanceof KeptNode || this.#moved.has(path)) continue;
      this.added.push(node);
      for (const target of node.targets) paths.add(target);
    }
  }

  /** True for a file that nobody leads to any more but those that are edited or gone, too, and that had no part in what code changes. */
  #isMissed(path: string): boolean {
    const known = this.#again.file(path);
    if (known?.kind !== 'source' || (known.traits & LOUD) !== 0) return false;
    const number = this.#again.program.files.indexOf(known);
    const isLedTo = this.#again.program.files.some(
      (file) => file.targets.includes(number) && !this.#moved.has(file.path) && !this.gone.includes(file.path),
    );
    for (const place of known.inner.keys()) this.#isLetGo({ path }, -1 - place);
    const areLetGo = [...known.units.keys()].every((place) => this.#isLetGo({ path }, place));
    const all = this.#again.rowAt(path, ALL_EXPORTS);
    return !isLedTo && areLetGo && (all === undefined || this.#isLetGo({ path }, ALL_EXPORTS));
  }

  #isQuiet(node: GraphNode): boolean {
    const known = this.#again.file(node.path);
    const { facts, kind } = node;
    if (kind !== 'source' || facts === undefined || !isParsed(facts)) return false;
    if (known !== undefined && (known.kind !== 'source' || known.setting !== node.setting)) return false;
    return ((fileTraits(node) | (known?.traits ?? 0)) & LOUD) === 0 && facts.units.mistakes.length === 0;
  }

  #hasOnlyStillUnits(node: GraphNode): boolean {
    for (const part of this.#reader.linker.unitsOf(node)) this.#openUp(part);
    return this.#open.every((part) => isStill(part, this.#reader.linker));
  }

  #openUp(part: UnitPart): void {
    this.#open.push(part);
    this.#openParts.add(part);
  }

  /** Units that count for what code changes must be as they were, in their order; and of others both what they were and what they are must be quiet. */
  #hasKeptUnits(node: GraphNode): boolean {
    const known = this.#again.file(node.path) as KeptFile;
    const { before, after } = this.#moved.get(node.path) as MovedUnits;
    if (!isAscending([...before].filter(([now]) => now >= 0).map(([, then]) => then))) return false;
    for (const place of known.units.keys()) if (!after.has(place) && !this.#isLetGo(node, place)) return false;
    for (const place of known.inner.keys()) if (!after.has(-1 - place)) this.#isLetGo(node, -1 - place);
    const { linker } = this.#reader;
    const units = keptUnits(node.facts?.units.units ?? []);
    for (const part of linker.unitsOf(node)) {
      const then = before.get(part.index);
      const now = units[part.index];
      if (
        now === undefined ||
        !this.#fits(part, { now, was: then === undefined ? undefined : known.units[then], place: then })
      )
        return false;
    }
    return this.#renewInner(node, before);
  }

  #fits(
    part: UnitPart,
    {
      now,
      was,
      place,
    }: {
      readonly now: KeptFile['units'][number];
      readonly was: KeptFile['units'][number] | undefined;
      readonly place: number | undefined;
    },
  ): boolean {
    const { linker } = this.#reader;
    const row = place === undefined ? undefined : this.#again.rowAt(part.file.path, place);
    if (row === undefined || was === undefined) {
      this.#openUp(part);
      return was === undefined && isStill(part, linker);
    }
    const isSame = now.form === was.form && this.#hasSameRow(part, row);
    const traits = this.#again.traitsAt(row);
    // What runs may have met other units on its way.
    if (!isSame || !this.#saysTheSame(part, row) || (traits & ROW.runs) !== 0 || !readsNothing(part, linker))
      this.dirty.add(row);
    if (isSame) return true;
    this.#reader.table.renew(row);
    this.#openUp(part);
    return (traits & ROW.plain) !== 0 && isStill(part, linker) && now.kind === was.kind && !this.#again.hasFacts(row);
  }

  /** True when the same is said of it, with the same lines. */
  #saysTheSame(part: UnitPart, row: number): boolean {
    const [before, now] = [this.#again.findingsAt(row), this.#reader.table.findings.of(part)];
    return before.length + now.length === 0 || JSON.stringify(before) === JSON.stringify(now);
  }

  #isLetGo({ path }: Pick<GraphNode, 'path'>, place: number): boolean {
    const row = this.#again.rowAt(path, place);
    if (row === undefined) return false;
    this.dirty.add(row);
    return (this.#again.traitsAt(row) & ROW.plain) !== 0 && !this.#again.hasFacts(row);
  }

  /** What ops compute changes nothing as code is loaded, and what a member of an object does is found for the whole of that. */
  #renewInner(node: GraphNode, before: ReadonlyMap<number, number>): boolean {
    for (const [now, then] of before) {
      const row = now < 0 ? this.#again.rowAt(node.path, then) : undefined;
      if (row === undefined) continue;
      const part = this.#again.partAt(row) as UnitPart;
      const isSame = this.#hasSameRow(part, row) && !this.#again.hasFacts(row);
      if (isSame && this.#saysTheSame(part, row)) continue;
      this.dirty.add(row);
      this.#reader.table.renew(row);
    }
    return true;
  }

  #hasSameRow(part: Part, row: number): boolean {
    const { table } = this.#reader;
    const start = this.#again.starts[row] ?? NONE;
    if (start === NONE || !table.saysTheSame(row)) return false;
    const links = this.#numbersOf(table.edgesOf(part));
    return links.every((number, at) => number === this.#again.links[start + at]);
  }

  /** As in `SliceTable.links`. */
  #numbersOf(references: readonly (readonly Target[])[]): readonly number[] {
    const { table } = this.#reader;
    const lists = references.map((targets) => [
      targets.length,
      ...targets.flatMap(({ part, bind }) => [table.rowOf(part), bind]),
    ]);
    return [references.length, ...lists.flat()];
  }

  #leadsToQuiet(part: UnitPart): boolean {
    const { unit } = part;
    const passed = new Set(unit.passes.flatMap(({ ref, callee }) => [ref, ...(callee === undefined ? [] : [callee])]));
    const isAsleep = (index: number): boolean => unit.dormant.includes(index) && !passed.has(index);
    const isPlain = unit.refs.every((ref) => isOrdinary(ref));
    const edges = this.#reader.linker.edges(part);
    return (
      isPlain && edges.every((targets, index) => isAsleep(index) || targets.every((one) => this.#isClear(one.part)))
    );
  }

  #isClear(part: Part, seen: Set<Part> = new Set()): boolean {
    if (part.kind === 'leaf') return part.members === undefined;
    if (this.#openParts.has(part) || seen.has(part)) return true;
    seen.add(part);
    const row = this.#again.rowOf(part);
    const isKnown = row !== undefined && (this.#again.traitsAt(row) & ROW.clear) !== 0;
    if (part.kind === 'unit') return isKnown;
    return this.#reader.linker.edges(part).every((targets) => targets.every((one) => this.#isClear(one.part, seen)));
  }

  /** What others took from a file is what it was; what it has more, nobody asked for. */
  #exportsTheSame(node: GraphNode): boolean {
    const { linker, table } = this.#reader;
    const known = this.#again.file(node.path) as KeptFile;
    const now = new Set(node.facts?.units.exports.map(({ name }) => name));
    const asked = new Set(known.asked);
    const isOpen = this.#isPassedOn(node.path);
    let isSame = true;
    const exported = new Map(known.exports);
    for (const name of new Set([...exported.keys(), ...now])) {
      const then = exported.get(name);
      if (then !== undefined && now.has(name)) {
        const targets = linker.exported(node.path, name).flatMap(({ part, bind }) => [table.rowOf(part), bind]);
        if (!isEqual(targets, then)) return false;
      } else {
        isSame = false;
        if (isOpen || asked.has(name)) return false;
      }
    }
    const all = this.#again.rowAt(node.path, ALL_EXPORTS);
    if (isSame || all === undefined) return true;
    if ((this.#again.traitsAt(all) & ROW.plain) === 0 || !this.#isClear(linker.namespaceOf(node))) return false;
    this.dirty.add(all);
    table.renew(all);
    return true;
  }

  /** True for a file all of whose exports another one may export. */
  #isPassedOn(path: string): boolean {
    const number = this.#again.program.files.findIndex((file) => file.path === path);
    return this.#again.program.files.some(
      ({ targets, traits }) => (traits & FILE.open) !== 0 && targets.includes(number),
    );
  }

  #isReachedTheSame(roots: Roots): boolean {
    const reached = new Reached(this.#again, this.#reader.graph);
    const loads = new EagerLoads(this.#again, this);
    const paths = [...[...this.edited, ...this.added].map(({ path }) => path), ...this.gone];
    const news = [...this.edited, ...this.added];
    const remaining = [...roots.now].filter((path) => roots.before.has(path));
    if (
      paths.some((path) => loads.isInCycle(path)) ||
      reached.mayFindMore(news, this.gone) ||
      !reached.loadsLateAsBefore(remaining, this)
    )
      return false;
    if (reached.losesChanges(roots, this.edited)) return false;
    const isReordered = reached.evaluatesOthers(this.edited);
    for (const [row, { loads }] of this.#again.program.facts) {
      // All that is named by files which are loaded late counts for those that load them.
      if (isReordered || loads.length > 0) this.dirty.add(row);
    }
    return !isReordered || (!reached.meetsEffects(this.edited) && reached.ordersAsBefore());
  }
}

/** A reference that nothing is loaded by. */
function isOrdinary(ref: Ref): boolean {
  return ref.to !== 'module' || ref.from === JSX_RUNTIME;
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, at) => at === 0 || (numbers[at - 1] ?? 0) < number);
}

function isEqual(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((number, at) => number === right[at]);
}
