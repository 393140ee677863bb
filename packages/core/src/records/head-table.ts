import { DIGEST_WORDS, hexOf, type Words } from './digest-words.ts';
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

  constructor(all: Heads, field: 'key' | 'contentKey' | 'site') {
    this.#all = all;
    this.#field = OFFSET[field];
    this.#words = field === 'site' ? SITE_WORDS : DIGEST_WORDS;
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
   * The same of a digest in lower-case hexadecimal digits; {@link NONE} for another text. Where to look is read of the first eight, whatever they are: only
   * a head with just these digits is given. All of it is one function, because what is short the engine compiles anew for each of those that call it, and a
   * process looks up so few bindings that this would take as long as all of them.
   */
  find(digits: string): number {
    const length = this.#words;
    // What is no ASCII takes more bytes than characters.
    if (digits.length !== 8 * length || CHARACTERS.write(digits) !== 8 * length) return NONE;
    // Letters are those with the bit 64.
    const first = FOURS[0] as number;
    const high = (first & 0x0f0f0f0f) + 9 * ((first >>> 6) & 0x01010101);
    const highPairs = ((high << 4) | (high >>> 8)) & 0x00ff00ff;
    const last = FOURS[1] as number;
    const low = (last & 0x0f0f0f0f) + 9 * ((last >>> 6) & 0x01010101);
    const lowPairs = ((low << 4) | (low >>> 8)) & 0x00ff00ff;
    const bits = ((highPairs | (highPairs >>> 8)) & 0xffff) | ((lowPairs | (lowPairs >>> 8)) << 16);
    const places = this.#places;
    const mask = this.#mask;
    for (let away = 0; away < NEAR; away++) {
      const at = 2 * ((bits + away) & mask);
      const head = (places[at + 1] as number) - 1;
      if (head === NONE) return NONE;
      if (places[at] !== bits) continue;
      const block = this.#all.block(head);
      let from = (head & IN_BLOCK) * HEAD_WORDS + this.#field / 4;
      let word = 0;
      for (; word < length; word++) {
        const held = block[from++] as number;
        const firstFour = (DIGITS[held & 255] as number) | ((DIGITS[(held >>> 8) & 255] as number) << 16);
        const lastFour = (DIGITS[(held >>> 16) & 255] as number) | ((DIGITS[held >>> 24] as number) << 16);
        if (firstFour !== FOURS[2 * word] || lastFour !== FOURS[2 * word + 1]) break;
      }
      if (word === length) return head;
    }
    return this.#crowded.get(digits) ?? NONE;
  }

  /**
   * For each of some digests, side by side, how many heads have it: none, one, or {@link SEVERAL}, which may be one that has no smaller number than `end`.
   * All digests are whole. It is one loop that calls nothing, because of what it would call the engine compiles each by itself, too.
   */
  counts(digests: Int32Array, end: number): Uint8Array {
    const all = this.#all;
    const [places, mask, older] = [this.#places, this.#mask, this.#hasOlder];
    const field = this.#field / 4;
    const counts = new Uint8Array(digests.length / DIGEST_WORDS);
    for (let at = 0, from = 0; at < counts.length; at++, from += DIGEST_WORDS) {
      const bits = digests[from] as number;
      let away = 0;
      for (; away < NEAR; away++) {
        const place = 2 * ((bits + away) & mask);
        const head = (places[place + 1] as number) - 1;
        if (head === NONE) break;
        if (places[place] !== bits) continue;
        const block = all.block(head);
        const begin = (head & IN_BLOCK) * HEAD_WORDS + field;
        let word = 1;
        while (word < DIGEST_WORDS && block[begin + word] === digests[from + word]) word++;
        if (word < DIGEST_WORDS) continue;
        counts[at] = head >= end || (older && this.older(head) !== NONE) ? SEVERAL : 1;
        break;
      }
      if (away === NEAR && this.#crowded.size > 0) counts[at] = SEVERAL;
    }
    return counts;
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

/** In place of a number of heads: more than one, or it is not known how many. */
export const SEVERAL = 2;

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
/** The two digits of each byte, as they lie there. */
const DIGITS = Int32Array.from({ length: 256 }, (_, byte) => {
  const [high, low] = Buffer.from(byte.toString(16).padStart(2, '0')) as unknown as readonly [number, number];
  return high | (low << 8);
});
