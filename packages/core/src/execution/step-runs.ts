import type { MemoError } from '../errors/memo-error.ts';
import type { ComputedMeanwhile } from './computed-meanwhile.ts';
import type { CoordinatorOptions } from './coordinator-options.ts';
import type { RunReasons } from './run-reasons.ts';
import { wouldRun } from './step-errors.ts';
import { type Flown, StepFlights } from './step-flights.ts';
import type { StepReporter } from './step-reporter.ts';
import type { StepStates } from './step-states.ts';
import type { StepReport, StepTask } from './step-task.ts';

/** A step that is to be executed. */
export interface BegunStep {
  readonly index: number;
  readonly epoch: number;
  readonly task: StepTask;
}

/** What running steps works with, beside what the coordinator does. */
export interface RunningScope {
  readonly states: StepStates;
  readonly computed: ComputedMeanwhile;
  readonly reporter: StepReporter;
  readonly reasons: RunReasons;
  /** Takes what running a step gave; a promise where there is something to wait for. */
  readonly take: (begun: BegunStep, report: StepReport) => Promise<void> | undefined;
  readonly refuse: (index: number, error: MemoError) => void;
}

/** Runs steps, each version once at a time. */
export class StepRuns {
  readonly #options: CoordinatorOptions;
  readonly #scope: RunningScope;
  readonly #flights: StepFlights;
  readonly #isSkipped = (step: number): boolean => this.#scope.states.is(step, 'absent');

  constructor(options: CoordinatorOptions, scope: RunningScope) {
    this.#options = options;
    this.#scope = scope;
    this.#flights = new StepFlights(options);
  }

  /** What is to be executed of a step: nothing where that turns out not to be needed, or a promise that does it. */
  begin(index: number): BegunStep | Promise<void> | undefined {
    const { ledger } = this.#options;
    const version = ledger.isRunScoped(index) ? undefined : ledger.versions?.version(index);
    if (version === undefined) return this.#prepare(index);
    // Values of one result come from one execution of each version, also where two steps have the same one.
    if (this.#scope.computed.sees(index, version)) {
      this.#scope.states.takeComputed(index);
      return undefined;
    }
    const taken = this.#flights.take(index, version);
    return taken === 'here' ? this.#prepareTaken(index, version) : this.#runIfHere(index, version, taken);
  }

  /** Executes what was begun; a promise where there is something to wait for. */
  execute(begun: BegunStep): Promise<void> | undefined {
    const { executor, controller } = this.#options;
    const { version } = begun.task;
    let rest: Promise<void> | undefined;
    try {
      const report = executor.execute(begun.task, controller.signal);
      rest =
        report instanceof Promise
          ? report.then((late) => this.#scope.take(begun, late))
          : this.#scope.take(begun, report);
    } finally {
      if (rest === undefined && version !== undefined) this.#flights.release(version);
    }
    return version === undefined ? rest : rest?.finally(() => this.#flights.release(version));
  }

  /** Lets others go on although something is not over: nothing that it gives will count. */
  abandon(): void {
    this.#flights.abandon();
  }

  /** Resolves when other machines can read what was computed here. */
  settled(): Promise<void> {
    return this.#flights.settled();
  }

  async #runIfHere(index: number, version: string, taking: Flown | Promise<Flown>): Promise<void> {
    const { states } = this.#scope;
    const taken = await taking;
    if (taken === 'elsewhere') return states.reconsider(index);
    if (taken === 'cancelled') return states.settle(index, 'cancelled');
    const begun = this.#prepareTaken(index, version);
    if (begun !== undefined) await this.execute(begun);
  }

  #prepareTaken(index: number, version: string): BegunStep | undefined {
    let begun: BegunStep | undefined;
    try {
      begun = this.#prepare(index);
      return begun;
    } finally {
      if (begun === undefined) this.#flights.release(version);
    }
  }

  #prepare(index: number): BegunStep | undefined {
    const { ledger, planned, require } = this.#options;
    const { states, reporter, reasons, refuse } = this.#scope;
    const { id, op, policy } = ledger.step(index);
    if ((require || policy.memo === 'require') && planned.memoized !== undefined) {
      refuse(index, wouldRun(id, op.name));
      return undefined;
    }
    const epoch = states.epoch(index);
    if (reporter.isHeard) reporter.started(index, reasons.of(index));
    const task = ledger.task(index, this.#isSkipped, states.isForced(index));
    return { index, epoch, task };
  }
}
