import type { MemoEvent } from '../events/memo-event.ts';
import type { RunResult } from '../execution/run-result.ts';
import { describeReason } from '../plan/describe-reason.ts';
import { cutEnd, oneLine, padTo } from '../plan/line-text.ts';
import type { Reason } from '../plan/reason.ts';

/** The result of a run; those of `testJob` also say what happened while running. */
export type AnyRun = Pick<RunResult<unknown>, 'executed' | 'reused' | 'skipped' | 'failed' | 'plan' | 'status'> & {
  readonly events?: readonly MemoEvent[];
};

/** How a step of a run ended. */
export type Ending = 'reused' | 'ran' | 'failed' | 'skipped' | 'not run';

const MOST_STEPS_TOLD = 40;
const WIDEST_ID = 40;
const WIDEST_REASON = 120;

/** How the steps of a run ended and why, for the messages of assertions. */
export class RunStory {
  /** All steps, in topological order. */
  readonly ids: readonly string[];
  readonly #run: AnyRun;
  readonly #endings: ReadonlyMap<string, Ending>;
  readonly #reasons: ReadonlyMap<string, readonly Reason[]>;

  /** @throws TypeError for anything but the result of a run. */
  constructor(run: AnyRun, asker: string) {
    if (!Array.isArray((run as Partial<AnyRun> | undefined)?.executed) || !Array.isArray(run.plan?.steps)) {
      throw new TypeError(`${asker} takes the result of a run of a job: await job.run(…).`);
    }
    this.#run = run;
    this.ids = run.plan.steps.map(({ id }) => id);
    this.#endings = new Map<string, Ending>([
      ...run.skipped.map((id) => [id, 'skipped'] as const),
      ...run.reused.map((id) => [id, 'reused'] as const),
      ...run.executed.map((id) => [id, 'ran'] as const),
      ...run.failed.map(({ step }) => [step, 'failed'] as const),
    ]);
    this.#reasons = reasonsWhileRunning(run.events ?? []);
  }

  ending(id: string): Ending {
    return this.#endings.get(id) ?? 'not run';
  }

  /** Steps that ended so, in topological order. */
  ended(ending: Ending): readonly string[] {
    return this.ids.filter((id) => this.ending(id) === ending);
  }

  /** One line a step: its id, how it ended, and why. Of many steps those that were re-used are counted. */
  toString(): string {
    const folds = this.ids.length > MOST_STEPS_TOLD;
    const told = folds ? this.ids.filter((id) => this.ending(id) !== 'reused') : this.ids;
    const width = Math.min(WIDEST_ID, Math.max(0, ...told.map((id) => id.length)));
    const lines = told
      .slice(0, MOST_STEPS_TOLD)
      .map((id) => `  ${padTo(oneLine(id), width)}  ${padTo(this.ending(id), 7)}  ${this.#why(id)}`.trimEnd());
    const left = told.length - lines.length;
    if (left > 0) lines.push(`  … ${left} more`);
    if (folds) lines.push(`  (${this.ended('reused').length} steps were reused)`);
    if (!this.#run.plan.memoized) lines.push('  (the run was not memoized: nothing could be reused)');
    return lines.join('\n');
  }

  #why(id: string): string {
    const failure = this.#run.failed.find(({ step }) => step === id);
    if (failure !== undefined) return cutEnd(oneLine(failure.error.problem), WIDEST_REASON);
    if (this.ending(id) === 'reused') return '';
    const reasons = this.#reasons.get(id) ?? this.#run.plan.step(id).reasons;
    return cutEnd(reasons.map(describeReason).join('; '), WIDEST_REASON);
  }
}

/** Reasons that turned out while running say more than those of the plan. */
function reasonsWhileRunning(events: readonly MemoEvent[]): ReadonlyMap<string, readonly Reason[]> {
  const reasons = new Map<string, readonly Reason[]>();
  for (const event of events) {
    if (event.type !== 'step.start' && event.type !== 'step.end') continue;
    if (event.reasons !== undefined && event.reasons.length > 0) reasons.set(event.step, event.reasons);
  }
  return reasons;
}
