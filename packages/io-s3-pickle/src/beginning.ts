/** Takes bytes to where they belong, in their order, and is told when all came. */
export interface Filler {
  take(chunk: Uint8Array, position: number): void;
  end(): void;
}

/** The first bytes of an object: kept until there are enough to tell where they belong, passed on from then. */
export class Beginning {
  /** Fulfilled when as many bytes came as were asked for. */
  readonly enough: Promise<void>;
  readonly #waiting: Uint8Array[] = [];
  #missing: number;
  #filler: Filler | undefined;
  #isEnough: () => void = () => {};

  constructor(least: number) {
    this.#missing = least;
    this.enough = new Promise((resolve) => {
      this.#isEnough = resolve;
    });
  }

  /** What came so far. */
  bytes(): Uint8Array {
    return Buffer.concat(this.#waiting);
  }

  readonly take = (chunk: Uint8Array, position: number): void => {
    if (this.#filler !== undefined) return this.#filler.take(chunk, position);
    // Whoever gives a chunk takes it back.
    this.#waiting.push(Buffer.from(chunk));
    this.#missing -= chunk.byteLength;
    if (this.#missing <= 0) this.#isEnough();
  };

  /** Where everything goes from now on, what waits first. */
  passTo(filler: Filler): void {
    filler.take(this.bytes(), 0);
    this.#waiting.length = 0;
    this.#filler = filler;
  }

  end(): void {
    this.#filler?.end();
  }
}
