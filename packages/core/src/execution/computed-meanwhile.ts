import type { BindingEntry } from '../records/binding-entry.ts';
import type { RunLedger } from './run-ledger.ts';

/** Which step versions were computed since the plan was made, by this run or by another one of the process. */
export class ComputedMeanwhile {
  readonly #ledger: RunLedger;
  readonly #own = new Set<string>();
  /** The bindings that were looked at before a step ran. */
  readonly #looked = new Map<number, BindingEntry>();

  constructor(ledger: RunLedger) {
    this.#ledger = ledger;
  }

  /** Says that this run has computed a version. */
  add(version: string): void {
    this.#own.add(version);
  }

  /** Says that what this run computed under a version does not count any more. */
  delete(version: string): void {
    this.#own.delete(version);
  }

  /** True when this run has computed a version, and that counts. */
  has(version: string): boolean {
    return this.#own.has(version);
  }

  /** True when this run, or another one, has computed a step's version; for another one once for each time. */
  sees(index: number, version: string): boolean {
    const { versions, stored, planned } = this.#ledger;
    const pub = versions?.pub(index);
    const now = stored?.entryOf(version, pub);
    if (now === undefined) return this.#own.has(version);
    const before = this.#looked.get(index) ?? planned.memoized?.stored.entryOf(version, pub);
    this.#looked.set(index, now);
    return now.run !== before?.run || now.when !== before.when || this.#own.has(version);
  }
}
