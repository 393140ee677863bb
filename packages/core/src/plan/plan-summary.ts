import { formatCount, formatDuration } from './format-duration.ts';
import type { Plan, PlanStep } from './plan.ts';
import type { Action, Reason } from './reason.ts';

const SHOWN_ACTIONS: readonly Action[] = ['reuse', 'run', 'pending', 'skip'];

/** What a plan comes to, in parts to be put on lines: how many steps of each action, how long they take and save, and why they run. */
export function planSummary(plan: Plan): readonly string[] {
  const counts = SHOWN_ACTIONS.filter((action) => plan[action] > 0).map(
    (action) => `${formatCount(plan[action])} ${action}`,
  );
  const parts = [counts.length === 0 ? 'no steps' : counts.join(' · ')];
  if (plan.run + plan.pending > 0) parts.push(estimateRange(plan.estimateMs));
  if (plan.savedMs >= 1) parts.push(`saves ${formatDuration(plan.savedMs)}${plan.pending > 0 ? ' or more' : ''}`);
  if (!plan.memoized) parts.push('memoization is off');
  const reasons = reasonCounts(plan.steps);
  if (reasons !== '') parts.push(`reasons: ${reasons}`);
  return parts;
}

/** `est. 1.2 s` for a step that runs or may run and has run before; else empty. */
export function stepEstimate({ action, estimateMs }: PlanStep): string {
  const runs = action === 'run' || action === 'pending';
  return runs && estimateMs !== undefined ? `est. ${formatDuration(estimateMs)}` : '';
}

function estimateRange({ least, most }: Plan['estimateMs']): string {
  if (most <= 0) return 'est. unknown';
  const [from, to] = [formatDuration(least), formatDuration(most)];
  return from === to ? `est. ${to}` : `est. ${from} to ${to}`;
}

/** `code 1 · upstream 3`: how many steps run for each reason, most frequent first. */
function reasonCounts(steps: readonly PlanStep[]): string {
  const counts = new Map<string, number>();
  for (const { action, reasons } of steps) {
    const [first] = reasons;
    if (first === undefined || action === 'skip') continue;
    const label = reasonLabel(first);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return sorted.map(([label, count]) => `${label} ${formatCount(count)}`).join(' · ');
}

function reasonLabel(reason: Reason): string {
  if (reason.code === 'needed-if' || reason.code === 'upstream-rebound') return 'upstream';
  if (reason.code === 'changed') return reason.changes[0]?.kind ?? 'changed';
  return reason.code;
}
