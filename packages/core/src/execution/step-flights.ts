import type { Lease } from '../io/lease.ts';
import type { CoordinatorOptions } from './coordinator-options.ts';
import { SharedFlights } from './shared-flights.ts';
import { flightsOf, landed, type SingleFlight } from './single-flight.ts';

/** How it went. `elsewhere`: another run or machine was about to compute the same, so that the step is to be looked at again. */
export type Flown = 'here' | 'elsewhere' | 'cancelled';

/** One computation of a step version at a time, in this process and among the machines that share the store. */
export class StepFlights {
  readonly #shared: SharedFlights;
  readonly #single: SingleFlight | undefined;
  readonly #signal: AbortSignal;
  readonly #held = new Set<string>();

  constructor(options: CoordinatorOptions) {
    const { planned, controller } = options;
    this.#shared = new SharedFlights(options);
    this.#single = planned.memoized === undefined ? undefined : flightsOf(planned.memoized.log);
    this.#signal = controller.signal;
  }

  /** Computes a version unless somebody else does. */
  async fly(index: number, version: string, compute: () => Promise<void>): Promise<Flown> {
    const others = this.#single?.take(version);
    if (others !== undefined) {
      await landed(others, this.#signal);
      return this.#signal.aborted ? 'cancelled' : 'elsewhere';
    }
    this.#held.add(version);
    try {
      const lease = this.#shared.take(index, version);
      if (lease !== undefined) return await this.#flyUnlessElsewhere(await lease, compute);
      await compute();
      return 'here';
    } finally {
      if (this.#held.delete(version)) this.#single?.release(version);
    }
  }

  /** Resolves when other machines can read what was computed here. */
  settled(): Promise<void> {
    return this.#shared.settled();
  }

  /** Lets others go on although something is not over: nothing that it gives will count. */
  abandon(): void {
    for (const version of this.#held) this.#single?.release(version);
    this.#held.clear();
  }

  async #flyUnlessElsewhere(lease: Lease | undefined, compute: () => Promise<void>): Promise<Flown> {
    if (this.#signal.aborted) {
      this.#shared.release(lease);
      return 'cancelled';
    }
    if (lease?.waited === true) {
      await this.#shared.catchUp(lease);
      return 'elsewhere';
    }
    try {
      await compute();
    } finally {
      this.#shared.release(lease);
    }
    return 'here';
  }
}
