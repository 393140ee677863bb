import type { UnitPart } from './part.ts';

/** Numbers for units, in the order in which they are asked for. */
export class UnitNumbers {
  readonly #numbers = new Map<UnitPart, number>();
  readonly #units: UnitPart[] = [];

  of(unit: UnitPart): number {
    const known = this.#numbers.get(unit);
    if (known !== undefined) return known;
    this.#numbers.set(unit, this.#units.length);
    this.#units.push(unit);
    return this.#units.length - 1;
  }

  unitAt(number: number): UnitPart {
    return this.#units[number] as UnitPart;
  }
}

const WORD = 32;

const NONE: readonly number[] = [];

/** Numbers of units, a bit each. In large programs there are thousands of such sets, most of which have most members in common. */
export class UnitSet {
  #words: Uint32Array = new Uint32Array(1);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(number: number): boolean {
    return ((this.#words[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
  }

  /** False for one that was there. */
  add(number: number): boolean {
    if (this.has(number)) return false;
    const at = number >>> 5;
    this.#reserve(at + 1);
    this.#words[at] = (this.#words[at] as number) | (1 << (number & 31));
    this.#size += 1;
    return true;
  }

  /** Adds all of another set; says which of them are new. */
  addAll(others: UnitSet): readonly number[] {
    const theirs = others.#words;
    let added: number[] | undefined;
    for (let at = 0; at < theirs.length; at += 1) {
      let fresh = (theirs[at] as number) & ~(this.#words[at] ?? 0);
      if (fresh === 0) continue;
      this.#reserve(theirs.length);
      this.#words[at] = (this.#words[at] as number) | fresh;
      added ??= [];
      for (; fresh !== 0; fresh &= fresh - 1) added.push(at * WORD + 31 - Math.clz32(fresh & -fresh));
    }
    this.#size += added?.length ?? 0;
    return added ?? NONE;
  }

  #reserve(length: number): void {
    if (length <= this.#words.length) return;
    const words = new Uint32Array(Math.max(length, 2 * this.#words.length));
    words.set(this.#words);
    this.#words = words;
  }
}
