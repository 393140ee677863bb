import type { Words } from './digest-words.ts';
import type { Heads } from './entry-reader.ts';

/**
 * Finds heads by one of their fields: open addressing from its first 32 bits to numbers of heads. What belongs together lies side by side, and a
 * number says where its head is, because a look-up of one of many waits for memory, and for little else.
 */
export class HeadTable {
  readonly #all: Heads;
  /** Where the field is in a head. */
  readonly #field: number;
  /** For each place the first bits of the field, and the number of the head, counted from 1; 0 where there is none. */
  #places: Int32Array = new Int32Array(2 * LEAST_PLACES);
  #mask = LEAST_PLACES - 1;
  /** The heads in the order in which they were added. */
  #added: Int32Array = new Int32Array(LEAST_PLACES / 2);
  size: number = 0;

  constructor(all: Heads, field: number) {
    this.#all = all;
    this.#field = field;
  }

  add(head: number): void {
    if (this.size === this.#added.length) this.reserve(2 * this.size);
    this.#added[this.size++] = head;
    this.#insert(this.#all.word(head, this.#field), head + 1);
  }

  /** Makes room for so many heads at once. */
  reserve(count: number): void {
    if (count > this.#added.length) {
      const added = new Int32Array(count);
      added.set(this.#added.subarray(0, this.size));
      this.#added = added;
    }
    let places = this.#mask + 1;
    while (places < 2 * count) places *= 2;
    if (places > this.#mask + 1) this.#spread(places);
  }

  /** The next place, behind another or {@link START}, of a head with a digest, in the order in which they were added; -1 for none. */
  next(digest: Words, place: number): number {
    const places = this.#places;
    const prefix = digest.words[digest.at] as number;
    for (let at = (place === START ? prefix : place + 1) & this.#mask; ; at = (at + 1) & this.#mask) {
      const head = places[2 * at + 1] as number;
      if (head === 0) return -1;
      if (places[2 * at] === prefix && this.#all.has(head - 1, this.#field, digest)) return at;
    }
  }

  /** The head at a place. */
  head(place: number): number {
    return (this.#places[2 * place + 1] as number) - 1;
  }

  /** The head that was added so manieth, counted from 0. */
  added(ordinal: number): number {
    return this.#added[ordinal] as number;
  }

  /** Behind a free place nothing is left over from the other end, so that what is found under the same words keeps its order. */
  #spread(places: number): void {
    const before = this.#places;
    const count = this.#mask + 1;
    this.#places = new Int32Array(2 * places);
    this.#mask = places - 1;
    let free = 0;
    while (before[2 * free + 1] !== 0) free++;
    for (let away = 1; away < count; away++) {
      const at = 2 * ((free + away) & (count - 1));
      if (before[at + 1] !== 0) this.#insert(before[at] as number, before[at + 1] as number);
    }
  }

  #insert(prefix: number, head: number): void {
    const places = this.#places;
    let at = prefix & this.#mask;
    while (places[2 * at + 1] !== 0) at = (at + 1) & this.#mask;
    places[2 * at] = prefix;
    places[2 * at + 1] = head;
  }
}

const LEAST_PLACES = 64;

/** Where to look for the first place from. */
export const START: number = -1;
