/** One part of an object. */
export interface Part {
  /** From 1 on. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Memory of the size of a part, which is there when it is asked for. */
export type PartMemory = () => Uint8Array;

/**
 * Cuts the pieces of an object into parts: windows on pieces that are as large, else copies in memory that is used again. So little is left
 * to collect, which otherwise takes as long as sending it.
 */
export class PartFeeder {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #partBytes: number;
  #piece: Uint8Array = new Uint8Array(0);
  #number = 0;
  #bytes = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(pieces: AsyncIterator<Uint8Array>, partBytes: number) {
    this.#pieces = pieces;
    this.#partBytes = partBytes;
  }

  /** How many bytes were given out. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The next part, of full size where it is not the last one; `undefined` behind that. Who asks first gets the first. */
  next(memory: PartMemory): Promise<Part | undefined> {
    const part = this.#turn.then(async () => this.#numbered(await this.#fill(memory)));
    this.#turn = part;
    part.catch(() => {});
    return part;
  }

  async #fill(memory: PartMemory): Promise<Uint8Array> {
    const first = await this.#take(this.#partBytes);
    if (first.byteLength === this.#partBytes || first.byteLength === 0) return first;
    const part = memory();
    part.set(first);
    for (let filled = first.byteLength; ; ) {
      const bytes = await this.#take(this.#partBytes - filled);
      if (bytes.byteLength === 0) return part.subarray(0, filled);
      part.set(bytes, filled);
      filled += bytes.byteLength;
    }
  }

  /** Bytes of the piece at hand, at most so many; none at the end, or where none are wanted. */
  async #take(most: number): Promise<Uint8Array> {
    while (this.#piece.byteLength === 0 && most > 0) {
      const { value, done } = await this.#pieces.next();
      if (done === true) break;
      this.#piece = value;
    }
    const taken = this.#piece.subarray(0, most);
    this.#piece = this.#piece.subarray(taken.byteLength);
    return taken;
  }

  #numbered(bytes: Uint8Array): Part | undefined {
    if (bytes.byteLength === 0) return undefined;
    this.#bytes += bytes.byteLength;
    return { number: ++this.#number, bytes };
  }
}
