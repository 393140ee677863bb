import { shortDigest } from '../hash/digest.ts';
import { describeReason } from './describe-reason.ts';
import { formatCount, formatDuration } from './format-duration.ts';
import { cutEnd, cutMiddle, oneLine, padTo, widthOf } from './line-text.ts';
import type { Plan, PlanStep, PlanWarning } from './plan.ts';
import type { Action, Reason } from './reason.ts';

const WIDTH = 110;
const WIDEST_ID = 36;
const ACTION_WIDTH = 7;
const ESTIMATE_WIDTH = 17;
const GAP = '  ';
const MOST_WARNINGS = 10;

/** A plan as a table for people: a line for each step, then counts, estimates and what the reasons are. At most 110 characters wide. */
export function planTable(plan: Plan): string {
  const ids = plan.steps.map(({ id }) => cutMiddle(oneLine(id), WIDEST_ID));
  const idWidth = ids.reduce((widest, id) => Math.max(widest, widthOf(id)), 'step'.length);
  const row = (cells: readonly [id: string, action: string, because: string, estimate: string]): string => {
    const becauseWidth = WIDTH - idWidth - ACTION_WIDTH - ESTIMATE_WIDTH - 3 * GAP.length;
    const [id, action, because, estimate] = cells;
    const start = `${padTo(id, idWidth)}${GAP}${padTo(action, ACTION_WIDTH)}${GAP}`;
    const text =
      estimate === ''
        ? cutEnd(because, becauseWidth + GAP.length + ESTIMATE_WIDTH)
        : padTo(cutEnd(because, becauseWidth), becauseWidth);
    return `${start}${text}${estimate === '' ? '' : GAP + estimate}`.trimEnd();
  };
  const rows = plan.steps.map((step, index) =>
    row([ids[index] as string, step.action, because(step), estimateOf(step)]),
  );
  return [row(['step', 'action', 'because', '']), ...rows, ...footer(plan), ...warningLines(plan.warnings)].join('\n');
}

function because(step: PlanStep): string {
  if (step.action !== 'reuse') return step.reasons.map(describeReason).join('; ');
  const why = step.reasons.map((reason) => `${describeReason(reason)}; `).join('');
  const version = step.version === undefined ? why : `${why}version ${oneLine(shortDigest(step.version, 8))}…`;
  return step.producedBy === undefined ? version : `${version} stored by run ${oneLine(step.producedBy)}`.trimStart();
}

function estimateOf({ action, estimateMs }: PlanStep): string {
  const runs = action === 'run' || action === 'pending';
  return runs && estimateMs !== undefined ? `est. ${formatDuration(estimateMs)}` : '';
}

const SHOWN_ACTIONS: readonly Action[] = ['reuse', 'run', 'pending', 'skip'];

function footer(plan: Plan): readonly string[] {
  const counts = SHOWN_ACTIONS.filter((action) => plan[action] > 0).map(
    (action) => `${formatCount(plan[action])} ${action}`,
  );
  const parts = [counts.length === 0 ? 'no steps' : counts.join(' · ')];
  if (plan.run + plan.pending > 0) parts.push(estimateRange(plan.estimateMs));
  if (plan.savedMs >= 1) parts.push(`saves ${formatDuration(plan.savedMs)}${plan.pending > 0 ? ' or more' : ''}`);
  if (!plan.memoized) parts.push('memoization is off');
  const reasons = reasonCounts(plan.steps);
  if (reasons !== '') parts.push(`reasons: ${reasons}`);
  return wrapped(parts, ' · ');
}

function estimateRange({ least, most }: Plan['estimateMs']): string {
  if (most <= 0) return 'est. unknown';
  const [from, to] = [formatDuration(least), formatDuration(most)];
  return from === to ? `est. ${to}` : `est. ${from} to ${to}`;
}

/** `code 1 · upstream 3`, most frequent first. */
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

function warningLines(warnings: readonly PlanWarning[]): readonly string[] {
  const lines = warnings.slice(0, MOST_WARNINGS).flatMap(({ code, message, step }) => {
    const subject = step === undefined ? '' : ` step "${step}":`;
    return wrapped(oneLine(`warning ${code}:${subject} ${message}`).split(' '), ' ');
  });
  const rest = warnings.length - MOST_WARNINGS;
  return rest > 0 ? [...lines, `… ${formatCount(rest)} more warnings`] : lines;
}

/** Parts joined to lines that fit; lines after the first are indented. A part that is too wide alone is cut. */
function wrapped(parts: readonly string[], separator: string): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    const text = cutMiddle(part, WIDTH - GAP.length);
    if (line !== undefined && widthOf(line) + separator.length + widthOf(text) <= WIDTH)
      lines[lines.length - 1] = line + separator + text;
    else lines.push(line === undefined ? text : GAP + text);
  }
  return lines;
}
