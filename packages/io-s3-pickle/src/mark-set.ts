/** Bytes that stand for a key in the presence index. */
export const MARK_BYTES = 16;
/** The same in the words that marks are compared by. */
export const MARK_WORDS: number = MARK_BYTES / 4;

/**
 * A set of marks, side by side: as texts they would cost a planner as much as the digests that they are made of.
 *
 * Marks are parts of digests, so that their first bits are as good as random, unless somebody who can write to the bucket has chosen them. What
 * finds no place near its own then lies in a `Set`, whose hashes nobody can foresee.
 */
export class MarkSet {
  #marks: Int32Array = new Int32Array(LEAST * MARK_WORDS);
  /** For each place the number of a mark, counted from 1; 0 where there is none. */
  #places: Int32Array = new Int32Array(2 * LEAST);
  readonly #crowded = new Set<string>();
  #inTable = 0;

  get size(): number {
    return this.#inTable + this.#crowded.size;
  }

  /** @param words among which the mark begins at `at` */
  has(words: Int32Array, at: number): boolean {
    const place = this.#placeOf(words, at);
    return place === NONE ? this.#crowded.has(textOf(words, at)) : this.#places[place] !== 0;
  }

  /** @param words among which the mark begins at `at` */
  add(words: Int32Array, at: number): void {
    const place = this.#placeOf(words, at);
    if (place === NONE) this.#crowded.add(textOf(words, at));
    else if (this.#places[place] === 0) this.#put(place, words, at);
  }

  /** Adds marks that lie one behind the other. */
  addAll(marks: Uint8Array): void {
    const words = wordsOf(marks);
    for (let at = 0; at < words.length; at += MARK_WORDS) this.add(words, at);
  }

  /** All marks, one behind the other. */
  bytes(): Uint8Array {
    const table = bytesOf(this.#marks).subarray(0, this.#inTable * MARK_BYTES);
    return Buffer.concat([table, ...[...this.#crowded].map((text) => Buffer.from(text, 'latin1'))]);
  }

  /** Where a mark is, or would be put; {@link NONE} where others have all places near its own. */
  #placeOf(words: Int32Array, at: number): number {
    const places = this.#places;
    const mask = places.length - 1;
    const first = words[at] as number;
    for (let away = 0; away < NEAR; away++) {
      const place = (first + away) & mask;
      const number = places[place] as number;
      if (number === 0 || this.#isAt(number - 1, words, at)) return place;
    }
    return NONE;
  }

  #isAt(number: number, words: Int32Array, at: number): boolean {
    const marks = this.#marks;
    const from = number * MARK_WORDS;
    for (let word = 0; word < MARK_WORDS; word++) if (marks[from + word] !== words[at + word]) return false;
    return true;
  }

  #put(place: number, words: Int32Array, at: number): void {
    const from = this.#inTable * MARK_WORDS;
    for (let word = 0; word < MARK_WORDS; word++) this.#marks[from + word] = words[at + word] as number;
    this.#places[place] = ++this.#inTable;
    if (this.#places.length < 2 * this.#inTable + 2) this.#grow();
  }

  #grow(): void {
    const [marks, count] = [this.#marks, this.#inTable];
    const crowded = [...this.#crowded];
    this.#marks = new Int32Array(2 * marks.length);
    this.#places = new Int32Array(2 * this.#places.length);
    this.#crowded.clear();
    this.#inTable = 0;
    for (let at = 0; at < count * MARK_WORDS; at += MARK_WORDS) this.add(marks, at);
    for (const text of crowded) this.addAll(Buffer.from(text, 'latin1'));
  }
}

/** Bytes as words: a copy only where they lie as no words can. */
export function wordsOf(bytes: Uint8Array): Int32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  if (byteOffset % 4 === 0) return new Int32Array(buffer, byteOffset, byteLength / 4);
  return new Int32Array(new Uint8Array(bytes).buffer);
}

function textOf(words: Int32Array, at: number): string {
  return bytesOf(words.subarray(at, at + MARK_WORDS)).toString('latin1');
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** In place of a place: there is none. */
const NONE = -1;
const LEAST = 64;
/** Of a million random marks a handful lie as far from their own place. */
const NEAR = 64;
