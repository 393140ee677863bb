import type { Linker } from './linker.ts';
import type { Part, Target, UnitPart } from './part.ts';
import { isChangedWithin, isClassOfRuntime } from './part-traits.ts';

/** What changes with a part, by what that names. */
export class NamedParts {
  readonly #linker: Linker;
  readonly #names = new Map<Part, readonly Part[]>();
  readonly #inside = new Map<Part, readonly Part[]>();

  constructor(linker: Linker) {
    this.#linker = linker;
  }

  /** The parts that somebody has asked about. */
  followed(): ReadonlySet<Part> {
    return new Set([...this.#names.keys(), ...this.#inside.keys()]);
  }

  /** What a part may be another name for. */
  otherNames(part: Part): readonly Part[] {
    const known = this.#names.get(part) ?? [...new Set(this.#namedBy(part, false))];
    this.#names.set(part, known);
    return known;
  }

  /** What is changed with something in a part: what it may give. */
  within(part: Part): readonly Part[] {
    const known = this.#inside.get(part) ?? [...new Set(this.#namedBy(part, true))].filter(isChangedWithin);
    this.#inside.set(part, known);
    return known;
  }

  #namedBy(part: Part, isDeep: boolean): readonly Part[] {
    const edges = this.#linker.edges(part);
    if (part.kind !== 'unit') return edges.flat().map((target) => target.part);
    if (part.unit.holds === 'framework' || part.unit.holds === 'constant') return [];
    const isAll = isDeep || part.unit.holds === 'function';
    const named = isAll ? liveEdges(part, edges) : part.unit.reads.map((index) => edges[index] ?? []);
    return named.flatMap((targets) => targets.flatMap(({ part: one }) => (isClassOfRuntime(one, part) ? [] : [one])));
  }
}

function liveEdges({ unit }: UnitPart, edges: readonly (readonly Target[])[]): readonly (readonly Target[])[] {
  return unit.dormant.length === 0 ? edges : edges.filter((_targets, index) => !unit.dormant.includes(index));
}
