/**
 * Open addressing from a 32-bit prefix to (segment, offset) pairs; equal prefixes follow each other. What belongs together lies side by side, because
 * a look-up of one of many waits for memory, and for little else.
 */
export class OffsetTable {
  /** For each place the prefix, and the number of the entry, counted from 1; 0 where there is none. */
  #places: Int32Array = new Int32Array(2 * LEAST_PLACES);
  #mask = LEAST_PLACES - 1;
  /** For each entry its segment, and where it begins in it. */
  #entries: Uint32Array = new Uint32Array(LEAST_PLACES);
  size: number = 0;

  add(prefix: number, slot: number, offset: number): void {
    const entry = this.size++;
    if (2 * entry === this.#entries.length) this.reserve(2 * entry);
    this.#entries[2 * entry] = slot;
    this.#entries[2 * entry + 1] = offset;
    this.#insert(prefix | 0, entry + 1);
  }

  /** Makes room for so many entries at once. */
  reserve(count: number): void {
    let places = this.#mask + 1;
    while (places < 2 * count) places *= 2;
    if (places === this.#mask + 1) return;
    const before = this.#places;
    this.#places = new Int32Array(2 * places);
    this.#mask = places - 1;
    const entries = new Uint32Array(places);
    entries.set(this.#entries);
    this.#entries = entries;
    for (let at = 0; at < before.length; at += 2)
      if (before[at + 1] !== 0) this.#insert(before[at] as number, before[at + 1] as number);
  }

  /** The first entry of a prefix, counted from 0 in the order in which they were added, as a place to go on from; -1 for none. */
  first(prefix: number): number {
    return this.#at(prefix | 0, prefix & this.#mask);
  }

  /** The place of the next entry of the same prefix. */
  next(prefix: number, place: number): number {
    return this.#at(prefix | 0, (place + 1) & this.#mask);
  }

  /** Which entry is at a place. */
  ordinal(place: number): number {
    return (this.#places[2 * place + 1] as number) - 1;
  }

  slot(ordinal: number): number {
    return this.#entries[2 * ordinal] as number;
  }

  offset(ordinal: number): number {
    return this.#entries[2 * ordinal + 1] as number;
  }

  #at(prefix: number, from: number): number {
    const places = this.#places;
    for (let at = from; places[2 * at + 1] !== 0; at = (at + 1) & this.#mask) if (places[2 * at] === prefix) return at;
    return -1;
  }

  #insert(prefix: number, entry: number): void {
    const places = this.#places;
    let at = prefix & this.#mask;
    while (places[2 * at + 1] !== 0) at = (at + 1) & this.#mask;
    places[2 * at] = prefix;
    places[2 * at + 1] = entry;
  }
}

const LEAST_PLACES = 64;
