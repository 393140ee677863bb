import { oneLine, padTo } from '@memo/core/inspect';
import { STATUS } from '../terminal/status-style.ts';
import { widestOf } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import type { StepGraph } from './step-graph.ts';

/** By what goes up (1), down (2), left (4) and right (8) from a cell. */
const BOXES: readonly string[] = [' ', '│', '│', '│', '─', '┘', '┐', '┤', '─', '└', '┌', '├', '─', '┴', '┬', '┼'];

const MOST_LANES = 24;

/** A graph as rows: a lane for each step that something still waits for, a mark for each step, lines where inputs come together. */
export function terminalGraph({ nodes, edges }: StepGraph, { paint, columns }: Terminal): readonly string[] {
  const waiting = new Map<string, number>();
  for (const { from } of edges) waiting.set(from, (waiting.get(from) ?? 0) + 1);
  const upstream = new Map<string, string[]>();
  for (const { from, to } of edges) upstream.set(to, [...(upstream.get(to) ?? []), from]);
  const lanes: (string | undefined)[] = [];
  const rows: Row[] = [];
  for (const node of nodes) {
    const sources = upstream.get(node.id) ?? [];
    const before = lanes.map((lane) => lane !== undefined);
    const joined = sources.map((source) => lanes.indexOf(source)).filter((lane) => lane >= 0);
    for (const source of sources) {
      const left = (waiting.get(source) ?? 1) - 1;
      waiting.set(source, left);
      if (left === 0) lanes[lanes.indexOf(source)] = undefined;
    }
    const own = laneFor(lanes, joined, before);
    const straight = joined.length === 0 || (joined.length === 1 && joined[0] === own);
    const after = Array.from(
      { length: Math.max(lanes.length, own + 1) },
      (_, lane) => lanes[lane] !== undefined || lane === own,
    );
    if (!straight) rows.push({ rail: railOf({ before, after, joined, own }) });
    lanes[own] = node.id;
    const rail = nodeRail(lanes, own);
    if ((waiting.get(node.id) ?? 0) === 0) lanes[own] = undefined;
    rows.push({ rail, node, below: nodeRail(lanes) });
    while (lanes.length > 0 && lanes.at(-1) === undefined) lanes.pop();
  }
  const width = Math.min(2 * MOST_LANES, widestOf(rows.map(({ rail }) => rail)));
  const names = Math.max(8, Math.min(widestOf(nodes.map(({ label }) => oneLine(label))), columns - width - 11));
  return rows.flatMap(({ rail, node, below = '' }) => {
    const lines = paint('dim', padTo(rail.slice(0, width), width));
    if (node === undefined) return [lines.trimEnd()];
    const { glyph, color } = STATUS[node.action];
    const at = rail.indexOf('*');
    const marked =
      at >= width
        ? lines
        : paint('dim', rail.slice(0, at)) +
          paint(color, glyph) +
          paint('dim', padTo(rail.slice(at + 1, width), width - at - 1));
    const [first = '', ...more] = wrapText(oneLine(node.label), names);
    const beside = paint('dim', padTo(below.slice(0, width), width));
    return [
      `${marked}  ${padTo(first, names)}  ${paint(color, node.action)}`.trimEnd(),
      ...more.map((text) => `${beside}  ${text}`),
    ];
  });
}

/** A row of lanes; beside a step, and the lanes that go on below it. */
interface Row {
  readonly rail: string;
  readonly node?: StepGraph['nodes'][number];
  readonly below?: string;
}

/** The lane of a step: that of an input that nobody else waits for, else a free one. */
function laneFor(
  lanes: readonly (string | undefined)[],
  joined: readonly number[],
  before: readonly boolean[],
): number {
  const inherited = joined.filter((lane) => lanes[lane] === undefined).sort((a, b) => a - b)[0];
  if (inherited !== undefined) return inherited;
  const free = lanes.findIndex((lane, index) => lane === undefined && before[index] !== true);
  return free === -1 ? lanes.length : free;
}

interface Joint {
  readonly before: readonly boolean[];
  readonly after: readonly boolean[];
  readonly joined: readonly number[];
  readonly own: number;
}

function railOf({ before, after, joined, own }: Joint): string {
  const [first, last] = [Math.min(own, ...joined), Math.max(own, ...joined)];
  let rail = '';
  for (let lane = 0; lane < Math.max(before.length, after.length, last + 1); lane++) {
    const inside = lane >= first && lane <= last;
    const touches = lane === own || joined.includes(lane);
    const up = before[lane] === true && (touches || after[lane] === true) ? 1 : 0;
    const down = after[lane] === true ? 2 : 0;
    const left = inside && lane > first && (touches || up + down === 0) ? 4 : 0;
    const right = inside && lane < last && (touches || up + down === 0) ? 8 : 0;
    rail += (BOXES[up + down + left + right] ?? ' ') + (inside && lane < last ? '─' : ' ');
  }
  return rail.trimEnd();
}

function nodeRail(lanes: readonly (string | undefined)[], own?: number): string {
  return lanes.map((lane, index) => (index === own ? '*' : lane === undefined ? ' ' : '│')).join(' ');
}
