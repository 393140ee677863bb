/** Matchers for vitest: `import '@memo/core/testing/vitest'` in a test, or in a file of `setupFiles`. */
import { expect } from 'vitest';
import type { Plan } from '../plan/plan.ts';
import { planVerdict } from './plan-verdict.ts';
import type { AnyRun } from './run-story.ts';
import { ranOnlyVerdict, ranVerdict, reusedEverythingVerdict, reusedVerdict } from './run-verdict.ts';

/** What `expect(result)` and `expect(plan)` can do beside. */
export interface MemoMatchers<R> {
  /** The named steps of a run were re-used; `*` in a name stands for any text. Without a name: some step was. */
  toHaveReused(...steps: readonly string[]): R;
  /** The run succeeded without running an op, and re-used something. */
  toHaveReusedEverything(): R;
  /** The ops of the named steps ran; `*` in a name stands for any text. Without a name: some op did. */
  toHaveRun(...steps: readonly string[]): R;
  /** The ops of the named steps ran and no others; without a name: none ran. */
  toHaveRunOnly(...steps: readonly string[]): R;
  /** The plan has these lines, one a step: `fit reuse`, `fit run`, `fit run: part of the reason`; a line `…` stands for any steps. */
  toMatchPlan(text: string): R;
}

declare module 'vitest' {
  interface Matchers<T> extends MemoMatchers<T> {}
}

expect.extend({
  toHaveReused(run: AnyRun, ...steps: readonly string[]) {
    return reusedVerdict(run, { steps, negated: this.isNot });
  },
  toHaveReusedEverything(run: AnyRun) {
    return reusedEverythingVerdict(run);
  },
  toHaveRun(run: AnyRun, ...steps: readonly string[]) {
    return ranVerdict(run, { steps, negated: this.isNot });
  },
  toHaveRunOnly(run: AnyRun, ...steps: readonly string[]) {
    return ranOnlyVerdict(run, { steps });
  },
  toMatchPlan(plan: Plan, text: string) {
    return planVerdict(plan, text);
  },
});
