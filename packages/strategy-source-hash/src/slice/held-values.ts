import type { Linker, Part, UnitPart } from './linker.ts';

interface Changes {
  /** All that may change anything. */
  readonly units: readonly UnitPart[];
  /** The units that change a value itself, in the order in which they were found. */
  readonly writersOf: (part: Part) => ReadonlySet<UnitPart> | undefined;
  /** What a unit may put into a value, as far as that can be changed. */
  readonly putBy: (unit: UnitPart) => readonly Part[];
  readonly change: (writer: UnitPart, held: Part) => void;
}

/**
 * Who changes something that values hold, or are other names for. What they hold is not only what their declarations name: others put
 * something into them.
 */
export class HeldValues {
  /** Value → who changes something in it. */
  readonly #inside = new Map<Part, HeldValue>();
  /** Variable → who changes what it holds. */
  readonly #variables = new Map<Part, HeldValue>();

  get isEmpty(): boolean {
    return this.#inside.size === 0 && this.#variables.size === 0;
  }

  hasInside(part: Part, writer: UnitPart): boolean {
    return this.#inside.get(part)?.writers.has(writer) === true;
  }

  addInside(part: Part, writer: UnitPart): void {
    valueAt(this.#inside, part).writers.add(writer);
  }

  addVariable(part: Part, writer: UnitPart): void {
    valueAt(this.#variables, part).writers.add(writer);
  }

  /** Changes what was put into values, and what that holds in turn, until nothing more is found. */
  settle(changes: Changes): void {
    const met = new Meetings(changes.units);
    for (let isNew = true; isNew; ) {
      isNew = false;
      for (const value of [...this.#inside.values(), ...this.#variables.values()]) {
        if (value.settle(changes, met)) isNew = true;
      }
    }
  }
}

function valueAt(values: Map<Part, HeldValue>, part: Part): HeldValue {
  const known = values.get(part) ?? new HeldValue(part);
  values.set(part, known);
  return known;
}

/** One value: who changes something that it holds, and who has put something into it. */
class HeldValue {
  readonly writers: Set<UnitPart> = new Set();
  readonly #part: Part;
  /** How many writers were brought together with how many putters. */
  #done: { readonly writers: number; readonly putters: number } = { writers: 0, putters: 0 };

  constructor(part: Part) {
    this.#part = part;
  }

  /** Gives what some have put there to those who change it; what two have met for in another value is left out. True when there was something new. */
  settle({ writersOf, putBy, change }: Changes, met: Meetings): boolean {
    const found = writersOf(this.#part);
    const done = this.#done;
    if (this.writers.size === done.writers && (found?.size ?? 0) === done.putters) return false;
    const [writers, putters] = [[...this.writers], [...(found ?? [])]];
    this.#done = { writers: writers.length, putters: putters.length };
    const numbers = putters.map((putter) => met.numberOf(putter));
    for (const [at, writer] of writers.entries()) {
      const known = met.of(writer);
      for (let index = at < done.writers ? done.putters : 0; index < putters.length; index += 1) {
        const number = numbers[index] as number;
        if (known.has(number)) continue;
        const held = putBy(putters[index] as UnitPart);
        if (!held.includes(this.#part)) known.add(number);
        for (const one of held) if (one !== this.#part) change(writer, one);
      }
    }
    return true;
  }
}

/** Which writers were given what which putters put somewhere. In large programs that are millions of pairs, most of which come again. */
class Meetings {
  readonly #numbers: ReadonlyMap<UnitPart, number>;
  readonly #met = new Map<UnitPart, NumberSet>();

  constructor(units: readonly UnitPart[]) {
    this.#numbers = new Map(units.map((unit, number) => [unit, number]));
  }

  numberOf(putter: UnitPart): number {
    return this.#numbers.get(putter) as number;
  }

  /** The numbers of those whom a writer has met. */
  of(writer: UnitPart): NumberSet {
    const known = this.#met.get(writer) ?? new NumberSet(this.#numbers.size);
    this.#met.set(writer, known);
    return known;
  }
}

/** Numbers below a limit, a bit each. */
class NumberSet {
  readonly #bits: Uint8Array;

  constructor(limit: number) {
    this.#bits = new Uint8Array(Math.ceil(limit / 8));
  }

  has(number: number): boolean {
    return ((this.#bits[number >> 3] as number) & (1 << (number & 7))) !== 0;
  }

  add(number: number): void {
    this.#bits[number >> 3] = (this.#bits[number >> 3] as number) | (1 << (number & 7));
  }
}

/** The values that units hand to functions. */
export function valuesGiven(units: readonly UnitPart[], linker: Linker): ReadonlyMap<Part, readonly Part[]> {
  const given = new Map<Part, Part[]>();
  for (const part of units) {
    if (part.unit.passes.length === 0) continue;
    const edges = linker.edges(part);
    for (const { ref, callee } of part.unit.passes) {
      for (const target of callee === undefined ? [] : (edges[callee] ?? [])) {
        const values = given.get(target.part) ?? [];
        values.push(...(edges[ref] ?? []).map((one) => one.part));
        given.set(target.part, values);
      }
    }
  }
  return given;
}
