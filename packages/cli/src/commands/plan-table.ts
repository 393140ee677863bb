import {
  cutEnd,
  cutMiddle,
  describeReason,
  formatCount,
  formatDuration,
  oneLine,
  type Plan,
  type PlanStep,
  padTo,
  planSummary,
  stepEstimate,
  widthOf,
} from '@memo/core/inspect';
import { runName } from '../history/run-name.ts';
import { STATUS } from '../terminal/status-style.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapText } from '../terminal/wrap-text.ts';

/** More steps than this are shown an op a line. */
const MOST_STEPS = 200;
const WIDEST_ID = 36;
const ACTION_WIDTH = 7;
const NARROW = 60;
const MOST_WARNINGS = 10;

/** One line of the table. */
interface Row {
  readonly name: string;
  readonly action: PlanStep['action'];
  readonly because: string;
  readonly estimate: string;
}

/** A plan for people: a line for each step (for each op where there are many), then counts, estimates and reasons. */
export function planTable(plan: Plan, terminal: Terminal, options: { readonly all: boolean }): readonly string[] {
  const folds = plan.steps.length > MOST_STEPS && !options.all;
  const rows = folds ? opRows(plan.steps) : plan.steps.map(stepRow);
  const narrow = terminal.columns < NARROW;
  const lines = narrow ? rows.flatMap((row) => narrowLines(row, terminal)) : wideLines(rows, terminal);
  return [...lines, ...footer(plan, terminal), ...warningLines(plan.warnings, terminal)];
}

function stepRow(step: PlanStep): Row {
  return {
    name: cutMiddle(oneLine(step.id), WIDEST_ID),
    action: step.action,
    because: because(step),
    estimate: stepEstimate(step),
  };
}

/** Steps of one op with one fate in a line, in the order of their first. */
function opRows(steps: readonly PlanStep[]): readonly Row[] {
  const groups = new Map<string, PlanStep[]>();
  for (const step of steps) {
    const key = `${step.op}\0${step.action}\0${step.action === 'reuse' ? '' : (step.reasons[0]?.code ?? '')}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [step]);
    else group.push(step);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [PlanStep];
    if (group.length === 1) return stepRow(first);
    const estimate = group.reduce((sum, { estimateMs }) => sum + (estimateMs ?? 0), 0);
    const shown = first.action === 'run' || first.action === 'pending';
    return {
      name: cutMiddle(`${oneLine(first.op)} × ${formatCount(group.length)}`, WIDEST_ID),
      action: first.action,
      because: first.action === 'reuse' ? '' : `${oneLine(first.id)}: ${because(first)}; …`,
      estimate: shown && estimate > 0 ? `est. ${formatDuration(estimate)}` : '',
    };
  });
}

function wideLines(rows: readonly Row[], { paint, columns }: Terminal): readonly string[] {
  const idWidth = rows.reduce((widest, { name }) => Math.max(widest, widthOf(name)), 'step'.length);
  const estimateWidth = rows.reduce((widest, { estimate }) => Math.max(widest, widthOf(estimate)), 0);
  const start = idWidth + ACTION_WIDTH + 4;
  const reasonWidth = rows.reduce((widest, row) => Math.max(widest, row.estimate === '' ? 0 : widthOf(row.because)), 0);
  const room = columns - start - (estimateWidth === 0 ? 0 : estimateWidth + 2);
  const width = Math.max(10, Math.min(reasonWidth, room, 72));
  const line = ({ name, action, because: why, estimate }: Row): string => {
    const word = paint(STATUS[action].color, action) + ' '.repeat(ACTION_WIDTH - action.length);
    const text = estimate === '' ? cutEnd(why, Math.max(10, columns - start)) : padTo(cutEnd(why, width), width);
    const shown = action === 'reuse' || action === 'skip' ? paint('dim', text) : text;
    return `${padTo(name, idWidth)}  ${word}  ${shown}${estimate === '' ? '' : `  ${paint('dim', estimate)}`}`.trimEnd();
  };
  const head = `${padTo('step', idWidth)}  ${padTo('action', ACTION_WIDTH)}  because`;
  return [paint('dim', head), ...rows.map(line)];
}

function narrowLines({ name, action, because: why }: Row, { paint, columns }: Terminal): readonly string[] {
  const { glyph, color } = STATUS[action];
  const head = `${paint(color, glyph)} ${cutMiddle(name, Math.max(8, columns - 12))} ${paint(color, action)}`;
  return why === '' ? [head] : [head, paint('dim', `  ${cutEnd(why, Math.max(10, columns - 2))}`)];
}

function because(step: PlanStep): string {
  if (step.action !== 'reuse') return step.reasons.map(describeReason).join('; ');
  const version = step.version === undefined ? '' : `version ${oneLine(step.version.slice(0, 8))}…`;
  return step.producedBy === undefined ? version : `${version} stored by run ${runName(step.producedBy)}`.trimStart();
}

function footer(plan: Plan, { paint, columns }: Terminal): readonly string[] {
  const lines: string[] = [];
  for (const part of planSummary(plan)) {
    const line = lines.at(-1);
    if (line !== undefined && widthOf(line) + 3 + widthOf(part) <= Math.min(columns, 120))
      lines[lines.length - 1] = `${line} · ${part}`;
    else lines.push(...wrapText(part, columns));
  }
  return lines.map((line, index) => (index === 0 ? paint('bold', line) : line));
}

function warningLines(warnings: Plan['warnings'], { paint, columns }: Terminal): readonly string[] {
  const width = Math.min(columns, 120);
  const lines = warnings.slice(0, MOST_WARNINGS).flatMap(({ code, message, step }) => {
    const subject = step === undefined ? '' : `step "${step}": `;
    const [first = '', ...rest] = wrapText(oneLine(`${code}: ${subject}${message}`), Math.max(20, width - 2));
    return [`${paint('yellow', '!')} ${first}`, ...rest.map((line) => `  ${line}`)];
  });
  const left = warnings.length - MOST_WARNINGS;
  return left > 0 ? [...lines, `… ${formatCount(left)} more warnings`] : lines;
}
