import { messageOf } from '../errors/memo-error.ts';
import { isMemoizable, type MemoizableIOManager } from '../io/io-manager.ts';
import type { Lease } from '../io/lease.ts';
import { DEFAULT_MANAGER } from '../plan/managers.ts';
import type { CoordinatorOptions } from './coordinator-options.ts';

type Leasing = MemoizableIOManager & Required<Pick<MemoizableIOManager, 'lease'>>;

/**
 * One computation of a version at a time among all machines that share a store with leases. Advisory: where the store fails, or a holder dies,
 * two compute the same, and one content wins.
 */
export class SharedFlights {
  readonly #options: CoordinatorOptions;
  readonly #releasing = new Set<Promise<void>>();
  #failed = false;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
  }

  /** Takes the lease of a version that is to be computed; waits while another machine has it. `undefined`, also at once, where there are none. */
  take(index: number, version: string): Promise<Lease | undefined> | undefined {
    const { planned, ledger, require } = this.#options;
    const manager = planned.managers.get(DEFAULT_MANAGER);
    if (manager === undefined || !isMemoizable(manager) || manager.lease === undefined) return undefined;
    if (this.#failed || require || ledger.step(index).policy.memo === 'require') return undefined;
    return this.#takeFrom(manager as Leasing, index, version);
  }

  async #takeFrom(manager: Leasing, index: number, version: string): Promise<Lease | undefined> {
    const { ledger, controller, scope } = this.#options;
    const { id } = ledger.step(index);
    const onWait = (): void => scope.logFor(id).info('Another machine computes this step; waiting for it.');
    try {
      return await manager.lease(version, { signal: controller.signal, onWait });
    } catch (error) {
      if (!controller.signal.aborted) this.#warn(error);
      return undefined;
    }
  }

  /** Reads what the machine has bound that had a lease before, and lets others go on. */
  async catchUp(lease: Lease): Promise<void> {
    const released = lease.release().catch((error: unknown) => this.#warn(error));
    const { signal } = this.#options.controller;
    await this.#options.planned.memoized?.log.refresh({ signal }).catch((error: unknown) => {
      if (!signal.aborted) this.#warn(error);
    });
    await released;
  }

  /** Lets others go on once they can read what was computed; {@link settled} waits for that. */
  release(lease: Lease | undefined): void {
    if (lease === undefined) return;
    const released = this.#publishAndRelease(lease)
      .catch((error: unknown) => this.#warn(error))
      .finally(() => this.#releasing.delete(released));
    this.#releasing.add(released);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#releasing);
  }

  async #publishAndRelease(lease: Lease): Promise<void> {
    try {
      await this.#options.planned.memoized?.log.flush();
    } finally {
      await lease.release();
    }
  }

  #warn(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    const because = messageOf(error);
    this.#options.events.warn(
      'leases-failed',
      `The store gives no leases (${because}): machines may compute the same twice.`,
    );
  }
}
