import type { Clock } from '../definitions/clock.ts';
import { type Duration, milliseconds } from '../definitions/duration.ts';

interface Timeout {
  readonly due: number;
  readonly end: () => void;
}

/**
 * A clock for tests. Waits between attempts are over at once and move it by their length; attempts time out only when
 * {@link advance} passes their timeout, and what they leave running is not waited for. It begins at 2026-01-01T00:00Z, and its random numbers are all 0.5.
 */
export class TestClock implements Clock {
  /** The length of every wait between attempts, milliseconds, in order. */
  readonly waits: number[] = [];
  readonly #timeouts = new Set<Timeout>();
  #now: number = Date.UTC(2026, 0, 1);
  /** Only what a test asked for: a retry of one step must not time out another. */
  #advanced = 0;
  #onTimeout: (() => void)[] = [];

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  async sleep(length: number, signal: AbortSignal, purpose?: 'timeout' | 'linger' | 'answer'): Promise<void> {
    signal.throwIfAborted();
    if (purpose === 'timeout' || purpose === 'answer') return this.#wait(length, signal, purpose);
    if (purpose === 'linger') return;
    this.waits.push(length);
    this.#now += length;
  }

  /** Moves the clock, for ages of results, and ends the attempts whose timeouts it passes. */
  advance(duration: Duration): void {
    const length = milliseconds(duration, 'duration to advance by');
    this.#now += length;
    this.#advanced += length;
    for (const timeout of this.#timeouts) if (timeout.due <= this.#advanced) timeout.end();
  }

  /** Resolves when an attempt that has a timeout is under way. */
  async timeoutSet(): Promise<void> {
    if (this.#timeouts.size > 0) return;
    await new Promise<void>((resolve) => this.#onTimeout.push(resolve));
  }

  #wait(length: number, signal: AbortSignal, purpose: 'timeout' | 'answer'): Promise<void> {
    return new Promise((resolve, reject) => {
      const drop = (): void => {
        this.#timeouts.delete(timeout);
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        drop();
        reject(signal.reason);
      };
      const timeout: Timeout = {
        due: this.#advanced + length,
        end: () => {
          drop();
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort);
      this.#timeouts.add(timeout);
      if (purpose === 'timeout') for (const tell of this.#onTimeout.splice(0)) tell();
    });
  }
}
