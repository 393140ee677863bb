import type { Clock } from '../../src/definitions/clock.ts';

/** A clock that a test moves. Whoever sleeps wakes at once, unless the test holds sleepers back. */
export class PromptClock implements Clock {
  #now = 1_700_000_000_000;
  #elapsed = 0;
  readonly #sleep: (signal: AbortSignal, milliseconds: number) => Promise<void>;

  /** @param sleep what sleeping is. Default: nothing. */
  constructor(sleep: (signal: AbortSignal, milliseconds: number) => Promise<void> = () => Promise.resolve()) {
    this.#sleep = sleep;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#elapsed++;
  }

  async sleep(milliseconds: number, signal: AbortSignal, purpose?: 'answer'): Promise<void> {
    signal.throwIfAborted();
    // Answers come without time passing.
    if (purpose === 'answer') return new Promise(() => undefined);
    await this.#sleep(signal, milliseconds);
    signal.throwIfAborted();
  }

  random(): number {
    return 0.5;
  }
}
