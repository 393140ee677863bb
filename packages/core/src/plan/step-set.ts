/** Steps of a plan, by number. Any set of numbers will do. */
export interface Steps extends Iterable<number> {
  has(step: number): boolean;
}

/** A set of steps of one plan, as one byte for each step; iterates in ascending order. */
export class StepSet implements Steps {
  readonly #held: Uint8Array;
  /** True for a set that was made of all steps of a plan. */
  isWhole: boolean = false;

  constructor(count: number) {
    this.#held = new Uint8Array(count);
  }

  /** All steps of a plan of `count` steps. */
  static all(count: number): StepSet {
    const all = new StepSet(count);
    all.#held.fill(1);
    all.isWhole = true;
    return all;
  }

  /** The steps that have no byte in a list with one for each. */
  static without(others: Uint8Array): StepSet {
    const found = new StepSet(others.length);
    for (let step = 0; step < others.length; step++) found.#held[step] = others[step] === 0 ? 1 : 0;
    return found;
  }

  /** The steps of a plan of `count` steps for which something holds: asked once for each, where the answer is needed several times. */
  static where(count: number, holds: (step: number) => boolean): StepSet {
    const found = new StepSet(count);
    for (let step = 0; step < count; step++) if (holds(step)) found.add(step);
    return found;
  }

  add(step: number): void {
    this.#held[step] = 1;
  }

  has(step: number): boolean {
    return this.#held[step] === 1;
  }

  *[Symbol.iterator](): Generator<number> {
    for (let step = 0; step < this.#held.length; step++) if (this.#held[step] === 1) yield step;
  }
}
