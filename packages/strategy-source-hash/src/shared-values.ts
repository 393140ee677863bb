/** Values that many answers have in common, each kept once. */
export class SharedValues {
  readonly values: unknown[] = [];
  readonly #numbers = new Map<unknown, number>();

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
