import { type Digest, isDigest } from './digest.ts';

/** Bytes of a digest. */
export const DIGEST_BYTES = 32;

/** One place of a column. */
export interface DigestPlace {
  readonly column: DigestColumn;
  readonly at: number;
}

/**
 * A digest, or none, for each of many things, side by side: as texts they would take three times the memory, and the collector would look at each
 * of them. The digits are made when somebody asks for them.
 */
export class DigestColumn {
  readonly size: number;
  /** The digests one behind the other. What lies at a place that has none says nothing. */
  readonly bytes: Buffer;
  /** The same, for reading them as numbers. */
  readonly view: DataView;
  readonly #known: Uint8Array;
  /** The digits that were asked for, once they are kept. */
  #texts: (Digest | undefined)[] | undefined;

  /** @param like whose digests it begins with, at most as many as there is room for */
  constructor(size: number, like?: DigestColumn) {
    this.size = size;
    // Memory of its own, so that it can be read as words.
    this.bytes = Buffer.allocUnsafeSlow(size * DIGEST_BYTES);
    this.view = new DataView(this.bytes.buffer);
    if (like !== undefined) this.bytes.set(like.bytes);
    this.#known = new Uint8Array(size);
    if (like !== undefined) this.#known.set(like.#known);
  }

  /** The digests of a list; `undefined`, and what is no digest, counts as none. */
  static of(digests: readonly (string | undefined)[]): DigestColumn {
    const column = new DigestColumn(digests.length);
    for (const [at, digest] of digests.entries()) column.set(at, isDigest(digest) ? digest : undefined);
    return column;
  }

  /** True where there is a digest at every place. */
  get isFull(): boolean {
    return !this.#known.includes(0);
  }

  has(at: number): boolean {
    return this.#known[at] === 1;
  }

  get(at: number): Digest | undefined {
    if (!this.has(at)) return undefined;
    const known = this.#texts?.[at];
    if (known !== undefined) return known;
    const text = this.bytes.toString('hex', at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES) as Digest;
    if (this.#texts !== undefined) this.#texts[at] = text;
    return text;
  }

  /** Keeps digits from here on: for who asks for the same ones again and again. */
  keepTexts(): void {
    this.#texts ??= Array.from({ length: this.size });
  }

  #note(at: number, known: number): void {
    this.#known[at] = known;
    if (this.#texts !== undefined) this.#texts[at] = undefined;
  }

  set(at: number, digest: Digest | undefined): void {
    if (digest !== undefined) this.bytes.write(digest, at * DIGEST_BYTES, DIGEST_BYTES, 'hex');
    this.#note(at, digest === undefined ? 0 : 1);
  }

  /** Puts what another column has from a place on, up to another one, to as many places. */
  copyRange(at: number, from: DigestColumn, [first, end]: readonly [number, number]): void {
    this.bytes.set(from.bytes.subarray(first * DIGEST_BYTES, end * DIGEST_BYTES), at * DIGEST_BYTES);
    this.#known.set(from.#known.subarray(first, end), at);
    this.#texts?.fill(undefined, at, at + end - first);
  }

  /** Puts what another column has at a place. */
  copy(at: number, from: DigestColumn, place: number): void {
    const first = place * DIGEST_BYTES;
    for (let byte = 0; byte < DIGEST_BYTES; byte++)
      this.bytes[at * DIGEST_BYTES + byte] = from.bytes[first + byte] as number;
    this.#note(at, from.#known[place] as number);
  }

  /** The same for a digest whose bytes are the characters of a text. */
  setBytes(at: number, bytes: string): void {
    const first = at * DIGEST_BYTES;
    // A call of the engine takes several times as long.
    for (let byte = 0; byte < DIGEST_BYTES; byte++) this.bytes[first + byte] = bytes.charCodeAt(byte);
    this.#note(at, 1);
  }
}
