import type { Clock } from '../definitions/clock.ts';

/** What a grace period needs. */
export interface CancelGraceOptions {
  readonly clock: Clock;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  /** How long what goes on may go on after that, milliseconds. */
  readonly graceMs: number;
}

/** What is done about work that ignores a cancellation. */
export interface LateWork<T> {
  /** When the period begins: with the cancellation, or with the call where that comes later. */
  readonly from: 'cancellation' | 'call';
  /** What is given in place of the work; may throw. */
  readonly late: () => T;
}

/** What the time is for, as {@link Clock.sleep} is told. */
type Purpose = Parameters<Clock['sleep']>[2];

/** How long a cancelled run waits for what ignores that it was cancelled. A run that is not cancelled waits as long as it takes. */
export class CancelGrace {
  readonly graceMs: number;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #since: number | undefined;

  constructor({ clock, signal, graceMs }: CancelGraceOptions) {
    this.graceMs = graceMs;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** What some work gives, or what `late` gives where the run is cancelled and the period over. */
  within<T>(work: Promise<T>, { from, late }: LateWork<T>): Promise<T> {
    const called = this.#clock.elapsed();
    return this.#unlessOver(work, { late, purpose: 'timeout' }, (expire) =>
      onAborted(this.#signal, () => {
        this.#since ??= this.#clock.elapsed();
        expire(from === 'call' ? Math.max(this.#since, called) : this.#since);
      }),
    );
  }

  /** Waits for what was given up already, whether the run is cancelled or not: until the period is over. */
  linger(given: Promise<unknown>): Promise<unknown> {
    return this.#unlessOver<unknown>(given, { late: () => undefined, purpose: 'linger' }, (expire) => {
      expire(this.#since ?? this.#clock.elapsed());
      return () => undefined;
    });
  }

  /** @param begin is given what makes the period begin, at some time on the clock, and gives what ends its watch. */
  #unlessOver<T>(
    work: Promise<T>,
    { late, purpose }: Pick<LateWork<T>, 'late'> & { readonly purpose: Purpose },
    begin: (expire: (since: number) => void) => () => void,
  ): Promise<T> {
    // Made when there is something to end, which there is not in a run that nobody cancels.
    let ended: AbortController | undefined;
    return new Promise<T>((resolve, reject) => {
      // First, so that what has ended is never late.
      const settled = work.then(resolve, reject);
      const stopWatching = begin((since) => {
        const left = since + this.graceMs - this.#clock.elapsed();
        ended = new AbortController();
        const sleeping = left > 0 ? this.#clock.sleep(left, ended.signal, purpose) : Promise.resolve();
        sleeping.then(late).then(resolve, reject);
      });
      void settled.then(() => {
        stopWatching();
        ended?.abort();
      });
    });
  }
}

const watchers = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls back when a signal is aborted, until stopped. One listener serves all who watch a signal: listeners of its own are slow. */
export function onAborted(signal: AbortSignal, callback: () => void): () => void {
  let watching = watchers.get(signal);
  if (watching === undefined) {
    const callbacks = new Set<() => void>();
    signal.addEventListener('abort', () => {
      for (const each of callbacks) each();
    });
    watchers.set(signal, callbacks);
    watching = callbacks;
  }
  const callbacks = watching;
  if (signal.aborted) callback();
  else callbacks.add(callback);
  return () => callbacks.delete(callback);
}
