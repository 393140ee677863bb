const FULL = 8_000_000;

/** Numbers objects in the order in which they are met. A JavaScript Map ends at 16.7 million entries; this does not. */
export class ObjectNumbers {
  readonly #full: Map<object, number>[] = [];
  readonly #perMap: number;
  #current = new Map<object, number>();
  #count = 0;

  constructor(perMap: number = FULL) {
    this.#perMap = perMap;
  }

  /** The number of an object that was met before; otherwise `undefined`, and the object has the next number from now on. */
  meet(object: object): number | undefined {
    const known = this.#current.get(object) ?? this.#find(object);
    if (known !== undefined) return known;
    if (this.#current.size >= this.#perMap) {
      this.#full.push(this.#current);
      this.#current = new Map();
    }
    this.#current.set(object, this.#count++);
    return undefined;
  }

  #find(object: object): number | undefined {
    for (const map of this.#full) {
      const known = map.get(object);
      if (known !== undefined) return known;
    }
    return undefined;
  }
}
