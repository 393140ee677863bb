import type { ImportCycles } from './import-cycles.ts';
import type { Linker } from './linker.ts';
import type { Mutations } from './mutations.ts';
import type { Part, UnitPart } from './part.ts';

/**
 * What units may use as they are evaluated though it is evaluated after them: `undefined` is what they see of a `var` then, and of others an error,
 * which code may catch. So what they hold follows from the order of evaluation. Function declarations can be used from the beginning on.
 */
export class EarlyUses {
  readonly #linker: Linker;
  readonly #mutations: Pick<Mutations, 'runs'>;
  readonly #cycles: ImportCycles;

  constructor(linker: Linker, mutations: Pick<Mutations, 'runs'>, cycles: ImportCycles) {
    this.#linker = linker;
    this.#mutations = mutations;
    this.#cycles = cycles;
  }

  /** The parts that may be evaluated after a unit which uses them: those below it, and in files that import each other any. */
  of(user: UnitPart): readonly UnitPart[] {
    const runs = this.#mutations.runs(user);
    const used = new Set((runs ? this.#named(user) : this.#read(user)).filter((part) => this.#isNear(part, user)));
    if (runs)
      for (const part of used) for (const next of this.#named(part)) if (this.#isNear(next, user)) used.add(next);
    return [...used].filter((part) => mayComeLater(part, user));
  }

  #isNear(part: UnitPart, user: UnitPart): boolean {
    return this.#cycles.areTogether(part.file, user.file);
  }

  #named(part: UnitPart): readonly UnitPart[] {
    const dormant = new Set(part.unit.dormant);
    return this.#linker.edges(part).flatMap((targets, index) => (dormant.has(index) ? [] : this.#unitsAmong(targets)));
  }

  #read(part: UnitPart): readonly UnitPart[] {
    if (part.unit.reads.length === 0) return [];
    const edges = this.#linker.edges(part);
    return part.unit.reads.flatMap((index) => this.#unitsAmong(edges[index] ?? []));
  }

  /** Whoever holds all that a module exports can use any of it. */
  #unitsAmong(targets: readonly { readonly part: Part }[], seen: Set<Part> = new Set()): readonly UnitPart[] {
    return targets.flatMap(({ part }) => {
      if (part.kind === 'unit') return [part];
      if (part.kind === 'leaf' || seen.has(part)) return [];
      seen.add(part);
      return this.#linker.edges(part).flatMap((next) => this.#unitsAmong(next, seen));
    });
  }
}

function mayComeLater(part: UnitPart, user: UnitPart): boolean {
  return part !== user && (part.file !== user.file || part.index > user.index) && !part.unit.traits.includes('hoisted');
}
