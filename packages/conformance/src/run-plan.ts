import { messageOf } from '@memo/core/plugin';
import type { ConformancePlan, PlannedCase } from './conformance-case.ts';

/** How one case went. */
export interface CaseResult {
  readonly id: string;
  readonly title: string;
  readonly outcome: 'kept' | 'broken' | 'skipped';
  /** Why it is broken or skipped. */
  readonly reason?: string;
}

/** Runs the cases of a plan one after the other, without a test runner; `onResult` is told each as soon as it is known. */
export async function runPlan(
  plan: ConformancePlan,
  onResult: (result: CaseResult) => void = () => {},
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const one of plan.cases) {
    const result = await resultOf(one);
    results.push(result);
    onResult(result);
  }
  return results;
}

async function resultOf({ id, title, skip, run }: PlannedCase): Promise<CaseResult> {
  if (skip !== undefined) return { id, title, outcome: 'skipped', reason: skip };
  try {
    await run();
    return { id, title, outcome: 'kept' };
  } catch (error) {
    return { id, title, outcome: 'broken', reason: messageOf(error) };
  }
}
