import type { DigestWords } from './digest-words.ts';
import { BLOCK_HEADS, type EntryReader } from './entry-reader.ts';
import { ENTRY_FLAG, HEAD_BYTES, OFFSET } from './segment-format.ts';

/** Bits of the number of a head that say which one of its block it is. */
const IN_BLOCK = BLOCK_HEADS - 1;
const BLOCK_BITS = Math.log2(BLOCK_HEADS);
const HEAD_WORDS = HEAD_BYTES / 4;
/** So that the number of each head fits into a place of a table. */
const MOST_BLOCKS = 2 ** 31 / BLOCK_HEADS - 1;

/** The heads of all entries that were read, by number: newer ones have larger numbers. How long their segments are does not count. */
export class Heads {
  readonly #blocks: EntryReader[] = [];
  /** The bytes of the same blocks as words. */
  readonly #words: Int32Array[] = [];

  /** The number that the next block begins with: all heads so far have smaller ones. */
  get end(): number {
    return this.#blocks.length * BLOCK_HEADS;
  }

  /**
   * Adds a block; gives the number of its first head, which those of the others follow.
   *
   * @throws RangeError for a block that has more heads, or when there are more blocks, than there are numbers for.
   */
  add(block: EntryReader): number {
    const { buffer, byteOffset, length } = block.bytes;
    if (length > BLOCK_HEADS * HEAD_BYTES || this.#blocks.length === MOST_BLOCKS)
      throw new RangeError(`No numbers for ${length / HEAD_BYTES} heads behind ${this.#blocks.length} blocks`);
    const first = this.end;
    this.#words.push(new Int32Array(buffer, byteOffset, length / 4));
    this.#blocks.push(block);
    return first;
  }

  /** Who reads a head. */
  reader(head: number): EntryReader {
    return this.#blocks[head >>> BLOCK_BITS] as EntryReader;
  }

  /** Where a head lies for who reads it. */
  offset(head: number): number {
    return (head & IN_BLOCK) * HEAD_BYTES;
  }

  /** The first word of a field of a head. */
  word(head: number, field: number): number {
    const block = this.#words[head >>> BLOCK_BITS] as Int32Array;
    return block[(head & IN_BLOCK) * HEAD_WORDS + field / 4] as number;
  }

  /** True when a digest is in a field of a head. */
  has(head: number, field: number, { words, at, length }: DigestWords): boolean {
    const block = this.#words[head >>> BLOCK_BITS] as Int32Array;
    const from = (head & IN_BLOCK) * HEAD_WORDS + field / 4;
    for (let word = 0; word < length; word++) if (block[from + word] !== words[at + word]) return false;
    return true;
  }

  /** True for a binding that was made later than the one that counts. */
  isLater(head: number): boolean {
    const { bytes } = this.#blocks[head >>> BLOCK_BITS] as EntryReader;
    return ((bytes[(head & IN_BLOCK) * HEAD_BYTES + OFFSET.flags] as number) & ENTRY_FLAG.later) !== 0;
  }
}
