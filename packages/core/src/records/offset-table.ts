/** Open addressing from a 32-bit prefix to (segment, offset) pairs; equal prefixes follow each other. */
export class OffsetTable {
  /** The number of an entry, counted from 1; 0 where there is none. */
  #entries: Int32Array = new Int32Array(64);
  #prefixes: Int32Array = new Int32Array(64);
  #slots: Int32Array = new Int32Array(32);
  #offsets: Float64Array = new Float64Array(32);
  size: number = 0;

  add(prefix: number, slot: number, offset: number): void {
    if (this.size === this.#slots.length) this.#grow();
    const ordinal = this.size++;
    this.#slots[ordinal] = slot;
    this.#offsets[ordinal] = offset;
    this.#insert(prefix | 0, ordinal + 1);
  }

  /** The first entry of a prefix, counted from 0 in the order in which they were added, as a place to go on from; -1 for none. */
  first(prefix: number): number {
    return this.#at(prefix | 0, (prefix | 0) & (this.#entries.length - 1));
  }

  /** The place of the next entry of the same prefix. */
  next(prefix: number, place: number): number {
    return this.#at(prefix | 0, (place + 1) & (this.#entries.length - 1));
  }

  /** Which entry is at a place. */
  ordinal(place: number): number {
    return (this.#entries[place] as number) - 1;
  }

  slot(ordinal: number): number {
    return this.#slots[ordinal] as number;
  }

  offset(ordinal: number): number {
    return this.#offsets[ordinal] as number;
  }

  #at(prefix: number, from: number): number {
    const mask = this.#entries.length - 1;
    for (let at = from; this.#entries[at] !== 0; at = (at + 1) & mask) if (this.#prefixes[at] === prefix) return at;
    return -1;
  }

  #insert(prefix: number, entry: number): void {
    const mask = this.#entries.length - 1;
    let at = prefix & mask;
    while (this.#entries[at] !== 0) at = (at + 1) & mask;
    this.#entries[at] = entry;
    this.#prefixes[at] = prefix;
  }

  #grow(): void {
    const [entries, prefixes] = [this.#entries, this.#prefixes];
    this.#entries = new Int32Array(entries.length * 2);
    this.#prefixes = new Int32Array(entries.length * 2);
    this.#slots = grown(this.#slots, new Int32Array(entries.length));
    this.#offsets = grown(this.#offsets, new Float64Array(entries.length));
    for (let at = 0; at < entries.length; at++)
      if (entries[at] !== 0) this.#insert(prefixes[at] as number, entries[at] as number);
  }
}

function grown<T extends Int32Array | Float64Array>(numbers: T, larger: T): T {
  larger.set(numbers);
  return larger;
}
