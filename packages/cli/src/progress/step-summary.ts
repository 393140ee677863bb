import { formatCount, formatDuration, oneLine, type PlanNode } from '@memo/core/inspect';
import type { RunState } from './run-state.ts';

/** GitHub drops a summary that is larger than 1,024 kB. */
const MOST_BYTES = 900_000;
const MOST_ROWS = 200;
const MOST_NODES = 60;

/** A run as Markdown for the summary of a step of GitHub Actions: what ran and why, what was re-used, what failed. */
export function stepSummaryText(state: RunState, nodes: readonly PlanNode[]): string {
  const { start, end } = state;
  if (start === undefined || end === undefined) return '';
  const { status, ran, reused, failed, skipped, durationMs, savedMs } = end;
  const mark = status === 'success' ? '✅' : status === 'failure' ? '❌' : '⚠️';
  const counts = [
    `${formatCount(ran)} ran`,
    `**${formatCount(reused)} reused**`,
    `${formatCount(failed)} failed`,
    ...(skipped > 0 ? [`${formatCount(skipped)} skipped`] : []),
  ];
  const saved = savedMs >= 1 ? ` · saved about ${formatDuration(savedMs)}` : '';
  const parts = [
    `### ${mark} ${text(start.job)}: ${status} in ${formatDuration(durationMs)}`,
    `${counts.join(' · ')}${saved}`,
    opTable(state),
    failures(state),
    nodes.length > 1 && nodes.length <= MOST_NODES ? chart(state, nodes) : '',
  ];
  const whole = `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  return Buffer.byteLength(whole) <= MOST_BYTES ? whole : `${parts.slice(0, 2).join('\n\n')}\n`;
}

function opTable({ ops, ended }: RunState): string {
  const rows =
    ended.size > 0
      ? [...ended.values()].map(({ step, status, durationMs, savedMs, because }) => [
          step,
          status,
          status === 'reused' ? `saved ${formatDuration(savedMs ?? 0)}` : formatDuration(durationMs),
          because,
        ])
      : [...ops.values()].map(({ op, ran, reused, failed, total }) => [
          `${op} × ${total}`,
          failed > 0 ? 'failed' : ran > 0 ? 'ran' : 'reused',
          `${ran} ran, ${reused} reused`,
          '',
        ]);
  const shown = rows.slice(0, MOST_ROWS).map((cells) => `| ${cells.map((cell) => text(cell ?? '')).join(' | ')} |`);
  const rest = rows.length - shown.length;
  return [
    '| step | status | time | because |',
    '|---|---|---|---|',
    ...shown,
    ...(rest > 0 ? [`| … ${formatCount(rest)} more | | | |`] : []),
  ].join('\n');
}

function failures({ failures: failed }: RunState): string {
  return failed
    .slice(0, 10)
    .map(
      ({ step, error }) =>
        `<details><summary>${text(step)} failed</summary>\n\n<pre>${escaped((error?.message ?? '').slice(0, 4_000))}</pre></details>`,
    )
    .join('\n');
}

function chart({ ended }: RunState, nodes: readonly PlanNode[]): string {
  const index = new Map(nodes.map(({ id }, at) => [id, `n${at}`]));
  const lines = nodes.map(
    ({ id }) =>
      `  ${index.get(id)}["${oneLine(id).replace(/[#&<>"`[\]{}|]/g, (character) => `#${character.charCodeAt(0)};`)}"]${ended.has(id) ? `:::${ended.get(id)?.status}` : ''}`,
  );
  const edges = nodes.flatMap(({ id, inputs, after }) =>
    [...new Set([...inputs.map(({ step }) => step), ...after])].map(
      (from) => `  ${index.get(from)} --> ${index.get(id)}`,
    ),
  );
  return [
    '```mermaid',
    'flowchart LR',
    ...lines,
    ...edges,
    '  classDef ran fill:#22c55e,color:#18181b',
    '  classDef reused fill:#38bdf8,color:#18181b',
    '  classDef failed fill:#ef4444,color:#18181b',
    '```',
  ].join('\n');
}

/** What Markdown and HTML would take for their own is shown as it is. */
function text(value: string): string {
  return escaped(oneLine(value)).replace(/[|`*_[\]\\]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function escaped(value: string): string {
  return value.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
