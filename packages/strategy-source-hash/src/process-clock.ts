import { performance } from 'node:perf_hooks';

/** The times that decide what this process can have loaded. All in milliseconds since the epoch, by the clock of files. */
export interface Clock {
  now(): number;
  /** No file that this thread loaded and that was edited afterwards has an earlier stamp. */
  loadingBegan(): number;
}

/**
 * How far file times may lag behind the clock: Linux stamps with its last tick (1–10 ms; 7 ms measured), Windows with one of
 * up to 16 ms.
 */
export const STAMP_LAG_MS = 20;

/** Two clocks that are read one after the other differ by up to a few milliseconds. */
const CLOCK_NOISE_MS = 5;

/** What Node says of its own start: the process's in milliseconds since the epoch, the rest since then. */
export interface ProcessStart {
  readonly timeOrigin: number;
  /** When this thread's own life began; `timeOrigin` is the process's, in workers too. */
  readonly environment: number;
  /** From when on this thread loads modules; -1 until then. */
  readonly bootstrapComplete: number;
  /** Now, by a clock that nobody sets. */
  readonly elapsed: number;
  /** Now, by the clock of files. */
  readonly now: number;
}

/** The earliest stamp that an edit after the first load of a module can have. */
export function earliestEdit(start: ProcessStart): number {
  const { timeOrigin, environment, bootstrapComplete, elapsed, now } = start;
  const firstLoad = Math.max(bootstrapComplete, environment);
  const began = timeOrigin + Math.max(0, Math.min(environment, firstLoad - STAMP_LAG_MS));
  // A clock that was set back since then gives stamps that are too early by as much.
  return began - Math.max(0, timeOrigin + elapsed - now - CLOCK_NOISE_MS);
}

// Taken now, so that the fake clocks of tests do not count.
const { timeOrigin } = performance;
const now = Date.now.bind(Date);
const elapsed = performance.now.bind(performance);

export const processClock: Clock = {
  now,
  loadingBegan: () => {
    const { environment, bootstrapComplete } = performance.nodeTiming;
    return earliestEdit({ timeOrigin, environment, bootstrapComplete, elapsed: elapsed(), now: now() });
  },
};
