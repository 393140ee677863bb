/** Open addressing from a 32-bit prefix to (segment, offset) pairs; equal prefixes follow each other. */
export class OffsetTable {
  #slots: Int32Array = new Int32Array(64);
  #offsets: Float64Array = new Float64Array(32);
  #prefixes: Int32Array = new Int32Array(64);
  size: number = 0;

  add(prefix: number, slot: number, offset: number): void {
    if (this.size * 2 >= this.#slots.length) this.#grow();
    this.#insert(prefix | 0, this.size + 1);
    this.#offsets[this.size++] = slot * SEGMENT_SPAN + offset;
  }

  probe(prefix: number, visit: (slot: number, offset: number, ordinal: number) => void): void {
    const mask = this.#slots.length - 1;
    const wanted = prefix | 0;
    for (let at = wanted & mask; this.#slots[at] !== 0; at = (at + 1) & mask) {
      if (this.#prefixes[at] !== wanted) continue;
      const ordinal = (this.#slots[at] as number) - 1;
      const packed = this.#offsets[ordinal] as number;
      visit(Math.floor(packed / SEGMENT_SPAN), packed % SEGMENT_SPAN, ordinal);
    }
  }

  /** @param from the first to give, counted from 0. Default: all. */
  *entries(from: number = 0): Generator<{ readonly slot: number; readonly offset: number; readonly ordinal: number }> {
    for (let index = from; index < this.size; index++) {
      const packed = this.#offsets[index] as number;
      yield { slot: Math.floor(packed / SEGMENT_SPAN), offset: packed % SEGMENT_SPAN, ordinal: index };
    }
  }

  #insert(prefix: number, index: number): void {
    const mask = this.#slots.length - 1;
    let at = prefix & mask;
    while (this.#slots[at] !== 0) at = (at + 1) & mask;
    this.#slots[at] = index;
    this.#prefixes[at] = prefix;
  }

  #grow(): void {
    const [slots, prefixes] = [this.#slots, this.#prefixes];
    this.#slots = new Int32Array(slots.length * 2);
    this.#prefixes = new Int32Array(slots.length * 2);
    const offsets = new Float64Array(slots.length);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
    for (const [at, index] of slots.entries()) if (index !== 0) this.#insert(prefixes[at] as number, index);
  }
}

/** Largest segment that offsets can address: 64 GiB; a float holds 2^17 such segments. */
const SEGMENT_SPAN = 2 ** 36;
