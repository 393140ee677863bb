// What core loads only when it is needed takes turns that no schedule sees: all of it is here from the beginning.
import '../../src/execution/run-job.ts';
import '../../src/plan/elsewhere.ts';
import '../../src/plan/secret-check.ts';
import '../../src/plan/upgrades.ts';
import '../../src/plan/version-inquiry.ts';
import '../../src/records/compaction.ts';
import '../../src/versions/earlier-code.ts';
import '../../src/versions/planned-resources.ts';

/** Nothing can go on, and what was waited for has not ended. */
export class Hang extends Error {}

/**
 * Decides who goes on. Whatever calls {@link turn} stops until it is chosen, and the next one is chosen only when nothing else can
 * move, so that a list of numbers decides the whole course of things.
 */
export class Schedule {
  readonly #waiting: { readonly what: string; readonly goOn: () => void }[] = [];
  readonly #choices: readonly number[];
  #chosen = 0;

  /** @param choices whom to choose, modulo how many wait; starts again at its end. */
  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  readonly turn = (what: string): Promise<void> =>
    new Promise((goOn) => {
      this.#waiting.push({ what, goOn });
    });

  /**
   * Lets things go on until a promise has settled.
   *
   * @throws Hang when it never will.
   */
  async play<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const noted = work.finally(() => {
      settled = true;
    });
    noted.catch(() => undefined);
    while (!settled) {
      await quiet();
      if (settled) break;
      if (!this.#next()) throw new Hang('nothing goes on, and the run has not ended');
    }
    return noted;
  }

  /** Lets everything go on that still waits, and all that comes of it. */
  async drain(): Promise<void> {
    do await quiet();
    while (this.#next());
  }

  #next(): boolean {
    if (this.#waiting.length === 0) return false;
    const choice = this.#choices[this.#chosen++ % this.#choices.length] ?? 0;
    const [chosen] = this.#waiting.splice(choice % this.#waiting.length, 1);
    chosen?.goOn();
    return true;
  }
}

/** Until promises have nothing left to do. */
export async function quiet(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise((resolve) => setImmediate(resolve));
}
