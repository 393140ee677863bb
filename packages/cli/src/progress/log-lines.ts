import { type MemoEvent, oneLine, type Paint, plainLines } from '@memo/core/inspect';

type Aside = Extract<MemoEvent, { readonly type: 'step.log' | 'warning' | 'output.lost' }>;

/** What ops log, and what memo wants to be known, as lines with their origin in front. */
export function logLines(event: Aside, paint: Paint, verbose: boolean): readonly string[] {
  if (event.type === 'warning') {
    const step = event.step === undefined ? '' : ` ${oneLine(event.step)}`;
    return [`${paint('yellow', '!')} ${oneLine(event.code)}${step}: ${oneLine(event.message)}`];
  }
  if (event.type === 'output.lost') {
    const [step, output] = [oneLine(event.step), oneLine(event.output)];
    // What to do about it is done: the step runs again.
    const [problem = ''] = event.error.message.split('\n', 1);
    return [`${paint('yellow', '!')} ${step}.${output} was lost, ${step} runs again: ${oneLine(problem)}`];
  }
  const { level, step, resource, message, data } = event;
  if (level === 'debug' && !verbose) return [];
  const from = paint('dim', `[${oneLine(step ?? (resource === undefined ? 'memo' : `resource ${resource}`))}]`);
  const color = level === 'error' ? 'red' : level === 'warn' ? 'yellow' : undefined;
  const text = data === undefined ? message : `${message} ${JSON.stringify(data)}`;
  return plainLines(text)
    .split('\n')
    .map((line) => `${from} ${color === undefined ? line : paint(color, line)}`.trimEnd());
}
