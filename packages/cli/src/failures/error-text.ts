import { relative } from 'node:path';
import type { Place } from '@memo/core/plugin';
import { MemoError, messageOf, oneLine, plainLines } from '@memo/core/text';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { codeFrame } from './code-frame.ts';

/** How an error is shown. */
export interface ErrorStyle {
  readonly terminal: Terminal;
  /** Whole stack traces. */
  readonly verbose: boolean;
  /** Where the report of a bug was written. */
  readonly report?: string | undefined;
}

/** An error for people: code and problem, the user's code, why, what to do, and where to read more. */
export function errorLines(error: unknown, style: ErrorStyle): readonly string[] {
  return MemoError.is(error) ? memoErrorLines(error, style, '') : bugLines(error, style);
}

/** The documented JSON form of an error. */
export function errorDocument(error: unknown): { readonly schema: 'memo.error/1'; readonly error: object } {
  if (MemoError.is(error)) return { schema: 'memo.error/1', error: error.toJSON() };
  return { schema: 'memo.error/1', error: { code: 'bug', name: 'bug', message: messageOf(error) } };
}

function memoErrorLines(error: MemoError, style: ErrorStyle, indent: string): readonly string[] {
  const { terminal, verbose } = style;
  const { paint, columns } = terminal;
  const width = Math.min(columns, 120) - indent.length;
  const head = `${paint('red', 'error')} ${paint('bold', error.code)}  `;
  const problem = wrapText(oneLine(error.problem), width - 14);
  const lines = problem.map((line, index) => (index === 0 ? head : ' '.repeat(13)) + line);
  const place = placeText(error.place);
  if (place !== undefined)
    lines.push(
      '',
      ...wrapText(place, width).map((line) => paint('cyan', line)),
      ...codeFrame(error.place, { paint, columns: columns - indent.length }),
    );
  const facts: string[] = [];
  const fact = (name: string, text: string | undefined): void => {
    if (text === undefined) return;
    const wrapped = plainLines(text)
      .split('\n')
      .flatMap((line) => wrapText(line, width - 9));
    facts.push(...wrapped.map((line, index) => (index === 0 ? paint('dim', name.padEnd(9)) : ' '.repeat(9)) + line));
  };
  fact('because', error.because);
  fact('cause', causeText(error));
  fact('fix', error.fix);
  if (error.errors.length === 0) fact('docs', `memo explain ${error.code}`);
  if (facts.length > 0) lines.push('', ...facts);
  for (const inner of error.errors) lines.push('', ...memoErrorLines(inner, style, '  '));
  if (verbose && error.stack !== undefined)
    lines.push('', ...stackLines(error.cause instanceof Error ? error.cause : error).map((line) => paint('dim', line)));
  return lines.map((line) => `${indent}${line}`.trimEnd());
}

/** The error underneath, unless the problem or the reason already says it. */
function causeText({ cause, problem, because }: MemoError): string | undefined {
  if (cause === undefined || MemoError.is(cause)) return undefined;
  const text = messageOf(cause);
  const known = `${problem} ${because ?? ''}`;
  if (text === '' || known.includes(text)) return undefined;
  const frame = cause instanceof Error ? userFrame(cause) : undefined;
  return frame === undefined ? text : `${text}\n${frame}`;
}

/** The first frame of a stack that is neither Node's nor a dependency's: where to look. */
function userFrame(cause: Error): string | undefined {
  const frame = stackLines(cause).find(
    (line) => !/node:|node_modules|\((?:native|<anonymous>)\)/.test(line) && /\bat /.test(line),
  );
  return frame?.trim();
}

function stackLines(error: Error): readonly string[] {
  return plainLines(error.stack ?? '')
    .split('\n')
    .slice(1);
}

function placeText(place: Place | undefined): string | undefined {
  if (place === undefined) return undefined;
  const near = relative('', place.file);
  const file = near.startsWith('..') || near === '' ? place.file : near;
  const line = place.line === undefined ? '' : `:${place.line}`;
  return oneLine(`${file}${line}${line !== '' && place.column !== undefined ? `:${place.column}` : ''}`);
}

function bugLines(error: unknown, { terminal: { paint, columns }, report }: ErrorStyle): readonly string[] {
  const stack = error instanceof Error ? stackLines(error) : [];
  return [
    `${paint('red', 'memo failed')}  ${oneLine(messageOf(error))}`,
    ...stack.slice(0, 6).map((line) => paint('dim', line)),
    '',
    ...wrapText('This should not have happened: it is a bug in memo, or in an adapter that the config uses.', columns),
    ...(report === undefined ? [] : [`${paint('dim', 'report')}   ${report}`]),
  ];
}
