import { DIGEST_WORDS, DigestWords, hexOf, type Words } from './digest-words.ts';
import { BLOCK_BITS, BLOCK_HEADS, HEAD_WORDS, type Heads, IN_BLOCK } from './entry-reader.ts';
import { OFFSET } from './segment-format.ts';

/** In place of the number of a head: there is none. */
export const NONE: number = -1;

/**
 * Finds heads by one of their fields: open addressing from its first 32 bits to numbers of heads. What belongs together lies side by side, and a
 * number says where its head is, because a look-up of one of many waits for memory, and for little else.
 *
 * Fields are digests, so that their first bits are as good as random, unless somebody who can write to the store has chosen them. What finds no
 * place near its own then lies in a `Map`, whose hashes nobody can foresee, so that each look-up stays at a bounded number of places.
 */
export class HeadTable {
  readonly #all: Heads;
  /** Where the field is in a head. */
  readonly #field: number;
  /** How many words the field has. */
  readonly #words: number;
  /** For each place the first bits of the field, and the number of the newest head with it, counted from 1; 0 where there is none. */
  #places: Int32Array = new Int32Array(2 * LEAST_PLACES);
  #mask = LEAST_PLACES - 1;
  /** The newest heads whose fields have found no place near. */
  #crowded = new Map<string, number>();
  /** For each block of heads, once one has an older one with the same field, the number of that, counted from 1; 0 where there is none. */
  readonly #older: (Int32Array | undefined)[] = [];
  #hasOlder = false;
  /** The heads in the order in which they were added. */
  #added: Int32Array = new Int32Array(LEAST_PLACES / 2);
  size: number = 0;
  /** The digest that is looked for. */
  readonly #wanted: DigestWords;

  constructor(all: Heads, field: 'key' | 'contentKey' | 'site') {
    this.#all = all;
    this.#field = OFFSET[field];
    this.#words = field === 'site' ? SITE_WORDS : DIGEST_WORDS;
    this.#wanted = new DigestWords(this.#words);
  }

  add(head: number): void {
    this.reserveMore(1);
    this.#added[this.size++] = head;
    this.#insert(this.#all.word(head, this.#field), head);
  }

  /** Adds heads of one block that follow each other. */
  addRun(first: number, count: number): void {
    this.reserveMore(count);
    const { words, at } = this.#all.place(first);
    const places = this.#places;
    const added = this.#added;
    const mask = this.#mask;
    let from = at + this.#field / 4;
    for (let head = first; head < first + count; head++, from += HEAD_WORDS) {
      const bits = words[from] as number;
      added[this.size++] = head;
      // All of the loop runs from its first turn on: of what has not run yet the engine compiles nothing, and all of it again when it does.
      let away = -1;
      let place: number;
      do place = 2 * ((bits + ++away) & mask);
      while (away < NEAR && places[place] !== bits && places[place + 1] !== 0);
      if (away === NEAR || places[place + 1] !== 0) {
        this.#insertBeside(bits, head);
        continue;
      }
      places[place] = bits;
      places[place + 1] = head + 1;
    }
  }

  /** Makes room for some more heads, and for as many as there are already: who adds a few again and again copies little. */
  reserveMore(count: number): void {
    const needed = this.size + count;
    if (needed > this.#added.length) this.reserve(Math.max(needed, 2 * this.size));
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

  /** The head with a digest that was added last; {@link NONE} where there is none. */
  newest(digest: Words): number {
    const places = this.#places;
    const mask = this.#mask;
    const bits = digest.words[digest.at] as number;
    for (let away = 0; away < NEAR; away++) {
      const at = 2 * ((bits + away) & mask);
      const head = (places[at + 1] as number) - 1;
      if (head === NONE || (places[at] === bits && this.#all.has(head, this.#field, digest))) return head;
    }
    return this.#crowded.get(hexOf(digest)) ?? NONE;
  }

  /**
   * The same of a digest in lower-case hexadecimal digits; {@link NONE} for another text. They are read here, four at a time, because a function as long
   * as this one is compiled once: what is short the engine compiles anew for each of those that call it, and a process looks up so few bindings
   * that this would take as long as all of them.
   */
  find(digits: string): number {
    const { words, length } = this.#wanted;
    // What is no ASCII takes more bytes than characters.
    if (digits.length !== 8 * length || CHARACTERS.write(digits) !== 8 * length) return NONE;
    let strange = 0;
    for (let at = 0; at < length; at++) {
      const first = FOURS[2 * at] as number;
      const last = FOURS[2 * at + 1] as number;
      // Letters are those with the bit 64. What is no digit gives a value of more than four bits, or one with another character.
      const high = (first & 0x0f0f0f0f) + 9 * ((first >>> 6) & 0x01010101);
      const low = (last & 0x0f0f0f0f) + 9 * ((last >>> 6) & 0x01010101);
      strange |= (high | low) & 0x10101010;
      strange |= first ^ (high + 0x30303030 + 39 * (((high + 0x06060606) >>> 4) & 0x01010101));
      strange |= last ^ (low + 0x30303030 + 39 * (((low + 0x06060606) >>> 4) & 0x01010101));
      const highPairs = ((high << 4) | (high >>> 8)) & 0x00ff00ff;
      const lowPairs = ((low << 4) | (low >>> 8)) & 0x00ff00ff;
      words[at] = ((highPairs | (highPairs >>> 8)) & 0xffff) | ((lowPairs | (lowPairs >>> 8)) << 16);
    }
    return strange === 0 ? this.newest(this.#wanted) : NONE;
  }

  /** The head with the same digest that was added before another one; {@link NONE} where there is none. */
  older(head: number): number {
    return this.#hasOlder ? (this.#older[head >>> BLOCK_BITS]?.[head & IN_BLOCK] ?? 0) - 1 : NONE;
  }

  /** Adds the heads of another table from one on. */
  addFrom(other: HeadTable, ordinal: number): void {
    this.reserve(other.size);
    for (let begin = ordinal; begin < other.size; ) {
      const count = other.#runFrom(begin);
      this.addRun(other.added(begin), count);
      begin += count;
    }
  }

  /** How many heads of one block follow each other from one on. They were added in ascending order, so that the last one of a run tells that it is one. */
  #runFrom(begin: number): number {
    const first = this.added(begin);
    let least = 1;
    let most = Math.min(BLOCK_HEADS - (first & IN_BLOCK), this.size - begin);
    while (least < most) {
      const middle = (least + most + 1) >> 1;
      if (this.added(begin + middle - 1) === first + middle - 1) least = middle;
      else most = middle - 1;
    }
    return least;
  }

  /** The head that was added so manieth, counted from 0. */
  added(ordinal: number): number {
    return this.#added[ordinal] as number;
  }

  #spread(places: number): void {
    const [before, crowded] = [this.#places, this.#crowded];
    this.#places = new Int32Array(2 * places);
    this.#mask = places - 1;
    this.#crowded = new Map();
    for (let at = 0; at < before.length; at += 2) {
      const head = (before[at + 1] as number) - 1;
      if (head !== NONE) this.#insert(before[at] as number, head);
    }
    for (const head of crowded.values()) this.#insert(this.#all.word(head, this.#field), head);
  }

  #insert(bits: number, head: number): void {
    const places = this.#places;
    const at = 2 * (bits & this.#mask);
    // Where nothing is in the way, which is most often, little code runs.
    if (places[at + 1] !== 0) return this.#insertBeside(bits, head);
    places[at] = bits;
    places[at + 1] = head + 1;
  }

  #insertBeside(bits: number, head: number): void {
    const places = this.#places;
    for (let away = 0; away < NEAR; away++) {
      const at = 2 * ((bits + away) & this.#mask);
      const newest = (places[at + 1] as number) - 1;
      if (newest !== NONE && (places[at] !== bits || !this.#haveSame(newest, head))) continue;
      if (newest !== NONE) this.#chain(head, newest);
      places[at] = bits;
      places[at + 1] = head + 1;
      return;
    }
    this.#crowd(head);
  }

  #crowd(head: number): void {
    const text = this.#all.hex(head, this.#field, this.#words);
    const newest = this.#crowded.get(text);
    if (newest !== undefined) this.#chain(head, newest);
    this.#crowded.set(text, head);
  }

  /** So that many heads with one field are in nobody's way. */
  #chain(head: number, older: number): void {
    const block = head >>> BLOCK_BITS;
    const before = this.#older[block] ?? new Int32Array(this.#all.countInBlock(block));
    before[head & IN_BLOCK] = older + 1;
    this.#older[block] = before;
    this.#hasOlder = true;
  }

  #haveSame(head: number, other: number): boolean {
    return this.#all.haveSame(head, other, { at: this.#field, words: this.#words });
  }
}

const SITE_WORDS = 4;
const LEAST_PLACES = 64;
/** Of a million random digests a handful lie as far from their own place. */
const NEAR = 64;

/**
 * Where digits lie while they are read: taking them out of a text one by one costs twice as much, and look-ups read one digest for each step. There is room
 * for more bytes than a text of digits has.
 */
const CHARACTERS = Buffer.alloc(3 * 8 * DIGEST_WORDS);
/** The same, four at a time. */
const FOURS = new Int32Array(CHARACTERS.buffer, CHARACTERS.byteOffset, 2 * DIGEST_WORDS);
