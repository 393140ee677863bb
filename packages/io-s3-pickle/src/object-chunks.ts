import type { Body, Bucket, OpenObject } from './bucket.ts';
import { DeadlineError, withDeadline } from './deadline.ts';

/** Which bytes of which object. */
export interface ChunkRange {
  readonly key: string;
  /** What the object was opened with, when it is open already. */
  readonly opened?: OpenObject;
  readonly from: number;
  readonly to: number;
  readonly tag: string;
  readonly signal: AbortSignal;
}

/**
 * The bytes of an object as they come. A connection that breaks, or ends early, is taken up where it ended; bytes that drip too slowly
 * are given up. Only the time that is spent waiting for the server counts.
 */
export async function* objectChunks(bucket: Bucket, range: ChunkRange): AsyncGenerator<Uint8Array> {
  const { key, tag, signal, to } = range;
  const clock = new Waiting(bucket, signal);
  let { opened, from: position } = range;
  for (let failures = 0; position < to; ) {
    const before = position;
    try {
      opened ??= await bucket.open({ key, tag, from: position }, { signal });
      if (opened === undefined) throw new GoneError(`${key} was deleted while it was read`);
      for await (const chunk of clock.chunksOf(opened.body)) {
        const wanted = chunk.subarray(0, to - position);
        position += wanted.byteLength;
        yield wanted;
        if (position >= to) return;
      }
      if (position === before) throw new Error('the server sent no bytes');
    } catch (error) {
      failures = position > before ? 1 : failures + 1;
      if (!isBroken(error, signal) || failures > MOST_FAILURES) throw error;
    } finally {
      opened?.body.destroy();
      opened = undefined;
    }
  }
}

/** Waits for the chunks of an object, for as long as its bytes may take together. */
class Waiting {
  readonly #bucket: Bucket;
  readonly #signal: AbortSignal;
  #received = 0;
  #waited = 0;

  constructor(bucket: Bucket, signal: AbortSignal) {
    this.#bucket = bucket;
    this.#signal = signal;
  }

  async *chunksOf(body: Body): AsyncGenerator<Uint8Array> {
    const iterator = body[Symbol.asyncIterator]();
    for (;;) {
      const milliseconds = this.#bucket.connection.milliseconds(this.#received) - this.#waited;
      const begun = performance.now();
      const next = await withDeadline({ signal: this.#signal, milliseconds: Math.max(0, milliseconds) }, () =>
        iterator.next(),
      );
      this.#waited += performance.now() - begun;
      if (next.done === true) return;
      this.#received += next.value.byteLength;
      yield next.value;
    }
  }
}

class GoneError extends Error {}

// What a server says by status was repeated by the SDK already where that helps.
function isBroken(error: unknown, signal: AbortSignal): boolean {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  if (signal.aborted || error instanceof DeadlineError || error instanceof GoneError) return false;
  return $metadata?.httpStatusCode === undefined || $metadata.httpStatusCode < 400;
}

const MOST_FAILURES = 4;
