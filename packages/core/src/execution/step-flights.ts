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
  readonly #leases = new Map<string, Lease>();

  constructor(options: CoordinatorOptions) {
    const { planned, controller } = options;
    this.#shared = new SharedFlights(options);
    this.#single = planned.memoized === undefined ? undefined : flightsOf(planned.memoized.log);
    this.#signal = controller.signal;
  }

  /** Takes a version: `here` where it is to be computed here, and then to be released. At once where nobody else may have it. */
  take(index: number, version: string): Flown | Promise<Flown> {
    const others = this.#single?.take(version);
    if (others !== undefined) return this.#waitFor(others);
    this.#held.add(version);
    const lease = this.#shared.take(index, version);
    return lease === undefined ? 'here' : this.#takeUnlessElsewhere(version, lease);
  }

  /** Lets others go on with a version that was computed here. */
  release(version: string): void {
    const lease = this.#leases.get(version);
    if (lease !== undefined) {
      this.#leases.delete(version);
      this.#shared.release(lease);
    }
    if (this.#held.delete(version)) this.#single?.release(version);
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

  async #waitFor(others: Promise<void>): Promise<Flown> {
    await landed(others, this.#signal);
    return this.#signal.aborted ? 'cancelled' : 'elsewhere';
  }

  async #takeUnlessElsewhere(version: string, leasing: Promise<Lease | undefined>): Promise<Flown> {
    const lease = await leasing;
    if (lease !== undefined) this.#leases.set(version, lease);
    if (!this.#signal.aborted && lease?.waited !== true) return 'here';
    if (!this.#signal.aborted && lease !== undefined) {
      await this.#shared.catchUp(lease);
      this.#leases.delete(version);
    }
    const how = this.#signal.aborted ? 'cancelled' : 'elsewhere';
    this.release(version);
    return how;
  }
}
