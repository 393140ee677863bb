import { formatCount, formatDuration, oneLine, type PlanNode, padTo, widthOf } from '@memo/core/inspect';
import type { Metric } from '../history/run-metrics.ts';
import { runName } from '../history/run-name.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import type { RunState } from './run-state.ts';

const WORDS = { success: 'ok in', failure: 'failed in', cancelled: 'cancelled after' } as const;
const COLORS = { success: 'green', failure: 'red', cancelled: 'yellow' } as const;
const MOST_NAMED = 10;

/** What is known of a run that is just over, beside its events. */
export interface Sequel {
  readonly chain: CriticalPath | undefined;
  /** The run of the job before it. */
  readonly before: string | undefined;
  /** Numbers in what the job gives that differ from that run. */
  readonly metrics: readonly Metric[];
}

/** How a run ended: counts, what was saved, the longest chain of what ran, what became of numbers, and what to look at next. */
export function summaryLines(state: RunState, terminal: Terminal, sequel?: Sequel): readonly string[] {
  const { paint, columns } = terminal;
  const { start, end } = state;
  if (start === undefined || end === undefined) return [];
  const { status, ran, reused, skipped, failed, durationMs, savedMs } = end;
  const full = status === 'success' && ran === 0 && failed === 0 && reused > 0;
  const counts = [
    `${formatCount(ran)} ran`,
    `${formatCount(reused)} reused`,
    `${formatCount(failed)} failed`,
    ...(skipped > 0 ? [`${formatCount(skipped)} skipped`] : []),
  ].join(' · ');
  const head = `${paint('bold', oneLine(start.job))}  ${paint(COLORS[status], WORDS[status])} ${formatDuration(durationMs)}`;
  const facts = [
    `run ${runName(end.run)}`,
    counts,
    ...(full ? [paint('green', 'FULL MEMO')] : []),
    ...(full && savedMs >= 1 ? [`saved ~${formatDuration(savedMs)}`] : []),
  ];
  const wide = columns >= 90;
  const lines = wide
    ? [`${head}   ${facts.join('   ')}`]
    : [head, ...facts.flatMap((fact) => wrapText(fact, columns - 2)).map((line) => `  ${line}`)];
  if (!full && savedMs >= 1)
    lines.push(`  saved ~${formatDuration(savedMs)} of compute (recorded time of reused steps)`);
  const chain = sequel?.chain;
  if (chain !== undefined && chain.steps.length > 1)
    lines.push(`  critical path ${formatDuration(chain.ms)}: ${pathText(chain.steps)}`);
  lines.push(...hints(state, terminal));
  if (sequel !== undefined && !full && failed === 0) lines.push(...sequelLines(end.run, sequel, terminal));
  return lines;
}

const MOST_METRICS = 4;

/** `report.accuracy 0.914 → 0.921`, and what shows more of this run. */
function sequelLines(run: string, { before, metrics }: Sequel, { paint, columns }: Terminal): readonly string[] {
  if (before === undefined) return [];
  const shown = metrics.slice(0, MOST_METRICS).map((metric) => metricText(metric));
  const rest = metrics.length - shown.length;
  const text = [...shown, ...(rest > 0 ? [`${formatCount(rest)} more`] : [])].join(' · ');
  const next = `memo show ${runName(run)} · memo diff ${runName(before)} ${runName(run)}`;
  const room = columns - widthOf(next) - 2;
  if (text !== '' && widthOf(text) + 4 <= room)
    return [`  ${padTo(text, Math.min(room, 64) - 2)}${paint('dim', next)}`];
  const lines = [
    ...(text === '' ? [] : wrapText(text, columns - 2)),
    ...wrapText(next, columns - 2).map((line) => paint('dim', line)),
  ];
  return lines.map((line) => `  ${line}`);
}

const DIGITS = 6;

function metricText({ name, before, after }: Metric): string {
  const [was, is] = [before, after].map((number) => String(Number(number.toPrecision(DIGITS))));
  return `${oneLine(name)} ${was === is ? `${before} → ${after}` : `${was} → ${is}`}`;
}

function pathText(steps: readonly string[]): string {
  const names = steps.map(oneLine);
  const shown = names.length > 6 ? [...names.slice(0, 3), '…', ...names.slice(-2)] : names;
  return shown.join(' → ');
}

function hints(state: RunState, { paint, columns }: Terminal): readonly string[] {
  const { end, failures } = state;
  if (end === undefined) return [];
  if (state.isFirst && end.status === 'success')
    return [`  ${paint('dim', 'first run: nothing to reuse yet; run it again to see')}`];
  if (failures.length === 0) return [];
  const names = failures.slice(0, MOST_NAMED).map(({ step }) => oneLine(step));
  const rest = end.failed - names.length;
  const text = `${names.join(', ')}${rest > 0 ? ` … ${formatCount(rest)} more` : ''}`;
  const line = `  ${paint('red', 'failed')}: ${text}`;
  const [first] = failures;
  const next = `memo show ${runName(end.run)} --logs · memo run --only ${oneLine(first?.step ?? '')}`;
  return [line, ...wrapText(next, columns - 2).map((part) => paint('dim', `  ${part}`))];
}

/** The chain of steps that took longest, one after the other. */
export interface CriticalPath {
  readonly ms: number;
  readonly steps: readonly string[];
}

/** The longest chain of what ran, by the time that the ops took. One pass over steps and edges. */
export function criticalPath(
  nodes: readonly PlanNode[],
  durations: ReadonlyMap<string, number>,
): CriticalPath | undefined {
  const best = new Map<string, { readonly ms: number; readonly from: string | undefined }>();
  let last: string | undefined;
  for (const { id, inputs, after } of nodes) {
    let from: string | undefined;
    for (const before of [...inputs.map(({ step }) => step), ...after])
      if ((best.get(before)?.ms ?? 0) > (from === undefined ? 0 : (best.get(from)?.ms ?? 0))) from = before;
    const ms = (durations.get(id) ?? 0) + (from === undefined ? 0 : (best.get(from)?.ms ?? 0));
    best.set(id, { ms, from });
    if (last === undefined || ms > (best.get(last)?.ms ?? 0)) last = id;
  }
  if (last === undefined || (best.get(last)?.ms ?? 0) <= 0) return undefined;
  const steps: string[] = [];
  for (let at: string | undefined = last; at !== undefined; at = best.get(at)?.from)
    if (durations.has(at)) steps.unshift(at);
  return { ms: best.get(last)?.ms ?? 0, steps };
}
