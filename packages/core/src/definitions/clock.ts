import { setTimeout as timeout } from 'node:timers/promises';

/** The only way in which core reads time, waits, and draws random numbers, so that tests can decide all three. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some fixed moment; never goes back. */
  elapsed(): number;
  /**
   * Resolves after some milliseconds; rejects with the signal's reason when that is aborted first.
   *
   * @param purpose `timeout`: something runs meanwhile, and is given up when the time is over. `linger`: it was given up
   *   already, and may end until then. `answer`: as `timeout`, for what planning asks.
   */
  sleep(milliseconds: number, signal: AbortSignal, purpose?: 'timeout' | 'linger' | 'answer'): Promise<void>;
  /** A number in [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await timeout(milliseconds, undefined, { signal });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  },
  random: () => Math.random(),
};
