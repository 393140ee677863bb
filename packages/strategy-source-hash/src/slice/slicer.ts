import { byCodeUnits, type Digest, digestAscii, digestList } from '../digest.ts';
import type { GraphNode } from '../graph-node.ts';
import type { Evaluation } from './evaluation.ts';
import type { Linker, Part, Target, UnitPart } from './linker.ts';
import { type Mutations, runsAtLoad } from './mutations.ts';
import type { PartContents } from './part-content.ts';
import type { EffectsMode } from './source-slice.ts';

/** A part of a slice, and the part through which it was found first. */
export interface Reached {
  readonly part: Part;
  readonly number: number;
  readonly from: Reached | undefined;
}

/** Everything that the behaviour of some parts can depend on. */
export interface Slice {
  readonly digest: Digest;
  /** In the order in which they were found. */
  readonly reached: readonly Reached[];
  /** Parts whose order of evaluation can matter, in that order. */
  readonly order: readonly UnitPart[];
}

export interface Program {
  readonly linker: Linker;
  readonly contents: PartContents;
  readonly mutations: Mutations;
  readonly evaluation: Evaluation;
  readonly effects: EffectsMode;
}

/**
 * Slices a program. Parts are numbered as they are found, and the digest is that of their contents with these numbers for
 * references: the program as a graph, blind to names and places, exact for cycles.
 */
export function sliceOf(roots: readonly (readonly Target[])[], program: Program): Slice {
  const walk = new SliceWalk(program);
  const start = roots.map((targets) => walk.tokenOf(targets, undefined));
  walk.run();
  const order = walk.order();
  // Lines are made of digests and numbers, so that no two texts run together.
  return { digest: digestAscii([...start, '', ...walk.lines(order)].join('\n')), reached: walk.reached, order };
}

class SliceWalk {
  readonly reached: Reached[] = [];
  readonly #program: Program;
  readonly #numbers = new Map<Part, Reached>();
  readonly #lines: string[] = [];
  readonly #bare = new Set<GraphNode>();
  /** Of the parts that were found, those that something changes as the program is loaded. */
  readonly #changed = new Set<Part>();
  /** The units that change something. */
  readonly #changing = new Set<UnitPart>();
  /** What the parts that were found load by themselves. */
  readonly #loads: string[] = [];
  #done = 0;

  constructor(program: Program) {
    this.#program = program;
  }

  tokenOf(targets: readonly Target[], from: Reached | undefined): string {
    let token = '';
    for (const { part, bind } of targets) {
      if (token !== '') token += '|';
      token += `${this.#reach(part, from).number}.${bind}`;
    }
    return token;
  }

  run(): void {
    this.#drain();
    for (let before = -1; before !== this.reached.length; ) {
      before = this.reached.length;
      this.#addGlobalEffects();
      this.#addLateEffects();
      this.#drain();
    }
  }

  lines(order: readonly UnitPart[]): readonly string[] {
    return [...this.#lines, 'order', ...order.map((part) => String(this.#numbers.get(part)?.number))];
  }

  /** The parts whose order counts: what changes something, and what may see it before or after. */
  order(): readonly UnitPart[] {
    const { evaluation } = this.#program;
    if (this.#changing.size === 0) return [];
    const units = this.reached.flatMap(({ part }) => (part.kind === 'unit' ? [part] : []));
    const seeing = units.filter((part) => runsAtLoad(part) || this.#readsAny(part, this.#changed));
    return [...new Set([...this.#changing, ...this.#changed, ...seeing])]
      .filter((part): part is UnitPart => part.kind === 'unit')
      .filter((part) => part.unit.holds !== 'function')
      .sort((left, right) => evaluation.compare(left, right));
  }

  #readsAny(part: UnitPart, changed: ReadonlySet<Part>): boolean {
    const edges = this.#program.linker.edges(part);
    return part.unit.reads.some((index) => (edges[index] ?? []).some((target) => changed.has(target.part)));
  }

  #mutatorsOf(part: Part): readonly UnitPart[] {
    const { evaluation, mutations } = this.#program;
    const all = mutations.of(part);
    if (all.length === 0) return all;
    return all.filter((mutator) => evaluation.has(mutator)).sort((left, right) => byPlace(left, right, evaluation));
  }

  #reach(part: Part, from: Reached | undefined): Reached {
    const known = this.#numbers.get(part);
    if (known !== undefined) return known;
    const reached = { part, number: this.reached.length, from };
    this.#numbers.set(part, reached);
    this.reached.push(reached);
    return reached;
  }

  #drain(): void {
    for (; this.#done < this.reached.length; this.#done += 1) {
      const reached = this.reached[this.#done];
      if (reached === undefined) continue;
      this.#lines.push(this.#lineOf(reached));
      if (reached.part.kind === 'unit') this.#enter(reached.part);
    }
  }

  #enter(part: UnitPart): void {
    const { linker, mutations } = this.#program;
    if (part.unit.isEffect || mutations.isGlobal(part)) this.#changing.add(part);
    for (const path of linker.loadedBy(part)) this.#loads.push(path);
  }

  #lineOf(reached: Reached): string {
    const { contents, linker } = this.#program;
    const { part } = reached;
    let line = contents.of(part);
    for (const targets of linker.edges(part)) line += ` ${this.tokenOf(targets, reached)}`;
    const mutators = this.#mutatorsOf(part);
    if (mutators.length === 0) return line;
    this.#changed.add(part);
    for (const mutator of mutators) {
      this.#changing.add(mutator);
      line += ` <${this.#reach(mutator, reached).number}`;
    }
    return line;
  }

  /** Statements of evaluated modules that may change what all code can see, and modules that are imported for that. */
  #addGlobalEffects(): void {
    const { effects, evaluation, mutations } = this.#program;
    const reached = effects === 'reached' ? this.#reachedFiles() : undefined;
    for (const file of mutations.filesWithEffects(evaluation)) {
      if (reached !== undefined && !reached.has(file)) continue;
      if (file.bare.length > 0) this.#addBare(file);
      for (const part of mutations.globalIn(file)) this.#reach(part, undefined);
    }
  }

  #reachedFiles(): ReadonlySet<GraphNode> {
    return new Set(this.reached.flatMap(({ part }) => (part.kind === 'unit' ? [part.file] : [])));
  }

  /** A module that is loaded while an op runs may fail then, whatever its statements are about. */
  #addLateEffects(): void {
    const { evaluation, linker } = this.#program;
    if (this.#loads.length === 0) return;
    const late = evaluation.lateWith(this.#loads);
    for (const file of evaluation.files) {
      if (!late.has(file)) continue;
      for (const part of linker.unitsOf(file)) if (mayFail(part)) this.#reach(part, undefined);
      this.#once(`late ${digestList(linker.broken(file))}`);
    }
  }

  #once(line: string): void {
    if (!this.#lines.includes(line)) this.#lines.push(line);
  }

  #addBare(file: GraphNode): void {
    if (this.#bare.has(file)) return;
    this.#bare.add(file);
    for (const end of file.bare) this.#lines.push(`bare ${this.tokenOf(this.#program.linker.bare(end), undefined)}`);
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
