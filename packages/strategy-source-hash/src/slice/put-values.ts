import { addTo, type Sets } from './keyed-sets.ts';
import type { Linker } from './linker.ts';
import type { Part, UnitPart } from './part.ts';
import { isChangeable } from './part-traits.ts';

/** What units may put into values, as far as that can be changed: what they name themselves, and what others hand to them. */
export class PutValues {
  readonly #units: readonly UnitPart[];
  readonly #linker: Linker;
  readonly #namedBy: (unit: UnitPart) => readonly Part[];
  readonly #known = new Map<UnitPart, readonly Part[]>();
  #handed: Sets<Part, Part> | undefined;

  constructor(units: readonly UnitPart[], linker: Linker, namedBy: (unit: UnitPart) => readonly Part[]) {
    this.#units = units;
    this.#linker = linker;
    this.#namedBy = namedBy;
  }

  by(unit: UnitPart): readonly Part[] {
    const known = this.#known.get(unit);
    if (known !== undefined) return known;
    this.#handed ??= this.#findHanded();
    const named = this.#namedBy(unit).filter(isChangeablePart);
    const put = [...new Set([...named, ...(this.#handed.get(unit) ?? [])])];
    this.#known.set(unit, put);
    return put;
  }

  /** The values that units hand to functions. */
  #findHanded(): Sets<Part, Part> {
    const handed: Sets<Part, Part> = new Map();
    for (const part of this.#units) {
      if (part.unit.passes.length === 0) continue;
      const edges = this.#linker.edges(part);
      for (const { ref, callee } of part.unit.passes) {
        const values = callee === undefined ? [] : (edges[ref] ?? []).map((one) => one.part).filter(isChangeablePart);
        for (const value of values) for (const target of edges[callee ?? -1] ?? []) addTo(handed, target.part, value);
      }
    }
    return handed;
  }
}

function isChangeablePart(part: Part): boolean {
  return part.kind === 'unit' && isChangeable(part);
}
