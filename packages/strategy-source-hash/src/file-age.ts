import type { Stats } from 'node:fs';
import { type Clock, processClock, STAMP_LAG_MS } from './process-clock.ts';

/** File systems that stamp whole seconds (FAT: even ones) may lag behind the clock by that much more. */
const COARSE_STAMP_LAG_MS = 2_000;

/** What the times of a file say about this process and about later looks at it. */
export class FileAge {
  readonly #clock: Clock;
  #began: number | undefined;

  constructor(clock: Clock = processClock) {
    this.#clock = clock;
  }

  /** The same as of one moment: for many files that are looked at together, the clock is read once. */
  atOnce(): FileAge {
    const age = new FileAge(this.#clock);
    age.#began = this.#clock.loadingBegan();
    return age;
  }

  /** True when the content may have changed since this process could load it. */
  isNew(stats: Stats): boolean {
    return this.#isSince(this.#changedAt(stats), stats);
  }

  /** True when no file all of whose times are at most this is new, whatever else its times say. */
  areOld(newest: number): boolean {
    return newest < (this.#began ?? this.#clock.loadingBegan()) - COARSE_STAMP_LAG_MS;
  }

  /** True when the entry itself may have been made since then: where a link leads, what a directory holds. */
  isNewEntry(stats: Stats): boolean {
    return this.#isSince(stats.ctimeMs, stats);
  }

  /** True when it changed so recently that another change might leave no trace in its times. */
  isRacy(stats: Stats): boolean {
    return this.#clock.now() - this.#changedAt(stats) < 2 * (STAMP_LAG_MS + coarseness(stats));
  }

  #isSince(time: number, stats: Stats): boolean {
    return time >= (this.#began ?? this.#clock.loadingBegan()) - coarseness(stats);
  }

  /**
   * When the content last changed. The change time cannot be set by programs; the modification time can, and counts only
   * where it is the later of the two and not in the future.
   */
  #changedAt({ mtimeMs, ctimeMs }: Stats): number {
    return mtimeMs > ctimeMs && mtimeMs <= this.#clock.now() ? mtimeMs : ctimeMs;
  }
}

function coarseness(stats: Stats): number {
  return stats.ctimeMs % 1_000 === 0 ? COARSE_STAMP_LAG_MS : 0;
}
