import { crc32 } from 'node:zlib';
import type { Words } from './digest-words.ts';
import type { PayloadReader } from './payload-reader.ts';
import { ENTRY_FLAG, ENTRY_KIND, HEAD_BYTES, OFFSET } from './segment-format.ts';

/** Gives the first bytes of the payload of the entry whose head is at an offset, at most `most`; fewer where they are gone. */
export type ReadPayload = (offset: number, most: number) => Buffer;

/** Reads entries whose heads lie in memory, wherever their payloads are. An entry is named by the offset of its head. */
export class EntryReader {
  readonly bytes: Buffer;
  /** The same, for reading numbers. */
  readonly view: DataView;
  readonly #readPayload: ReadPayload;

  constructor(bytes: Buffer, readPayload: ReadPayload) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#readPayload = readPayload;
  }

  kind(offset: number): number {
    return this.view.getUint8(offset + OFFSET.kind);
  }

  payloadLength(offset: number): number {
    return this.view.getUint32(offset + OFFSET.payloadLength, true);
  }

  flags(offset: number): number {
    return this.view.getUint8(offset + OFFSET.flags);
  }

  when(offset: number): number {
    return this.view.getFloat64(offset + OFFSET.when, true);
  }

  duration(offset: number): number {
    return this.view.getFloat64(offset + OFFSET.duration, true);
  }

  key(offset: number): string {
    return this.bytes.toString('hex', offset + OFFSET.key, offset + OFFSET.key + 32);
  }

  pub(offset: number): string {
    return this.bytes.toString('hex', offset + OFFSET.pub, offset + OFFSET.pub + 32);
  }

  site(offset: number): string {
    return this.bytes.toString('hex', offset + OFFSET.site, offset + OFFSET.site + 16);
  }

  run(offset: number): string {
    return this.bytes.toString('hex', offset + OFFSET.run, offset + OFFSET.run + 16);
  }

  /** The first bytes of a payload as text, unchecked. */
  payloadStart(offset: number, most: number): string {
    return this.#readPayload(offset, Math.min(most, this.payloadLength(offset))).toString('utf8');
  }

  /** The parsed payload, or `undefined` when its bytes are damaged or gone. */
  payload(offset: number): unknown {
    const length = this.payloadLength(offset);
    const payload = this.#readPayload(offset, length);
    if (payload.length !== length || crc32(payload) !== this.bytes.readUInt32LE(offset + OFFSET.payloadCrc))
      return undefined;
    try {
      return JSON.parse(payload.toString('utf8'));
    } catch {
      return undefined;
    }
  }
}

/** Heads are kept in blocks of so many, so that none of them is copied when more come. */
export const BLOCK_HEADS = 4_096;

/** Some heads, side by side, and where their payloads are. */
export class HeadBlock {
  readonly reader: EntryReader;
  readonly #heads: Buffer;
  readonly #payloads: Float64Array;
  #count = 0;

  /** @param most how many heads there can be at most */
  constructor(payloads: Pick<PayloadReader, 'read'>, most: number) {
    const capacity = Math.max(1, Math.min(BLOCK_HEADS, Math.ceil(most)));
    this.#heads = Buffer.allocUnsafeSlow(capacity * HEAD_BYTES);
    this.#payloads = new Float64Array(capacity);
    this.reader = new EntryReader(this.#heads, (offset, length) =>
      payloads.read(this.#payloads[offset / HEAD_BYTES] as number, length),
    );
  }

  get isFull(): boolean {
    return this.#count === this.#payloads.length;
  }

  add(bytes: Buffer, at: number, payload: number): void {
    this.#heads.set(bytes.subarray(at, at + HEAD_BYTES), this.#count * HEAD_BYTES);
    this.#payloads[this.#count++] = payload;
  }

  /** Fills the whole block at once; gives its bytes, or `undefined` where there are not as many. */
  fill(read: (into: Buffer) => number): Buffer | undefined {
    this.#count = this.#payloads.length;
    return read(this.#heads) === this.#heads.length ? this.#heads : undefined;
  }

  /** Says where the payloads of a filled block are, whose first entry begins at a position; gives where the last one ends. */
  placePayloads(first: number): number {
    const words = wordsOf(this.#heads);
    const payloads = this.#payloads;
    let position = first;
    for (let head = 0, at = OFFSET.payloadLength / 4; head < payloads.length; head++, at += HEAD_WORDS) {
      position += HEAD_BYTES;
      payloads[head] = position;
      position += (words[at] as number) >>> 0;
    }
    return position;
  }

  visit(visitor: { visit(reader: EntryReader, count: number): void }): void {
    if (this.#count > 0) visitor.visit(this.reader, this.#count);
  }
}

/** Bits of the number of a head that say which one of its block it is. */
export const IN_BLOCK: number = BLOCK_HEADS - 1;
export const BLOCK_BITS: number = Math.log2(BLOCK_HEADS);
export const HEAD_WORDS: number = HEAD_BYTES / 4;
/** So that the number of each head fits into a place of a table. */
const MOST_BLOCKS = 2 ** 31 / BLOCK_HEADS - 1;

/** The bits that say of a head what it is, and of a binding that it does not count as others do; flags follow the kind. */
const PLAIN_MARKS = 0xff | ((ENTRY_FLAG.alias | ENTRY_FLAG.later) << 8);

function wordsOf({ buffer, byteOffset, length }: Buffer): Int32Array {
  return new Int32Array(buffer, byteOffset, length / 4);
}

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
    const { length } = block.bytes;
    if (length > BLOCK_HEADS * HEAD_BYTES || this.#blocks.length === MOST_BLOCKS)
      throw new RangeError(`No numbers for ${length / HEAD_BYTES} heads behind ${this.#blocks.length} blocks`);
    const first = this.end;
    this.#words.push(wordsOf(block.bytes));
    this.#blocks.push(block);
    return first;
  }

  /** Where the heads of a block end, from one on, that are those of plain bindings: something was computed by them, and first. */
  endOfPlain(begin: number, end: number): number {
    const { words, at } = this.place(begin);
    let head = begin;
    for (let mark = at + OFFSET.kind / 4; head < end; head++, mark += HEAD_WORDS)
      if (((words[mark] as number) & PLAIN_MARKS) !== ENTRY_KIND.binding) break;
    return head;
  }

  /** Who reads a head. */
  reader(head: number): EntryReader {
    return this.#blocks[head >>> BLOCK_BITS] as EntryReader;
  }

  /** How many heads the block of a number has, from 0. */
  countInBlock(block: number): number {
    return (this.#words[block] as Int32Array).length / HEAD_WORDS;
  }

  /** Where a head lies for who reads it. */
  offset(head: number): number {
    return (head & IN_BLOCK) * HEAD_BYTES;
  }

  /** The words of the block that a head is in, for who compares it by himself. */
  block(head: number): Int32Array {
    return this.#words[head >>> BLOCK_BITS] as Int32Array;
  }

  /** The words of the block that a head is in, and where in them the head begins. */
  place(head: number): { readonly words: Int32Array; readonly at: number } {
    return { words: this.#words[head >>> BLOCK_BITS] as Int32Array, at: (head & IN_BLOCK) * HEAD_WORDS };
  }

  /** The word at a place in a head: of a field, the first one. */
  word(head: number, field: number): number {
    const block = this.#words[head >>> BLOCK_BITS] as Int32Array;
    return block[(head & IN_BLOCK) * HEAD_WORDS + field / 4] as number;
  }

  /** True when a digest is in a field of a head. */
  has(head: number, field: number, { words, at, length }: Words): boolean {
    const block = this.#words[head >>> BLOCK_BITS] as Int32Array;
    const from = (head & IN_BLOCK) * HEAD_WORDS + field / 4;
    for (let word = 0; word < length; word++) if (block[from + word] !== words[at + word]) return false;
    return true;
  }

  /** True when two heads have the same words in a field. */
  haveSame(one: number, other: number, field: { readonly at: number; readonly words: number }): boolean {
    for (let at = field.at; at < field.at + 4 * field.words; at += 4)
      if (this.word(one, at) !== this.word(other, at)) return false;
    return true;
  }

  /** A field of a head as hexadecimal digits. */
  hex(head: number, field: number, words: number): string {
    const from = this.offset(head) + field;
    return this.reader(head).bytes.toString('hex', from, from + 4 * words);
  }

  /** True for a binding that was made later than the one that counts. */
  isLater(head: number): boolean {
    const { bytes } = this.#blocks[head >>> BLOCK_BITS] as EntryReader;
    return ((bytes[(head & IN_BLOCK) * HEAD_BYTES + OFFSET.flags] as number) & ENTRY_FLAG.later) !== 0;
  }
}
