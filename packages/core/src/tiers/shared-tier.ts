import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { Awaitable } from '../io/awaitable.ts';
import { type MemoizableIOManager, managerName, type StoreWarning } from '../io/io-manager.ts';

/** What a shared store is used for. `read-only`: nothing is ever written to it, as suits pull requests. */
export type TierPolicy = 'read-write' | 'read-only';

/**
 * A store that others share, and that may fail: what it does not answer counts as not there, and one warning says so. After a failure it is
 * left alone until the next plan or run, so that a store that cannot be reached costs one attempt.
 */
export class SharedTier {
  readonly manager: MemoizableIOManager;
  readonly policy: TierPolicy;
  readonly #local: string;
  #failed = false;
  readonly #warnings = new Map<string, StoreWarning>();

  constructor(manager: MemoizableIOManager, policy: TierPolicy, local: string) {
    this.manager = manager;
    this.policy = policy;
    this.#local = local;
  }

  get isWritable(): boolean {
    return this.policy === 'read-write' && !this.#failed;
  }

  get hasFailed(): boolean {
    return this.#failed;
  }

  /** What went wrong, and what the store has noted, since this was asked last. */
  takeWarnings(): readonly StoreWarning[] {
    const taken = [...this.#warnings.values(), ...(this.manager.takeWarnings?.() ?? [])];
    this.#warnings.clear();
    return taken;
  }

  /** A new plan or run: the store is asked again. */
  retry(): void {
    this.#failed = false;
  }

  /**
   * Asks the store for something, or gives `otherwise` where it fails or has failed.
   *
   * @throws MemoError M5001, M5003, M5004: what is wrong with one value says nothing about the store; and the reason of an aborted signal.
   */
  async ask<T>(act: () => Awaitable<T>, otherwise: T, signal?: AbortSignal): Promise<T> {
    if (this.#failed) return otherwise;
    try {
      return await act();
    } catch (error) {
      if (signal?.aborted === true) throw error;
      if (ABOUT_ONE_VALUE.some((code) => MemoError.is(error, code))) throw error;
      this.#failed = true;
      const name = managerName(this.manager);
      this.warn(
        'shared-store-failed',
        `${name} cannot be used (${messageOf(error)}); results are kept in ${this.#local} alone.`,
      );
      return otherwise;
    }
  }

  /** Notes something that a person should know, once for each code. */
  warn(code: string, message: string): void {
    if (!this.#warnings.has(code)) this.#warnings.set(code, { code, message });
  }
}

const ABOUT_ONE_VALUE = ['M5001', 'M5003', 'M5004'] as const;
