import type { Linker } from './linker.ts';
import type { UnitPart } from './part.ts';

/** What functions of packages have made: asking it for something is taken to change nothing. */
export class ForeignValues {
  readonly #linker: Linker;
  readonly #known = new Map<UnitPart, boolean>();

  constructor(linker: Linker) {
    this.#linker = linker;
  }

  has(part: UnitPart): boolean {
    const known = this.#known.get(part);
    if (known !== undefined) return known;
    // Of values that are made of each other, none comes from a package.
    this.#known.set(part, false);
    const edges = this.#linker.edges(part);
    const makers = part.unit.makers.flatMap((index) => edges[index] ?? []);
    const isForeign =
      makers.length > 0 &&
      makers.every(({ part: maker }) => maker.kind === 'leaf' || (maker.kind === 'unit' && this.has(maker)));
    this.#known.set(part, isForeign);
    return isForeign;
  }
}
