import { byCodeUnits, type Digest, digestList } from '../digest.ts';
import type { GraphNode } from '../graph-node.ts';
import type { Evaluation } from './evaluation.ts';
import type { Linker, Part, Target, UnitPart } from './linker.ts';
import { type Mutations, runsAtLoad } from './mutations.ts';
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
  return { digest: digestList(['slice', ...start, '', ...walk.lines(order)]), reached: walk.reached, order };
}

class SliceWalk {
  readonly reached: Reached[] = [];
  readonly #program: Program;
  readonly #numbers = new Map<Part, Reached>();
  readonly #lines: string[] = [];
  readonly #bare = new Set<GraphNode>();
  #done = 0;

  constructor(program: Program) {
    this.#program = program;
  }

  tokenOf(targets: readonly Target[], from: Reached | undefined): string {
    return targets.map(({ part, bind }) => `${this.#reach(part, from).number}.${bind}`).join('|');
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
    const units = this.reached.flatMap(({ part }) => (part.kind === 'unit' ? [part] : []));
    const changed = new Set<Part>();
    const changing = new Set<UnitPart>(units.filter((part) => this.#isEffect(part)));
    for (const { part } of this.reached) {
      const mutators = this.#mutatorsOf(part);
      if (mutators.length > 0) changed.add(part);
      for (const mutator of mutators) changing.add(mutator);
    }
    if (changing.size === 0) return [];
    const seeing = units.filter((part) => runsAtLoad(part) || this.#readsAny(part, changed));
    return [...new Set([...changing, ...changed, ...seeing])]
      .filter((part): part is UnitPart => typeof part !== 'string' && part.kind === 'unit')
      .filter((part) => part.unit.holds !== 'function')
      .sort((left, right) => evaluation.compare(left, right));
  }

  #isEffect(part: UnitPart): boolean {
    return part.unit.isEffect || this.#program.mutations.isGlobal(part);
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
      if (reached !== undefined) this.#lines.push(this.#lineOf(reached));
    }
  }

  #lineOf(reached: Reached): string {
    const { part } = reached;
    const edges = this.#program.linker.edges(part).map((targets) => this.tokenOf(targets, reached));
    const mutators = this.#mutatorsOf(part).map((mutator) => String(this.#reach(mutator, reached).number));
    return `${this.#contentOf(part)} (${edges.join(' ')}) [${mutators.join(' ')}]`;
  }

  /** Statements of evaluated modules that may change what all code can see, and modules that are imported for that. */
  #addGlobalEffects(): void {
    const { effects, evaluation, mutations } = this.#program;
    const reached = effects === 'reached' ? this.#reachedFiles() : undefined;
    for (const file of evaluation.files) {
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
    const paths = this.reached.flatMap(({ part }) => (part.kind === 'unit' ? linker.loadedBy(part) : []));
    if (paths.length === 0) return;
    const late = evaluation.lateWith(paths);
    for (const file of evaluation.files) {
      if (!late.has(file)) continue;
      for (const part of linker.unitsOf(file)) if (mayFail(part)) this.#reach(part, undefined);
      this.#once(`late ${linker.broken(file).join(' ')}`);
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

  #contentOf(part: Part): string {
    switch (part.kind) {
      case 'unit':
        return `${part.unit.own} ${part.file.setting}`;
      case 'namespace':
        return `namespace ${this.#program.linker.namesOf(part.file.path).join(' ')}`;
      case 'leaf':
        return `leaf ${part.token}`;
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
