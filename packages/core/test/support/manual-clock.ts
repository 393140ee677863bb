import type { Job } from '@memo/core';
import type { Clock } from '../../src/definitions/clock.ts';
import { JOB, makeJob } from '../../src/execution/runnable-job.ts';

interface Sleeper {
  readonly until: number;
  /** What is asked while a job is planned is waited for: nobody sleeps. */
  readonly isAnswer: boolean;
  readonly wake: () => void;
}

/** A clock that moves only when a test moves it; who sleeps wakes when it has moved far enough. */
export class ManualClock implements Clock {
  /** The length of every sleep that began, milliseconds. */
  readonly sleeps: number[] = [];
  readonly #sleepers = new Set<Sleeper>();
  readonly #skips: boolean;
  #now = Date.UTC(2026, 0, 1);
  #onSleep: () => void = () => undefined;

  /** @param options `skips`: every sleep is over at once, and the clock moves by its length. */
  constructor(options: { readonly skips?: boolean } = {}) {
    this.#skips = options.skips ?? false;
  }

  /** How many sleep now. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  async sleep(milliseconds: number, signal: AbortSignal, purpose?: string): Promise<void> {
    if (purpose !== 'answer') this.sleeps.push(milliseconds);
    signal.throwIfAborted();
    if (this.#skips && purpose !== 'answer') {
      this.#now += milliseconds;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      };
      const wake = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const sleeper = { until: this.#now + milliseconds, isAnswer: purpose === 'answer', wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', onAbort);
      if (purpose !== 'answer') this.#onSleep();
    });
  }

  /** Resolves when somebody sleeps. */
  async asleep(): Promise<void> {
    if ([...this.#sleepers].some(({ isAnswer }) => !isAnswer)) return;
    await new Promise<void>((resolve) => {
      this.#onSleep = resolve;
    });
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    for (const sleeper of this.#sleepers) {
      if (sleeper.until > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}

/** The same job, over another clock. */
export function withClock<C, R>(job: Job<C, R>, clock: Clock): Job<C, R> {
  return makeJob({ ...job[JOB], clock });
}
