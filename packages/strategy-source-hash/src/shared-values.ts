/** Values that many answers have in common, each kept once. */
export class SharedValues {
  readonly values: unknown[];
  readonly #numbers = new Map<unknown, number>();

  /** More may be added to those that are given. */
  constructor(values: unknown[] = []) {
    this.values = values;
    for (const [number, value] of values.entries()) this.#numbers.set(JSON.stringify(value), number);
  }

  /** Equal values have one number. */
  numberOf(value: unknown): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const text = JSON.stringify(value);
    const number = this.#numbers.get(text) ?? this.values.push(value) - 1;
    this.#numbers.set(value, number);
    this.#numbers.set(text, number);
    return number;
  }
}

/** {@link SharedValues} that were stored. */
export class StoredValues {
  readonly #values: readonly unknown[];
  /** Guard → numbers of the values that passed it. */
  readonly #checked = new Map<unknown, Set<unknown>>();

  constructor(values: readonly unknown[]) {
    this.#values = values;
  }

  /** The value of a number; `undefined` when it is none of its kind. Each is checked once. */
  of<T>(number: unknown, isOne: (value: unknown) => value is T): T | undefined {
    const value = typeof number === 'number' ? this.#values[number] : undefined;
    const checked = this.#checked.get(isOne) ?? new Set();
    this.#checked.set(isOne, checked);
    if (checked.has(number)) return value as T;
    if (!isOne(value)) return undefined;
    checked.add(number);
    return value;
  }
}
