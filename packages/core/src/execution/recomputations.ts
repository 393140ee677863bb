import type { MemoError } from '../errors/memo-error.ts';
import type { ComputedMeanwhile } from './computed-meanwhile.ts';
import type { CoordinatorOptions } from './coordinator-options.ts';
import { deleteDamaged, keptVanishing, MOST_RECOMPUTATIONS, restoreFromOthers } from './lost-output.ts';
import type { OutputCopies } from './output-copies.ts';
import type { RunReasons } from './run-reasons.ts';
import type { StepReporter } from './step-reporter.ts';
import { State, type StepStates } from './step-states.ts';
import type { StepLost } from './step-task.ts';

/** What computing again works with, beside what the coordinator does. */
export interface RecomputingScope {
  readonly states: StepStates;
  readonly computed: ComputedMeanwhile;
  readonly copies: OutputCopies;
  readonly reporter: StepReporter;
  readonly reasons: RunReasons;
}

/** The steps that run again because a value that counted as present cannot be read. */
export class Recomputations {
  readonly #options: CoordinatorOptions;
  readonly #scope: RecomputingScope;
  readonly #counts = new Map<number, number>();

  constructor(options: CoordinatorOptions, scope: RecomputingScope) {
    this.#options = options;
    this.#scope = scope;
  }

  has(index: number): boolean {
    return this.#counts.has(index);
  }

  /**
   * Has a value that cannot be read copied from where it is, or its step run again; who asked for it waits. Gives the error of who asked where that was
   * done too often.
   */
  async begin(consumer: number, lost: StepLost): Promise<MemoError | undefined> {
    const { ledger } = this.#options;
    const { states, computed, copies, reporter, reasons } = this.#scope;
    const { address, error } = lost;
    const { index } = address;
    // Another consumer has missed it too, and its step runs already, or has run.
    if (ledger.begun(index) !== address.take || !states.isIn(index, State.settled)) {
      states.decideToRun(consumer);
      return undefined;
    }
    const epoch = states.epoch(consumer);
    const waiting = { ...this.#options, states, copies };
    if (copies.mayRestore(address) && (await restoreFromOthers(lost, waiting))) {
      states.waitAgain(consumer, epoch);
      return undefined;
    }
    reporter.lost(lost);
    const count = (this.#counts.get(index) ?? 0) + 1;
    this.#counts.set(index, count);
    computed.delete(ledger.versions?.version(index) ?? '');
    // While it is not settled, who misses it waits.
    states.set(index, count > MOST_RECOMPUTATIONS ? State.settled : State.deciding);
    if (count > MOST_RECOMPUTATIONS) return keptVanishing(address, error);
    if (error.code === 'M5003') await deleteDamaged(address, this.#options);
    ledger.dropComputed(index);
    reasons.learnLoss(index, lost);
    states.rerun(index);
    states.waitAgain(consumer, epoch);
    return undefined;
  }
}
