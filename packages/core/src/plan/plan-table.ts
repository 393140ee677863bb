import { shortDigest } from '../hash/digest.ts';
import { describeReason } from './describe-reason.ts';
import { formatCount } from './format-duration.ts';
import { cutEnd, cutMiddle, oneLine, padTo, widthOf } from './line-text.ts';
import type { Plan, PlanStep, PlanWarning } from './plan.ts';
import { planSummary, stepEstimate } from './plan-summary.ts';

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
    row([ids[index] as string, step.action, because(step), stepEstimate(step)]),
  );
  return [
    row(['step', 'action', 'because', '']),
    ...rows,
    ...wrapped(planSummary(plan), ' · '),
    ...warningLines(plan.warnings),
  ].join('\n');
}

function because(step: PlanStep): string {
  if (step.action !== 'reuse') return step.reasons.map(describeReason).join('; ');
  const why = step.reasons.map((reason) => `${describeReason(reason)}; `).join('');
  const version = step.version === undefined ? why : `${why}version ${oneLine(shortDigest(step.version, 8))}…`;
  return step.producedBy === undefined ? version : `${version} stored by run ${oneLine(step.producedBy)}`.trimStart();
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
