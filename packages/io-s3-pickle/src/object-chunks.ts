import { onAbort } from './abort-listeners.ts';
import type { Body, Bucket, OpenObject } from './bucket.ts';
import { DeadlineError } from './deadline.ts';

/** Which bytes of which object. */
export interface ChunkRange {
  readonly key: string;
  /** What the object was opened with at `from`, when it is open already. */
  readonly opened?: OpenObject;
  readonly from: number;
  readonly to: number;
  readonly tag: string;
  readonly signal: AbortSignal;
}

/** An object was deleted while it was read. */
export class GoneError extends Error {
  override readonly name = 'GoneError';
}

/**
 * The bytes of an object as they come. A connection that breaks, or ends early, is taken up where it ended; bytes that drip too slowly
 * are given up. Only the time that is spent waiting for the server counts.
 */
export async function* objectChunks(bucket: Bucket, range: ChunkRange): AsyncGenerator<Uint8Array> {
  const { key, tag, signal, to } = range;
  const patience = new BodyPatience((bytes) => bucket.connection.milliseconds(bytes), signal);
  let { opened, from: position } = range;
  for (let failures = 0; position < to; ) {
    const before = position;
    try {
      opened ??= await bucket.open({ key, tag, from: position, to }, { signal });
      if (opened === undefined) throw new GoneError(`${key} was deleted while it was read`);
      patience.watch(opened.body);
      for await (const chunk of opened.body) {
        if (position >= to) return;
        const wanted = chunk.byteLength <= to - position ? chunk : chunk.subarray(0, to - position);
        position += wanted.byteLength;
        patience.received(wanted.byteLength);
        yield wanted;
        // Also for its end: the connection of a body that was not read to its end is closed.
        patience.goOn();
      }
      if (position === before) throw new Error('the server sent no bytes');
    } catch (error) {
      failures = position > before ? 1 : failures + 1;
      if (!isBroken(error, signal) || failures > MOST_FAILURES) throw error;
    } finally {
      patience.rest();
      opened?.body.destroy();
      opened = undefined;
    }
  }
}

/**
 * Ends a body for whose chunks was waited longer than its bytes may take together, or that nobody wants any more. One timer a body: a timer
 * and a promise for each chunk would cost as much as the chunk.
 */
class BodyPatience {
  readonly #milliseconds: (bytes: number) => number;
  readonly #signal: AbortSignal;
  #body: Body | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopListening: () => void = () => {};
  #received = 0;
  #waited = 0;
  #since: number | undefined;

  constructor(milliseconds: (bytes: number) => number, signal: AbortSignal) {
    this.#milliseconds = milliseconds;
    this.#signal = signal;
  }

  /** Waiting for a body begins. */
  watch(body: Body): void {
    this.#signal.throwIfAborted();
    this.#body = body;
    this.#stopListening = onAbort(this.#signal, () => body.destroy(this.#signal.reason as Error));
    this.goOn();
    this.#wake();
  }

  received(bytes: number): void {
    this.#waited = this.#waitedSoFar();
    this.#since = undefined;
    this.#received += bytes;
  }

  goOn(): void {
    this.#since = performance.now();
  }

  rest(): void {
    this.#waited = this.#waitedSoFar();
    this.#since = undefined;
    clearTimeout(this.#timer);
    this.#stopListening();
    this.#body = undefined;
  }

  #wake(): void {
    const allowed = this.#milliseconds(this.#received);
    const left = allowed - this.#waitedSoFar();
    if (left <= 0) this.#body?.destroy(new DeadlineError(`no end after ${allowed} ms`));
    else this.#timer = setTimeout(() => this.#wake(), Math.ceil(left));
  }

  #waitedSoFar(): number {
    return this.#waited + (this.#since === undefined ? 0 : performance.now() - this.#since);
  }
}

// What a server says by status was repeated by the SDK already where that helps.
function isBroken(error: unknown, signal: AbortSignal): boolean {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  if (signal.aborted || error instanceof DeadlineError || error instanceof GoneError) return false;
  return $metadata?.httpStatusCode === undefined || $metadata.httpStatusCode < 400;
}

const MOST_FAILURES = 4;
