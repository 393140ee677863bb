import { addTo, type Sets } from './keyed-sets.ts';
import type { Linker } from './linker.ts';
import type { Part, UnitPart } from './part.ts';

/** Who names what in a program. */
export class Referrers {
  readonly #linker: Linker;
  readonly #isPure: (part: Part) => boolean;
  /** Part → the parts that refer to it. */
  readonly #referrers: Sets<Part, Part> = new Map();

  constructor(units: readonly UnitPart[], linker: Linker, isPure: (part: Part) => boolean) {
    this.#linker = linker;
    this.#isPure = isPure;
    for (const part of units) this.#refer(part);
  }

  /** Everything from which some parts can be reached, memo's own definitions left out: naming an op runs nothing. */
  reaching(parts: Iterable<Part>): ReadonlySet<Part> {
    const found = new Set<Part>(parts);
    for (const part of found) {
      if (part.kind === 'unit' && part.unit.holds === 'framework') continue;
      for (const referrer of this.#referrers.get(part) ?? []) if (!this.#isPure(referrer)) found.add(referrer);
    }
    return found;
  }

  #refer(part: Part): void {
    const dormant = new Set(part.kind === 'unit' ? part.unit.dormant : []);
    for (const [index, targets] of this.#linker.edges(part).entries()) {
      if (dormant.has(index)) continue;
      for (const { part: target } of targets) {
        if (target.kind === 'leaf') continue;
        const isNew = !this.#referrers.has(target);
        addTo(this.#referrers, target, part);
        if (isNew && target.kind === 'namespace') this.#refer(target);
      }
    }
  }
}
