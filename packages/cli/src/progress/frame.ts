import { cutEnd, formatCount, formatDuration, oneLine, type Paint, padTo, widthOf } from '@memo/core/inspect';
import { STATUS } from '../terminal/status-style.ts';
import type { OpCounts, RunState } from './run-state.ts';
import { endedLine, type LineStyle, runningLine, statusLine } from './step-line.ts';

/** What a frame is drawn for. */
export interface FrameStyle extends LineStyle {
  /** What the body shows. Default: the steps. */
  readonly view?: View;
  /** True where keys are taken. */
  readonly keys?: boolean;
  readonly rows: number;
  /** Milliseconds since the epoch, by the events' clock. */
  readonly now: number;
}

/** What the body of a frame shows: the steps, what they logged, why they run, or what failed. */
export type View = 'steps' | 'logs' | 'why' | 'failed';

const MOST_LINES = 24;
const MOST_RUNNING = 8;
const BAR = 20;
const MOST_FAILURES = 3;

/** A run as it is now, at most min(rows − 2, 24) lines: header, ops or steps, what runs, failures, clock. */
export function frameLines(state: RunState, style: FrameStyle): readonly string[] {
  if (state.start === undefined) return [];
  const room = Math.max(3, Math.min(style.rows - 2, MOST_LINES));
  const head = headLines(state, style);
  const foot = [clockLine(state, style)];
  const failures = state.few || style.view === 'failed' ? [] : failureHints(state, style);
  const left = room - head.length - foot.length - failures.length;
  const body = bodyLines(state, style, left);
  return [...head, ...body.slice(0, Math.max(0, left)), ...failures, ...foot].map((line) => line.trimEnd());
}

/** `training · 6 steps · store fs:.memo/store`, and what was planned. */
export function headLines({ start, plan }: RunState, { paint, columns }: LineStyle): readonly string[] {
  if (start === undefined) return [];
  const stores = Object.entries(start.stores).map(([key, name]) =>
    oneLine(key === 'default' ? name : `${key} ${name}`),
  );
  const commit = start.tags['memo/commit'];
  const dirty = start.tags['memo/dirty'] === 'true' ? ' (dirty)' : '';
  const facts = [
    `${formatCount(start.steps)} ${start.steps === 1 ? 'step' : 'steps'}`,
    ...(stores.length === 0 ? [] : [`store ${stores.join(', ')}`]),
    ...(commit === undefined ? [] : [`commit ${oneLine(commit)}${dirty}`]),
    ...(start.memo === 'on' ? [] : [`memo ${start.memo}`]),
  ];
  const job = oneLine(start.job);
  const lines = [
    `${paint('bold', cutEnd(job, columns))}${cutEnd(` · ${facts.join(' · ')}`, Math.max(1, columns - widthOf(job)))}`,
  ];
  if (plan === undefined) return lines;
  const counts = (['run', 'reuse', 'pending', 'skip'] as const)
    .filter((action) => plan[action] > 0)
    .map((action) => `${formatCount(plan[action])} ${action}`);
  const text = counts.length === 0 ? 'nothing to do' : counts.join(' · ');
  const planned = `planned in ${formatDuration(plan.planMs)}`;
  const gap = Math.max(2, Math.min(columns, 80) - 7 - text.length - planned.length);
  return [
    ...lines,
    `plan   ${cutEnd(text, columns - 7)}${columns < 60 ? '' : paint('dim', ' '.repeat(gap) + planned)}`,
  ];
}

function bodyLines(state: RunState, style: FrameStyle, room: number): readonly string[] {
  switch (style.view) {
    case 'logs':
      return aside(state.logLines.slice(-room), 'nothing was logged', style);
    case 'why':
      return aside(whyLines(state, room), 'nothing runs', style);
    case 'failed':
      return aside(failedLines(state, room), 'nothing has failed', style);
    default:
      return state.few ? stepLines(state, style) : opLines(state, style, room);
  }
}

function aside(lines: readonly string[], otherwise: string, { paint, columns }: FrameStyle): readonly string[] {
  if (lines.length === 0) return [paint('dim', `  ${otherwise}`)];
  return lines.map((line) => `  ${cutEnd(oneLine(line), columns - 2)}`);
}

function whyLines(state: RunState, room: number): readonly string[] {
  const lines: string[] = [];
  for (const { step } of state.running.values()) {
    if (lines.length === room) break;
    lines.push(`${step}: ${state.waitingFor(step) || 'it was decided while running'}`);
  }
  return lines;
}

function failedLines({ failures }: RunState, room: number): readonly string[] {
  return failures.slice(0, room).map(({ step, error }) => `${step}: ${error?.message.split('\n', 1)[0] ?? ''}`);
}

function stepLines(state: RunState, style: FrameStyle): readonly string[] {
  const order = [...state.ops.keys()];
  const lines: (readonly [op: string, line: string])[] = [];
  for (const ended of state.ended.values()) lines.push([ended.op, endedLine(ended, style)]);
  for (const running of state.running.values()) lines.push([running.op, runningLine(running, style.now, style)]);
  for (const { step, op, action } of state.plan?.steps ?? []) {
    if (state.ended.has(step) || state.running.has(step)) continue;
    const waits = { name: step, time: '', remark: state.waitingFor(step) };
    lines.push([op, statusLine(action === 'run' ? 'run' : 'pending', waits, style)]);
  }
  return lines.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)).map(([, line]) => line);
}

function opLines(state: RunState, style: FrameStyle, room: number): readonly string[] {
  const runningLines = longestRunning(state, style);
  if (state.ops.size + runningLines.length <= room)
    return [...state.ops.values()].flatMap((op) => [
      opLine(op, style),
      ...runningLines.filter(([name]) => name === op.op).map(([, line]) => line),
    ]);
  const most = Math.max(1, room - runningLines.length - 2);
  const shown: OpCounts[] = [];
  for (const op of state.activeOps.values()) {
    if (shown.length === most) break;
    shown.push(op);
  }
  const waiting = state.ops.size - state.opsOver - shown.length;
  const { paint } = style;
  return [
    ...(state.opsOver === 0 ? [] : [`  ${paint('green', '✓')} ${formatCount(state.opsOver)} ops done`]),
    ...shown.map((op) => opLine(op, style)),
    ...runningLines.map(([, line]) => line),
    ...(waiting <= 0 ? [] : [`  ${paint('dim', '○')} ${formatCount(waiting)} ops waiting`]),
  ];
}

function longestRunning(state: RunState, style: FrameStyle): readonly (readonly [op: string, line: string])[] {
  // Steps begin in the order of the map: the first ones run longest.
  const lines: (readonly [string, string])[] = [];
  for (const running of state.running.values()) {
    if (lines.length === MOST_RUNNING) break;
    lines.push([running.op, `  ${runningLine(running, style.now, { ...style, columns: style.columns - 2 })}`]);
  }
  return lines;
}

/** One op: how many of its steps are over, as a bar where there are several. */
export function opLine(op: OpCounts, style: LineStyle): string {
  const { paint, columns } = style;
  const status = op.failed > 0 ? 'failed' : op.running > 0 ? 'running' : statusOf(op);
  const facts = [
    ...(op.reused === 0 ? [] : [`${formatCount(op.reused)} reused`]),
    ...(op.ran === 0 ? [] : [`${formatCount(op.ran)} ran`]),
    ...(op.skipped === 0 ? [] : [`${formatCount(op.skipped)} skipped`]),
    ...(op.failed === 0 ? [] : [paint('red', `${formatCount(op.failed)} failed`)]),
    ...(overOf(op) >= op.total ? [] : [`${formatCount(op.total - overOf(op))} left`]),
  ];
  const { glyph, color } = STATUS[status];
  const name = padTo(cutEnd(oneLine(op.op), 24), Math.min(24, Math.max(8, columns - 30)));
  const bar = op.total > 1 && columns >= 76 ? `${barOf(op, paint)}  ` : '';
  const count = `${formatCount(overOf(op))}/${formatCount(op.total)}`.padEnd(9);
  return `  ${paint(color, glyph)} ${name} ${bar}${count} ${columns < 60 ? '' : facts.join(' · ')}`;
}

function statusOf(op: OpCounts): 'ran' | 'reused' | 'pending' | 'skipped' {
  if (overOf(op) < op.total) return 'pending';
  if (op.ran > 0) return 'ran';
  return op.reused > 0 ? 'reused' : 'skipped';
}

function overOf(op: OpCounts): number {
  return op.ran + op.reused + op.skipped + op.failed;
}

/** Reused █, ran ▓, left ░; what is there at all is never invisible. */
function barOf(op: OpCounts, paint: Paint): string {
  const cells = (count: number): number => (count === 0 ? 0 : Math.max(1, Math.floor((BAR * count) / op.total)));
  const reused = Math.min(BAR, cells(op.reused + op.skipped));
  const ran = Math.min(BAR - reused, cells(op.ran + op.failed));
  return `${paint('cyan', '█'.repeat(reused))}${paint('green', '▓'.repeat(ran))}${paint('dim', '░'.repeat(BAR - reused - ran))}`;
}

function failureHints({ failures }: RunState, { paint, columns }: FrameStyle): readonly string[] {
  const lines = failures
    .slice(0, MOST_FAILURES)
    .map(
      ({ step, error }) =>
        `  ${paint('red', '✗')} ${cutEnd(oneLine(`${step}: ${error?.message.split('\n', 1)[0] ?? ''}`), columns - 4)}`,
    );
  const rest = failures.length - lines.length;
  return rest > 0 ? [...lines, `    … ${formatCount(rest)} more failed`] : lines;
}

const KEYS = '[l]ogs [w]hy [f]ailed [q]uit';

function clockLine(state: RunState, { paint, columns, now, keys }: FrameStyle): string {
  const remaining = state.remainingMs;
  const facts = [
    `${formatDuration(now - (state.start?.t ?? now))} elapsed`,
    ...(state.running.size === 0 ? [] : [`${formatCount(state.running.size)} running`]),
    ...(remaining === undefined ? [] : [`~${formatDuration(remaining / Math.max(1, state.running.size))} left`]),
    ...(state.savedMs < 1 ? [] : [`saved ${formatDuration(state.savedMs)} so far`]),
  ];
  const text = cutEnd(facts.join(' · '), columns);
  const gap = columns - widthOf(text) - KEYS.length;
  return paint('dim', keys === true && gap >= 2 ? text + ' '.repeat(gap) + KEYS : text);
}
