/** The shapes (lists of keys) that were written so far. */
export class ShapeTable {
  readonly #shapes: (readonly string[])[] = [];
  readonly #byText = new Map<string, number>();
  #last = -1;

  /** The number of a shape that was met before; otherwise `undefined`, and the shape has the next number from now on. */
  meet(keys: readonly string[]): number | undefined {
    if (this.#isShape(this.#last, keys)) return this.#last;
    const text = keys.join('\u0000');
    const known = this.#byText.get(text);
    if (known !== undefined && this.#isShape(known, keys)) {
      this.#last = known;
      return known;
    }
    this.#byText.set(text, this.#shapes.length);
    this.#last = this.#shapes.push(keys) - 1;
    return undefined;
  }

  #isShape(number: number, keys: readonly string[]): boolean {
    const shape = this.#shapes[number];
    if (shape === undefined || shape.length !== keys.length) return false;
    for (let index = 0; index < keys.length; index++) if (shape[index] !== keys[index]) return false;
    return true;
  }
}
