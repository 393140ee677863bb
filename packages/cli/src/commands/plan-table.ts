import {
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
import { widestOf } from '../terminal/table.ts';
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
    name: oneLine(step.id),
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
      name: `${oneLine(first.op)} × ${formatCount(group.length)}`,
      action: first.action,
      because: first.action === 'reuse' ? '' : `${oneLine(first.id)}: ${because(first)}; …`,
      estimate: shown && estimate > 0 ? `est. ${formatDuration(estimate)}` : '',
    };
  });
}

function wideLines(rows: readonly Row[], terminal: Terminal): readonly string[] {
  const { paint, columns } = terminal;
  const widest = widestOf(rows.map(({ name }) => name));
  const idWidth = Math.max('step'.length, columns === Number.POSITIVE_INFINITY ? widest : Math.min(widest, WIDEST_ID));
  const start = idWidth + ACTION_WIDTH + 4;
  const estimateWidth = widestOf(rows.map(({ estimate }) => estimate));
  const reasonWidth = widestOf(rows.map(({ estimate, because: why }) => (estimate === '' ? '' : why)));
  const room = Math.max(10, columns - start);
  const estimated = Math.max(10, Math.min(reasonWidth, room - estimateWidth - 2, 72));
  const linesOf = (row: Row): readonly string[] => {
    const { name, action, because: why, estimate } = row;
    const word = paint(STATUS[action].color, action) + ' '.repeat(ACTION_WIDTH - action.length);
    const [first = '', ...more] = wrapText(why, estimate === '' ? room : estimated);
    const shown = (text: string): string => (action === 'reuse' || action === 'skip' ? paint('dim', text) : text);
    const end = estimate === '' ? shown(first) : `${shown(padTo(first, estimated))}  ${paint('dim', estimate)}`;
    const below = more.map((text) => ' '.repeat(start) + shown(text));
    // A name that is wider than its column has a line of its own: it is what every command takes.
    if (widthOf(name) > idWidth) return [name, `${' '.repeat(idWidth)}  ${word}  ${end}`.trimEnd(), ...below];
    return [`${padTo(name, idWidth)}  ${word}  ${end}`.trimEnd(), ...below];
  };
  const head = `${padTo('step', idWidth)}  ${padTo('action', ACTION_WIDTH)}  because`;
  return [paint('dim', head), ...rows.flatMap(linesOf)];
}

function narrowLines({ name, action, because: why }: Row, { paint, columns }: Terminal): readonly string[] {
  const { glyph, color } = STATUS[action];
  const head = `${paint(color, glyph)} ${name} ${paint(color, action)}`;
  return why === '' ? [head] : [head, ...wrapText(why, columns - 2).map((line) => paint('dim', `  ${line}`))];
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
