import { cutEnd, formatCount, formatDuration, oneLine, type PlanNode, widthOf } from '@memo/core/inspect';
import { runName } from '../history/run-name.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import type { RunState } from './run-state.ts';

const WORDS = { success: 'ok in', failure: 'failed in', cancelled: 'cancelled after' } as const;
const COLORS = { success: 'green', failure: 'red', cancelled: 'yellow' } as const;
const MOST_NAMED = 10;

/** How a run ended: counts, what was saved, the longest chain of what ran, and what to look at next. */
export function summaryLines(state: RunState, terminal: Terminal, chain: CriticalPath | undefined): readonly string[] {
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
    lines.push(...wrapText(`  saved ~${formatDuration(savedMs)} of compute (recorded time of reused steps)`, columns));
  if (chain !== undefined && chain.steps.length > 1)
    lines.push(cutEnd(`  critical path ${formatDuration(chain.ms)}: ${pathText(chain.steps)}`, columns));
  lines.push(...hints(state, terminal));
  return lines;
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
    return wrapText('  first run: nothing to reuse yet; run it again to see', columns).map((line) =>
      paint('dim', line),
    );
  if (failures.length === 0) return [];
  const names = failures.slice(0, MOST_NAMED).map(({ step }) => oneLine(step));
  const rest = end.failed - names.length;
  const text = `${names.join(', ')}${rest > 0 ? ` … ${formatCount(rest)} more` : ''}`;
  const line = `  ${paint('red', 'failed')}: ${cutEnd(text, Math.max(10, columns - 10))}`;
  const [first] = failures;
  const next = `memo show ${runName(end.run)} --logs · memo run --only ${oneLine(first?.step ?? '')}`;
  return [line, ...(widthOf(next) + 2 <= columns ? [paint('dim', `  ${next}`)] : [])];
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
