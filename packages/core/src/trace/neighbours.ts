/**
 * For each step of a plan some other steps, ascending and without repeats: all lists one behind the other, and where each begins. A large plan has
 * many edges, and a list of its own for each step would take more memory than the step.
 */
export class Neighbours {
  readonly #begins: Int32Array;
  readonly #steps: Int32Array;

  /** @param begins where the list of each step begins; one more entry says where the last one ends */
  constructor(begins: Int32Array, steps: Int32Array) {
    this.#begins = begins;
    this.#steps = steps;
  }

  /** How many steps have a list. */
  get size(): number {
    return this.#begins.length - 1;
  }

  /** How many neighbours a step has. */
  count(step: number): number {
    return (this.#begins[step + 1] as number) - (this.#begins[step] as number);
  }

  /** The neighbours of a step: a view, which a loop over all steps should do without. */
  of(step: number): Int32Array {
    return this.#steps.subarray(this.#begins[step], this.#begins[step + 1]);
  }

  /** Calls back for each neighbour of a step. */
  forEach(step: number, visit: (other: number) => void): void {
    const end = this.#begins[step + 1] as number;
    for (let at = this.#begins[step] as number; at < end; at++) visit(this.#steps[at] as number);
  }

  /** The first neighbour for which something holds. */
  find(step: number, holds: (other: number) => boolean): number | undefined {
    const end = this.#begins[step + 1] as number;
    for (let at = this.#begins[step] as number; at < end; at++) {
      const other = this.#steps[at] as number;
      if (holds(other)) return other;
    }
    return undefined;
  }

  /** True where all neighbours of each step have smaller numbers than the step. */
  isBackward(): boolean {
    const { size } = this;
    for (let step = 0; step < size; step++) {
      const end = this.#begins[step + 1] as number;
      // They are ascending.
      if (end > (this.#begins[step] as number) && (this.#steps[end - 1] as number) >= step) return false;
    }
    return true;
  }

  /** For each step 1 where it is a neighbour of another one. */
  named(): Uint8Array {
    const named = new Uint8Array(this.size);
    for (let at = 0; at < this.#steps.length; at++) named[this.#steps[at] as number] = 1;
    return named;
  }

  /** The same edges seen from the other side. */
  reversed(): Neighbours {
    const { size } = this;
    const begins = new Int32Array(size + 1);
    for (const other of this.#steps) (begins[other + 1] as number)++;
    for (let step = 0; step < size; step++) (begins[step + 1] as number) += begins[step] as number;
    const next = begins.slice();
    const steps = new Int32Array(this.#steps.length);
    for (let step = 0; step < size; step++)
      for (let at = this.#begins[step] as number; at < (this.#begins[step + 1] as number); at++)
        steps[(next[this.#steps[at] as number] as number)++] = step;
    return new Neighbours(begins, steps);
  }

  /** The same edges when the steps have other numbers. `order` lists the old numbers in the new order, `at` gives the new one of an old one. */
  renumbered(order: readonly number[], at: (step: number) => number): Neighbours {
    const list = new NeighbourList(this.size);
    for (const step of order) {
      for (const other of this.of(step)) list.add(at(other));
      list.endStep();
    }
    return list.neighbours();
  }
}

/** Gathers the neighbours of one step after the other, in any order and with repeats. */
export class NeighbourList {
  readonly #begins: Int32Array;
  #steps: Int32Array;
  #step = 0;
  #length = 0;

  constructor(size: number) {
    this.#begins = new Int32Array(size + 1);
    this.#steps = new Int32Array(Math.max(16, size * 2));
  }

  /** Adds a neighbour to the step that is under way. */
  add(other: number): void {
    if (this.#length === this.#steps.length) {
      const grown = new Int32Array(this.#steps.length * 2);
      grown.set(this.#steps);
      this.#steps = grown;
    }
    this.#steps[this.#length++] = other;
  }

  /** Goes on to the next step. */
  endStep(): void {
    const begin = this.#begins[this.#step] as number;
    if (!this.#isAscendingFrom(begin)) this.#length = sortedWithoutRepeats(this.#steps, begin, this.#length);
    this.#begins[++this.#step] = this.#length;
  }

  neighbours(): Neighbours {
    return new Neighbours(this.#begins, this.#steps.slice(0, this.#length));
  }

  #isAscendingFrom(begin: number): boolean {
    const steps = this.#steps;
    for (let at = begin + 1; at < this.#length; at++)
      if ((steps[at - 1] as number) >= (steps[at] as number)) return false;
    return true;
  }
}

/** Puts a part of a list in order, each number once; gives where it ends then. */
export function sortedWithoutRepeats(steps: Int32Array, begin: number, end: number): number {
  steps.subarray(begin, end).sort();
  let kept = begin;
  for (let at = begin; at < end; at++)
    if (kept === begin || steps[at] !== steps[kept - 1]) steps[kept++] = steps[at] as number;
  return kept;
}
