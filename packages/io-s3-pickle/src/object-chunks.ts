import { onAbort } from './abort-listeners.ts';
import type { Body, Bucket, OpenObject } from './bucket.ts';
import { DeadlineError } from './deadline.ts';
import { isReadHere } from './reading-agents.ts';
import { letGo } from './spent-chunks.ts';

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
 * The bytes of an object as somebody takes them. A connection that breaks, or ends early, is taken up where it ended; bytes that drip too
 * slowly are given up. Only the time that is spent waiting for the server counts.
 */
export async function* objectChunks(bucket: Bucket, range: ChunkRange): AsyncGenerator<Uint8Array> {
  const reading = new Reading(bucket, range);
  while (!reading.isDone) {
    try {
      for await (const chunk of await reading.open()) {
        if (reading.isDone) return;
        yield reading.received(chunk);
        // Also for its end: the connection of a body that was not read to its end is closed.
        reading.goOn();
      }
      reading.ended();
    } catch (error) {
      reading.failed(error);
    } finally {
      reading.rest();
    }
  }
}

/**
 * The same, given to `take` as they come, which costs less: for who only puts them somewhere. `take` does not throw, and keeps nothing of
 * a chunk.
 */
export async function takeChunks(
  bucket: Bucket,
  range: ChunkRange,
  take: (chunk: Uint8Array, position: number) => void,
): Promise<void> {
  const reading = new Reading(bucket, range);
  while (!reading.isDone) {
    try {
      const body = await reading.open();
      const isOurs = isReadHere(body);
      await flowing(body, (chunk) => {
        if (reading.isDone) return;
        const { position } = reading;
        take(reading.received(chunk), position);
        if (isOurs) letGo(chunk);
        reading.goOn();
      });
      reading.ended();
    } catch (error) {
      reading.failed(error);
    } finally {
      reading.rest();
    }
  }
}

/** All bytes of a range in one piece. */
export async function wholeRange(bucket: Bucket, range: ChunkRange): Promise<Uint8Array> {
  const whole = Buffer.allocUnsafeSlow(range.to - range.from);
  await takeChunks(bucket, range, (chunk, position) => whole.set(chunk, position - range.from));
  return whole;
}

function flowing(body: Body, take: (chunk: Uint8Array) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    body.on('data', take).on('end', resolve).on('error', reject);
    body.on('close', () => reject(new Error('the connection was closed')));
  });
}

/** How far a range was read, over as many connections as that takes. */
class Reading {
  position: number;
  readonly #bucket: Bucket;
  readonly #range: ChunkRange;
  readonly #patience: BodyPatience;
  #opened: OpenObject | undefined;
  /** Where the connection began. */
  #begun: number;
  #failures = 0;

  constructor(bucket: Bucket, range: ChunkRange) {
    this.#bucket = bucket;
    this.#range = range;
    this.#opened = range.opened;
    this.position = range.from;
    this.#begun = range.from;
    this.#patience = new BodyPatience((bytes) => bucket.connection.milliseconds(bytes), range.signal);
  }

  get isDone(): boolean {
    return this.position >= this.#range.to;
  }

  /** What is left of the range, on its way. */
  async open(): Promise<Body> {
    const { key, tag, to, signal } = this.#range;
    this.#begun = this.position;
    this.#opened ??= await this.#bucket.open({ key, tag, from: this.position, to }, { signal });
    if (this.#opened === undefined) throw new GoneError(`${key} was deleted while it was read`);
    this.#patience.watch(this.#opened.body);
    return this.#opened.body;
  }

  /** What of a chunk is wanted. */
  received(chunk: Uint8Array): Uint8Array {
    const left = this.#range.to - this.position;
    const wanted = chunk.byteLength <= left ? chunk : chunk.subarray(0, left);
    this.position += wanted.byteLength;
    this.#patience.received(wanted.byteLength);
    return wanted;
  }

  goOn(): void {
    this.#patience.goOn();
  }

  ended(): void {
    if (this.position === this.#begun) throw new Error('the server sent no bytes');
  }

  /** Throws what another connection would not help with. */
  failed(error: unknown): void {
    this.#failures = this.position > this.#begun ? 1 : this.#failures + 1;
    if (!isBroken(error, this.#range.signal) || this.#failures > MOST_FAILURES) throw error;
  }

  /** Lets a connection go that has ended, or is not wanted. */
  rest(): void {
    this.#patience.rest();
    this.#opened?.body.destroy();
    this.#opened = undefined;
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
