/** A value, or the JSON that it is stored as: one of them until somebody asks for the other. */
export class StoredValue<T> {
  #value: T | undefined;
  #json: Buffer | undefined;

  private constructor(value: T | undefined, json: Buffer | undefined) {
    this.#value = value;
    this.#json = json;
  }

  static of<T>(value: T): StoredValue<T> {
    return new StoredValue<T>(value, undefined);
  }

  /** JSON that was written from such a value. */
  static from<T>(json: Buffer): StoredValue<T> {
    return new StoredValue<T>(undefined, json);
  }

  get value(): T {
    this.#value ??= JSON.parse(this.#json?.toString('utf8') ?? '') as T;
    return this.#value;
  }

  get json(): Buffer {
    this.#json ??= Buffer.from(JSON.stringify(this.#value));
    return this.#json;
  }
}
