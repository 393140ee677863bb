/** What was read and written of things that several share, by the name of a collection and a key in it. */
export class Footprint {
  readonly #read = new Set<string>();
  readonly #written = new Set<string>();
  /** Collections that were gone through, and those of which anything was written. */
  readonly #listed = new Set<string>();
  readonly #changed = new Set<string>();

  read(collection: string, key: string): void {
    this.#read.add(`${collection}/${key}`);
  }

  list(collection: string): void {
    this.#listed.add(collection);
  }

  write(collection: string, key: string): void {
    this.#written.add(`${collection}/${key}`);
    this.#changed.add(collection);
  }

  /** False where it makes no difference which of the two comes first. */
  meets(other: Footprint): boolean {
    return (
      meet(this.#written, other.#written) ||
      meet(this.#written, other.#read) ||
      meet(this.#read, other.#written) ||
      meet(this.#changed, other.#listed) ||
      meet(this.#listed, other.#changed)
    );
  }
}

/** Holds the footprint of whoever goes on now. */
export class Ground {
  footprint: Footprint = new Footprint();
}

/** A map that says what is read and written of it. */
export class TrackedMap<V> extends Map<string, V> {
  readonly #name: string;
  readonly #ground: Ground | undefined;

  constructor(name: string, entries: Iterable<readonly [string, V]> = [], ground?: Ground) {
    super();
    this.#name = name;
    this.#ground = ground;
    for (const [key, value] of entries) super.set(key, value);
  }

  override get(key: string): V | undefined {
    this.#ground?.footprint.read(this.#name, key);
    return super.get(key);
  }

  override has(key: string): boolean {
    this.#ground?.footprint.read(this.#name, key);
    return super.has(key);
  }

  override set(key: string, value: V): this {
    this.#ground?.footprint.write(this.#name, key);
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    this.#ground?.footprint.write(this.#name, key);
    return super.delete(key);
  }

  override keys(): MapIterator<string> {
    this.#ground?.footprint.list(this.#name);
    return super.keys();
  }

  override [Symbol.iterator](): MapIterator<[string, V]> {
    this.#ground?.footprint.list(this.#name);
    return super[Symbol.iterator]();
  }
}

function meet(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const one of some) if (others.has(one)) return true;
  return false;
}
