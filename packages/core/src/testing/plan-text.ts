import { describeReason } from '../plan/describe-reason.ts';
import { oneLine } from '../plan/line-text.ts';
import type { Plan } from '../plan/plan.ts';

/**
 * A plan without times and run ids, one line a step in topological order: `fetchDocs reuse`,
 * `fit run: input docs ← split.train changed`. For comparing and for snapshots.
 */
export function planText(plan: Plan): string {
  return planLines(plan).join('\n');
}

/** The lines of {@link planText}. */
export function planLines(plan: Plan): readonly string[] {
  return plan.steps.map(({ id, action, reasons }) => {
    const because = reasons.map(describeReason).join('; ');
    return `${oneLine(id)} ${action}${because === '' ? '' : `: ${because}`}`;
  });
}
