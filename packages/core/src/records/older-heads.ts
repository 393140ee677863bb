import { BLOCK_BITS, type Heads, IN_BLOCK } from './entry-reader.ts';

/** For heads with the same field the one before: a chain, so that many of them are in nobody's way. */
export class OlderHeads {
  readonly #all: Heads;
  /** For each block of heads, once one of them is in a chain, the number of the head before, counted from 1; 0 where there is none. */
  readonly #before: (Int32Array | undefined)[] = [];

  constructor(all: Heads) {
    this.#all = all;
  }

  /** Says that `older` comes before a head. */
  add(head: number, older: number): void {
    const block = head >>> BLOCK_BITS;
    let before = this.#before[block];
    if (before === undefined) {
      before = new Int32Array(this.#all.countInBlock(block));
      this.#before[block] = before;
    }
    before[head & IN_BLOCK] = older + 1;
  }

  /** The head before another one; -1 where there is none. */
  before(head: number): number {
    return (this.#before[head >>> BLOCK_BITS]?.[head & IN_BLOCK] ?? 0) - 1;
  }
}
