const BYTES = 32;
const DIGITS = 2 * BYTES;
const WORDS = BYTES / 4;
/** Which word of a version says where it lies: all versions of a directory share the beginning of the first one. */
const HASHED = 1;
/** As far from its own place a version lies at most: of a million random ones a handful would lie farther. */
const NEAR = 64;
const VERSION = /^[0-9a-f]{64}$/;

/**
 * The versions that the names in a directory are, for looking up others: a set of names would have to look at each as a text.
 *
 * Versions are digests, so that a part of them is as good as random, unless somebody who can write to the directory has chosen the names. What finds no
 * place near its own then lies in a `Set`, whose hashes nobody can foresee, so that each look-up stays at a bounded number of places.
 */
export class ListedVersions {
  #bytes: Buffer = Buffer.alloc(0);
  /** The same as the machine reads it. */
  #words: Int32Array = new Int32Array(0);
  /** Open addressing: numbers of names, counted from 1; 0 where there is none. */
  #places: Int32Array = new Int32Array(1);
  #mask = 0;
  readonly #crowded = new Set<string>();

  /** How many of the names have found no place near their own. */
  get crowded(): number {
    return this.#crowded.size;
  }

  /** Takes the names of a directory, in place of those before. What is no version is left out. */
  fill(names: readonly string[]): void {
    const count = this.#read(names) ? names.length : this.#readSome(names);
    const size = 2 ** Math.ceil(Math.log2(2 * count + 1));
    if (size > this.#places.length) this.#places = new Int32Array(size);
    else this.#places.fill(0);
    this.#mask = this.#places.length - 1;
    this.#crowded.clear();
    for (let at = 0; at < count; at++) this.#add(at);
  }

  /** Notes a 1 for each of some versions that is among the names; `asked` are their numbers. */
  mark(versions: Int32Array, asked: Int32Array, present: Uint8Array): void {
    for (let next = 0; next < asked.length; next++) {
      const at = asked[next] as number;
      if (this.has(versions, at)) present[at] = 1;
    }
  }

  /** True for a version that is among the names. */
  has(versions: Int32Array, at: number): boolean {
    const from = at * WORDS;
    const hash = versions[from + HASHED] as number;
    for (let away = 0; away < NEAR; away++) {
      const name = this.#places[(hash + away) & this.#mask] as number;
      if (name === 0) return false;
      const own = (name - 1) * WORDS;
      let word = 0;
      while (word < WORDS && this.#words[own + word] === versions[from + word]) word++;
      if (word === WORDS) return true;
    }
    return this.#crowded.size > 0 && this.#crowded.has(nameOf(versions, at));
  }

  #add(at: number): void {
    const hash = this.#words[at * WORDS + HASHED] as number;
    for (let away = 0; away < NEAR; away++) {
      const place = (hash + away) & this.#mask;
      if (this.#places[place] !== 0) continue;
      this.#places[place] = at + 1;
      return;
    }
    this.#crowded.add(nameOf(this.#words, at));
  }

  #readSome(names: readonly string[]): number {
    const versions = names.filter((name) => VERSION.test(name));
    this.#read(versions);
    return versions.length;
  }

  /** All names at once, which takes a fraction of reading them one by one; false where one is no version. */
  #read(names: readonly string[]): boolean {
    const length = names.length * BYTES;
    if (this.#bytes.length < length) {
      // Memory of its own, so that it can be read as words.
      this.#bytes = Buffer.allocUnsafeSlow(length);
      this.#words = new Int32Array(this.#bytes.buffer);
    }
    for (const name of names) if (name.length !== DIGITS) return false;
    const digits = names.join('');
    // Other digits than those that versions are written with would be read, too.
    return this.#bytes.write(digits, 0, length, 'hex') === length && this.#bytes.toString('hex', 0, length) === digits;
  }
}

/** Versions as the machine reads their bytes. */
export function wordsOf(versions: Uint8Array): Int32Array {
  const { buffer, byteOffset, length } = versions.byteOffset % 4 === 0 ? versions : Uint8Array.from(versions);
  return new Int32Array(buffer, byteOffset, length / 4);
}

/** The name of the file of a version. */
export function nameOf(versions: Int32Array, at: number): string {
  return Buffer.from(versions.buffer, versions.byteOffset + at * BYTES, BYTES).toString('hex');
}
