import { type Digest, digestBytes, digestList } from './digest.ts';

/** Bytes in front of the text that are kept free for what stands before it in a list. */
const HEAD_BYTES = 256;

/** From this length on, one call that copies a text costs less than a loop over it. */
const LONG = 48;

/** Text that grows piece by piece and is hashed as a whole: strings that grow by millions of pieces cost more than what they say. */
export class HashedText {
  #units: Uint16Array = new Uint16Array(1 << 13);
  #length = HEAD_BYTES / 2;

  /** How many UTF-16 code units were written. */
  get length(): number {
    return this.#length - HEAD_BYTES / 2;
  }

  write(text: string): void {
    const { length } = text;
    if (this.#length + length > this.#units.length) this.#grow(length);
    const units = this.#units;
    const start = this.#length;
    if (length < LONG) for (let index = 0; index < length; index += 1) units[start + index] = text.charCodeAt(index);
    else Buffer.from(units.buffer).write(text, 2 * start, 'utf16le');
    this.#length += length;
  }

  /** Drops what comes after a length that it had before. */
  cutTo(length: number): void {
    this.#length = length + HEAD_BYTES / 2;
  }

  clear(): void {
    this.cutTo(0);
  }

  text(): string {
    return Buffer.from(this.#units.buffer, HEAD_BYTES, 2 * this.length).toString('utf16le');
  }

  /** What {@link digestList} gives for `before`, this text and `after`. */
  digestBetween(before: readonly string[], after: readonly string[]): Digest {
    const head = Buffer.concat([headOf(before), Buffer.from(`${this.length}:`, 'latin1')]);
    if (head.length > HEAD_BYTES || after.length > 0) return digestList([...before, this.text(), ...after]);
    const bytes = Buffer.from(this.#units.buffer, 0, 2 * this.#length);
    bytes.set(head, HEAD_BYTES - head.length);
    return digestBytes(bytes.subarray(HEAD_BYTES - head.length));
  }

  #grow(count: number): void {
    const larger = new Uint16Array(2 * (this.#length + count));
    larger.set(this.#units.subarray(0, this.#length));
    this.#units = larger;
  }
}

const heads = new Map<string, Uint8Array>();

/** Texts as they stand in a list that is hashed. Few lists begin differently. */
function headOf(texts: readonly string[]): Uint8Array {
  const key = JSON.stringify(texts);
  const known = heads.get(key);
  if (known !== undefined) return known;
  const head = Buffer.concat(
    texts.flatMap((text) => [Buffer.from(`${text.length}:`, 'latin1'), Buffer.from(text, 'utf16le')]),
  );
  if (heads.size < MOST_HEADS) heads.set(key, head);
  return head;
}

const MOST_HEADS = 256;
