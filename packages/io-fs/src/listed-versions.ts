const BYTES = 32;
const DIGITS = 2 * BYTES;
const VERSION = /^[0-9a-f]{64}$/;
const NO_DIGIT = 16;
/** The number of each digit's character; {@link NO_DIGIT} for what is none. */
const NUMBERS: Uint8Array = new Uint8Array(256).fill(NO_DIGIT);
for (let digit = 0; digit < NO_DIGIT; digit++) NUMBERS[digit.toString(16).charCodeAt(0)] = digit;

/** The versions that the names in a directory are, for looking up others: a set of names would have to look at each as a text. */
export class ListedVersions {
  #characters: Buffer = Buffer.alloc(0);
  #bytes: Uint8Array = new Uint8Array(0);
  /** Open addressing: numbers of names, counted from 1; 0 where there is none. */
  #places: Int32Array = new Int32Array(1);
  #mask = 0;

  /** Takes the names of a directory, in place of those before. What is no version is left out. */
  fill(names: readonly string[]): void {
    const count = this.#read(names) ? names.length : this.#readSome(names);
    const size = 2 ** Math.ceil(Math.log2(2 * count + 1));
    if (size > this.#places.length) this.#places = new Int32Array(size);
    else this.#places.fill(0);
    this.#mask = this.#places.length - 1;
    for (let at = 0; at < count; at++) this.#add(at);
  }

  /** True for a version that is among the names. */
  has(versions: Uint8Array, at: number): boolean {
    const from = at * BYTES;
    for (let place = hashOf(versions, from) & this.#mask; ; place = (place + 1) & this.#mask) {
      const name = this.#places[place] as number;
      if (name === 0) return false;
      if (this.#isSame((name - 1) * BYTES, versions, from)) return true;
    }
  }

  #add(at: number): void {
    let place = hashOf(this.#bytes, at * BYTES) & this.#mask;
    while (this.#places[place] !== 0) place = (place + 1) & this.#mask;
    this.#places[place] = at + 1;
  }

  #isSame(own: number, versions: Uint8Array, from: number): boolean {
    for (let byte = 0; byte < BYTES; byte++) if (this.#bytes[own + byte] !== versions[from + byte]) return false;
    return true;
  }

  #readSome(names: readonly string[]): number {
    const versions = names.filter((name) => VERSION.test(name));
    this.#read(versions);
    return versions.length;
  }

  /** All names at once, which takes half of reading them one by one; false where one is no version. */
  #read(names: readonly string[]): boolean {
    const length = names.length * DIGITS;
    if (this.#characters.length < length) {
      this.#characters = Buffer.alloc(length);
      this.#bytes = new Uint8Array(length / 2);
    }
    for (const name of names) if (name.length !== DIGITS) return false;
    // What is no ASCII becomes bytes that are no digits.
    this.#characters.write(names.join(''), 0, length, 'utf8');
    let all = 0;
    for (let at = 0; 2 * at < length; at++) {
      const high = NUMBERS[this.#characters[2 * at] as number] as number;
      const low = NUMBERS[this.#characters[2 * at + 1] as number] as number;
      all |= high | low;
      this.#bytes[at] = (high << 4) | low;
    }
    return all < NO_DIGIT;
  }
}

/** Of bytes behind the first one, which all of a directory share. */
function hashOf(bytes: Uint8Array, from: number): number {
  return (bytes[from + 1] as number) | ((bytes[from + 2] as number) << 8) | ((bytes[from + 3] as number) << 16);
}
