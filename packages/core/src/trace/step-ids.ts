/** Says which op a number belongs to where an id ends in one. */
const NUMBERED = /^(.+)_([1-9]\d*)$/;

/**
 * The ids of the steps of a build: given ones, and those that steps get from their op: its name, then its name with the numbers from 2 on. Of the
 * latter only the numbers are kept, because a large build has many.
 */
export class StepIds {
  readonly #given = new Set<string>();
  /** By name of an op, the largest number that was used, or left out because another step has that id. */
  readonly #numbers = new Map<string, { last: number }>();
  /** False once two ops, or an op and a given id, could want the same id. */
  #isApart = true;

  /** Gives a step of an op its number. */
  next(op: string): number {
    const numbers = this.#numbersOf(op);
    let number = numbers.last + 1;
    while (!this.#isApart && this.has(idOf(op, number))) number++;
    numbers.last = number;
    return number;
  }

  /** Notes the id that a step was given. */
  give(id: string): void {
    this.#given.add(id);
    this.#isApart = false;
  }

  /** True for an id that some step has. */
  has(id: string): boolean {
    if (this.#given.has(id) || (this.#numbers.get(id)?.last ?? 0) > 0) return true;
    const [, op = '', number] = NUMBERED.exec(id) ?? [];
    return number !== undefined && number !== '1' && Number(number) <= (this.#numbers.get(op)?.last ?? 0);
  }

  #numbersOf(op: string): { last: number } {
    const known = this.#numbers.get(op);
    if (known !== undefined) return known;
    if (NUMBERED.test(op)) this.#isApart = false;
    const numbers = { last: 0 };
    this.#numbers.set(op, numbers);
    return numbers;
  }
}

/** The id of a step: the given one, or that of a number. */
export function idOf(op: string, named: number | string): string {
  if (typeof named === 'string') return named;
  return named === 1 ? op : `${op}_${named}`;
}
