import type { EnvelopeHead } from '@memo/core/plugin';

/** The head of an object is never longer. */
export const MAX_HEAD: number = 68 * 1024;

/** All chunks in one piece; `bytes` is how many are expected. */
export async function gathered(source: AsyncIterable<Uint8Array>, bytes: number): Promise<Uint8Array> {
  const whole = new Uint8Array(bytes);
  let filled = 0;
  for await (const chunk of source) {
    whole.set(chunk.subarray(0, bytes - filled), filled);
    filled += chunk.byteLength;
  }
  return whole.subarray(0, filled);
}

/**
 * Memory of exactly the size of the payload of an object, filled while the object passes by. Where the payload is compressed it is the whole
 * object.
 */
export class PayloadMemory {
  readonly #total: number;
  readonly #peek: (beginning: Uint8Array) => EnvelopeHead;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #memory: { readonly bytes: Buffer<ArrayBuffer>; readonly start: number; readonly plain: boolean } | undefined;
  #position = 0;

  constructor(total: number, peek: (beginning: Uint8Array) => EnvelopeHead) {
    this.#total = total;
    this.#peek = peek;
  }

  get bytes(): Buffer<ArrayBuffer> {
    return this.#memory?.bytes ?? Buffer.alloc(0);
  }

  get plain(): boolean {
    return this.#memory?.plain ?? false;
  }

  /** The chunks of `source`, unchanged. @throws what `peek` throws */
  async *filledBy(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      if (this.#memory !== undefined) this.#copy(chunk);
      else this.#begin(chunk);
      yield chunk;
    }
  }

  #begin(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.byteLength;
    if (this.#waitingBytes < Math.min(MAX_HEAD, this.#total)) return;
    const beginning = Buffer.concat(this.#waiting);
    const head = this.#peek(beginning);
    const plain = head.compression === 'none';
    const start = plain ? head.payloadStart : 0;
    const length = Math.max(0, this.#total - start - (plain ? head.endBytes : 0));
    this.#memory = { bytes: Buffer.allocUnsafeSlow(length), start, plain };
    this.#waiting = [];
    this.#copy(beginning);
  }

  #copy(chunk: Uint8Array): void {
    if (this.#memory === undefined) return;
    const { bytes, start } = this.#memory;
    const skipped = Math.max(0, start - this.#position);
    const at = this.#position + skipped - start;
    if (skipped < chunk.byteLength && at < bytes.length)
      bytes.set(chunk.subarray(skipped, skipped + bytes.length - at), at);
    this.#position += chunk.byteLength;
  }
}
