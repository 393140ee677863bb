import {
  cutEnd,
  cutMiddle,
  formatAge,
  formatDuration,
  oneLine,
  type Paint,
  padTo,
  plainLines,
  widthOf,
} from '@memo/core/inspect';
import { runName } from '../history/run-name.ts';
import { STATUS, type Status } from '../terminal/status-style.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import type { EndedStep, RunningStep } from './run-state.ts';

/** What lines are made for. */
export interface LineStyle {
  readonly paint: Paint;
  readonly columns: number;
  /** True for a line that is printed, and may go on in the next; those of a live area are cut. */
  readonly whole?: boolean;
}

const ID_WIDTH = 24;
const WORD_WIDTH = 9;
const TIME_WIDTH = 9;
const MOST_ERROR_LINES = 12;

/** A line of the run: glyph, step, what happens to it, a time, and a remark. */
export function statusLine(
  status: Status,
  { name, time, remark }: { readonly name: string; readonly time: string; readonly remark: string },
  { paint, columns, whole = false }: LineStyle,
): string {
  const { glyph, color } = STATUS[status];
  const idWidth = Math.max(8, Math.min(ID_WIDTH, columns - 25));
  const id = padTo(
    whole ? oneLine(name) : cutMiddle(oneLine(name), Math.max(idWidth, Math.min(48, columns - 60))),
    idWidth,
  );
  const used = 5 + widthOf(id) + WORD_WIDTH + TIME_WIDTH + 2;
  const shown = padTo(status, WORD_WIDTH);
  const head = `  ${paint(color, glyph)} ${id} ${paint(color, shown)}`;
  const room = columns - used;
  if (room < 12 && !whole) return `${head}${paint('dim', time)}`.trimEnd();
  const text = whole ? oneLine(remark) : cutEnd(oneLine(remark), room);
  return `${head} ${padTo(time, TIME_WIDTH)} ${status === 'ran' || status === 'failed' ? text : paint('dim', text)}`.trimEnd();
}

/** The line of a step that is over. */
export function endedLine(ended: EndedStep, style: LineStyle): string {
  const { step, status, durationMs, attempts, because } = ended;
  if (status === 'reused') return statusLine('reused', { name: step, time: '', remark: reuseText(ended) }, style);
  const timed = status === 'ran' || status === 'failed';
  const remark = status === 'failed' ? (attempts > 1 ? `after ${attempts} attempts` : '') : because;
  return statusLine(status, { name: step, time: timed ? formatDuration(durationMs) : '', remark }, style);
}

function reuseText({ savedMs, producedBy, producedAt, at }: EndedStep): string {
  const facts = [
    ...(savedMs === undefined ? [] : [`saved ${formatDuration(savedMs)}`]),
    ...(producedBy === undefined ? [] : [`run ${runName(producedBy)}`]),
    ...(producedAt === undefined ? [] : [formatAge(at - producedAt)]),
  ];
  return facts.join(' · ');
}

/** The line of a step that runs. */
export function runningLine(running: RunningStep, now: number, style: LineStyle): string {
  const { step, since, attempt, done, total, retry } = running;
  const remarks: string[] = [];
  if (done !== undefined) remarks.push(total === undefined ? `${done} done` : `${done}/${total}`);
  if (retry !== undefined)
    remarks.push(`next try in ${formatDuration(Math.max(0, retry.at - now))}: ${retry.message.split('\n', 1)[0]}`);
  else if (attempt > 1) remarks.push(`attempt ${attempt}`);
  const time = formatDuration(now - since);
  return statusLine(
    retry === undefined ? 'running' : 'retry',
    { name: step, time, remark: remarks.join(' · ') },
    style,
  );
}

/** What a failed step says: its error, and the last lines that it logged. */
export function failureLines(
  { error, log }: EndedStep,
  { paint, columns }: LineStyle,
  verbose: boolean,
): readonly string[] {
  if (error === undefined) return [];
  const width = Math.max(20, columns - 6);
  const message = error.code === undefined ? `${error.name}: ${error.message}` : error.message;
  const lines = plainLines(message)
    .replace(/docs\/errors\/(M\d{4})\.md/g, 'memo explain $1')
    .split('\n');
  const shown = verbose ? lines : lines.slice(0, MOST_ERROR_LINES);
  const stack = verbose && error.stack !== undefined ? plainLines(error.stack).split('\n') : [];
  return [
    // What memo says of an error ends with what to do: that is never cut off.
    ...shown
      .flatMap((line) => (error.code === undefined ? [cutEnd(line, width)] : hangingLines(line, width)))
      .map(indented),
    ...stack.map((line) => paint('dim', `      ${cutEnd(line, width)}`)),
    ...(log.length === 0 ? [] : [paint('dim', '      last logged:')]),
    ...log
      .flatMap((text) => plainLines(text).split('\n'))
      .map((line) => paint('dim', `      │ ${cutEnd(line, width - 2)}`)),
  ];
}

/** `  fix      a text` in lines that go on below the text. */
function hangingLines(line: string, width: number): readonly string[] {
  const start = /^ *(?:(?:because|cause|fix|docs|place) +)?/.exec(line)?.[0].length ?? 0;
  return wrapText(line.slice(start), width - start).map(
    (text, index) => (index === 0 ? line.slice(0, start) : ' '.repeat(start)) + text,
  );
}

function indented(line: string): string {
  return `      ${line}`.trimEnd();
}
