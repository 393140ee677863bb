import { type Digest, digestBytes, digestList } from './digest.ts';

/** Bytes in front of the text that are kept free for what stands before it in a list. */
const HEAD_BYTES = 256;

/** From this length on, one call that copies a text costs less than a loop over it. */
const LONG = 48;

/** What stands before short texts. */
const SHORT_LENGTHS: readonly string[] = Array.from({ length: 64 }, (_text, length) => `${length}:`);

/** A text that is written often, as code units: copying these takes less than asking a text for one after the other. */
export type Phrase = Uint16Array;

export function phrase(text: string): Phrase {
  return Uint16Array.from({ length: text.length }, (_unit, at) => text.charCodeAt(at));
}

/** Code units that are kept when a text is cleared: most texts are shorter. */
const KEPT = 1 << 19;

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

  /** Writes a text behind its length. */
  writeMeasured(text: string): void {
    this.write(text.length < SHORT_LENGTHS.length ? (SHORT_LENGTHS[text.length] as string) : `${text.length}:`);
    this.write(text);
  }

  writePhrase(units: Phrase): void {
    const { length } = units;
    if (this.#length + length > this.#units.length) this.#grow(length);
    const all = this.#units;
    const start = this.#length;
    for (let index = 0; index < length; index += 1) all[start + index] = units[index] as number;
    this.#length = start + length;
  }

  /** Drops what comes after a length that it had before. */
  cutTo(length: number): void {
    this.#length = length + HEAD_BYTES / 2;
  }

  clear(): void {
    this.cutTo(0);
    if (this.#units.length > KEPT) this.#units = new Uint16Array(1 << 13);
  }

  text(): string {
    return Buffer.from(this.#units.buffer, HEAD_BYTES, 2 * this.length).toString('utf16le');
  }

  /** What {@link digestList} gives for `before`, this text and `after`. */
  digestBetween(before: readonly string[], after: readonly string[]): Digest {
    const head = headOf(before);
    const length = `${this.length}:`;
    const start = HEAD_BYTES - head.length - length.length;
    if (start < 0 || after.length > 0) return digestList([...before, this.text(), ...after]);
    const bytes = Buffer.from(this.#units.buffer, start, 2 * this.#length - start);
    bytes.set(head);
    bytes.write(length, head.length, 'latin1');
    return digestBytes(bytes);
  }

  #grow(count: number): void {
    const larger = new Uint16Array(2 * (this.#length + count));
    larger.set(this.#units.subarray(0, this.#length));
    this.#units = larger;
  }
}

/** One for all who write a text, hash it, and are done before the next one begins: it has grown to what is needed. */
export const sharedText: HashedText = new HashedText();

const heads = new Map<string, Uint8Array>();

/** Texts as they stand in a list that is hashed. Few lists begin differently. */
function headOf(texts: readonly string[]): Uint8Array {
  let key = '';
  for (const text of texts) key += `${text.length}:${text}`;
  const known = heads.get(key);
  if (known !== undefined) return known;
  const head = Buffer.concat(
    texts.flatMap((text) => [Buffer.from(`${text.length}:`, 'latin1'), Buffer.from(text, 'utf16le')]),
  );
  if (heads.size < MOST_HEADS) heads.set(key, head);
  return head;
}

const MOST_HEADS = 256;
