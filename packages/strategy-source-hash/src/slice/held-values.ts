import type { Part, UnitPart } from './part.ts';
import { UnitNumbers, UnitSet } from './unit-sets.ts';

const NOBODY: ReadonlySet<UnitPart> = new Set();

/** What is known of parts. */
interface Parts {
  /** What is changed with something in a part, as far as that can be: what the part may give. */
  readonly within: (part: Part) => readonly Part[];
  /** Counts who changes something in a part. */
  readonly count: (writer: UnitPart, part: Part) => void;
}

interface Changes {
  /** The units that change a value itself. */
  readonly writersOf: (part: Part) => ReadonlySet<UnitPart> | undefined;
  /** What a unit may put into a value, as far as that can be changed. */
  readonly putBy: (unit: UnitPart) => readonly Part[];
}

/**
 * Who changes something that values hold, or are other names for. What they hold is not only what their declarations name: others put
 * something into them.
 */
export class HeldValues {
  readonly #parts: Parts;
  readonly #numbers = new UnitNumbers();
  /** Value → who changes something in it. */
  readonly #inside = new Map<Part, HeldValue>();
  /** Variable → who changes what it holds. */
  readonly #variables = new Map<Part, HeldValue>();
  /** Unit → who has changed all that it may put somewhere. */
  readonly #met = new Map<UnitPart, UnitSet>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get isEmpty(): boolean {
    return this.#inside.size === 0 && this.#variables.size === 0;
  }

  hasInside(part: Part, writer: UnitPart): boolean {
    return this.#inside.get(part)?.writers.has(this.#numbers.of(writer)) === true;
  }

  /** Something in a part is changed, and with it all that this may be. */
  changeInside(part: Part, writer: UnitPart): void {
    const writers = new UnitSet();
    writers.add(this.#numbers.of(writer));
    this.#change(part, writers);
  }

  addVariable(part: Part, writer: UnitPart): void {
    valueAt(this.#variables, part).writers.add(this.#numbers.of(writer));
  }

  /** Changes what was put into values, and what that holds in turn, until nothing more is found. */
  settle({ writersOf, putBy }: Changes): void {
    for (let isNew = true; isNew; ) {
      const putters = new Set<UnitPart>();
      for (const [part, value] of this.#inside) {
        for (const putter of value.meet(writersOf(part))) {
          if (this.#metBy(putter).addAll(value.writers).length > 0) putters.add(putter);
        }
      }
      isNew = putters.size > 0;
      for (const putter of putters) for (const held of putBy(putter)) this.#change(held, this.#metBy(putter));
      for (const [part, value] of this.#variables) {
        for (const putter of value.meet(writersOf(part))) {
          isNew = true;
          // What changes that a variable holds need not change the variable by what is put there.
          for (const held of putBy(putter)) if (held !== part) this.#change(held, value.writers);
        }
      }
    }
  }

  #metBy(putter: UnitPart): UnitSet {
    const known = this.#met.get(putter) ?? new UnitSet();
    this.#met.set(putter, known);
    return known;
  }

  #change(part: Part, writers: UnitSet): void {
    const pending = [part];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const added = valueAt(this.#inside, next).writers.addAll(writers);
      if (added.length === 0) continue;
      for (const number of added) this.#parts.count(this.#numbers.unitAt(number), next);
      pending.push(...this.#parts.within(next));
    }
  }
}

function valueAt(values: Map<Part, HeldValue>, part: Part): HeldValue {
  const known = values.get(part) ?? new HeldValue();
  values.set(part, known);
  return known;
}

/** One value: who changes something that it holds. */
class HeldValue {
  readonly writers: UnitSet = new UnitSet();
  /** How many writers were brought together with how many putters. */
  #done: { readonly writers: number; readonly putters: number } = { writers: 0, putters: 0 };

  /** Brings the writers together with those who put something there: with all of them, where either are more than before. */
  meet(found: ReadonlySet<UnitPart> = NOBODY): Iterable<UnitPart> {
    const [writers, putters] = [this.writers.size, found.size];
    if (writers === this.#done.writers && putters === this.#done.putters) return NOBODY;
    this.#done = { writers, putters };
    return [...found];
  }
}
