import { isAbsolute, relative } from 'node:path';
import type { EndedStep } from './run-state.ts';

/** `::error file=src/ops.ts,line=44::fit failed: …`: GitHub shows it at the line. */
export function annotation({ step, error }: EndedStep, root: string): string {
  const [, file, line] =
    /(?:\(|at (?:async )?)(?:file:\/\/)?((?:\/|[A-Za-z]:)[^():\s]+):(\d+):\d+\)?/.exec(userFrames(error?.stack)) ?? [];
  const near = file === undefined ? undefined : relative(root, file);
  const place =
    near === undefined || near.startsWith('..') || isAbsolute(near) ? '' : ` file=${property(near)},line=${line}`;
  return `::error${place}::${data(`${step} failed: ${error?.message ?? ''}`)}`;
}

function userFrames(stack = ''): string {
  return stack
    .split('\n')
    .filter((line) => !/node:|node_modules|[\\/]packages[\\/]core[\\/]/.test(line))
    .join('\n');
}

/** What workflow commands cannot carry is escaped as GitHub asks. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
