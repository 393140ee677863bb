import type { JobPlan } from '../plan/job-plan.ts';
import { reasonsFor } from '../plan/job-plan.ts';
import type { Reason } from '../plan/reason.ts';
import type { StepLost } from './step-task.ts';

/** Why the steps of a run run: what the plan says, unless the run learned better. */
export class RunReasons {
  readonly #plan: JobPlan;
  readonly #learned = new Map<number, readonly Reason[]>();

  constructor(plan: JobPlan) {
    this.#plan = plan;
  }

  /** Says why a step runs, where that became known only while running. */
  readonly learn = (step: number, reasons: readonly Reason[]): void => {
    this.#learned.set(step, reasons);
  };

  /** Says that a step runs because its value cannot be read. */
  learnLoss(step: number, { address, error }: Omit<StepLost, 'kind'>): void {
    this.learn(step, [{ code: error.code === 'M5003' ? 'damaged' : 'missing', outputs: [address.output] }]);
  }

  of(step: number): readonly Reason[] {
    const reasons = this.#learned.get(step) ?? reasonsFor(this.#plan.parts, step);
    // What it depended on is decided.
    return reasons.length === 1 ? reasons : reasons.filter(({ code }) => code !== 'needed-if');
  }
}
