import type { EnvelopeHead } from '@memo/core/plugin';

/** The head of an object is never longer. */
export const MAX_HEAD: number = 68 * 1024;

/**
 * Memory for an object whose payload fills memory of its own, so that bytes need no copy to become a value; filled in any order. Where the
 * payload is compressed, the whole object is in one piece.
 */
export class PayloadMemory {
  /** The payload, or the whole object where that is not plain. */
  readonly bytes: Buffer<ArrayBuffer>;
  readonly plain: boolean;
  readonly #sections: readonly Section[];

  constructor(total: number, head: EnvelopeHead) {
    this.plain = head.compression === 'none';
    const start = this.plain ? Math.min(head.payloadStart, total) : 0;
    const end = this.plain ? Math.max(start, total - head.endBytes) : total;
    this.bytes = Buffer.allocUnsafeSlow(end - start);
    this.#sections = [
      { from: 0, bytes: Buffer.alloc(start) },
      { from: start, bytes: this.bytes },
      { from: end, bytes: Buffer.alloc(total - end) },
    ];
  }

  /** Copies bytes of the object to their place. */
  set(chunk: Uint8Array, position: number): void {
    const to = position + chunk.byteLength;
    for (const { from, bytes } of this.#sections) {
      const first = Math.max(position, from);
      const last = Math.min(to, from + bytes.length);
      if (first < last) bytes.set(chunk.subarray(first - position, last - position), first - from);
    }
  }

  /** The bytes of the object between two positions, in pieces that are not copies. */
  *pieces(begin: number, end: number): Generator<Uint8Array> {
    for (const { from, bytes } of this.#sections) {
      const [first, last] = [Math.max(begin, from), Math.min(end, from + bytes.length)];
      if (first < last) yield bytes.subarray(first - from, last - from);
    }
  }
}

interface Section {
  /** Where in the object it begins. */
  readonly from: number;
  readonly bytes: Buffer;
}
