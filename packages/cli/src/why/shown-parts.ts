import { cutEnd } from '@memo/core/inspect';
import type { DiffLine } from './line-diff.ts';

/** Characters before the difference that are shown of a line whose start has no room. */
const LEAD = 16;

/** The lines of a difference cut to `width`: of a long line the part in which it differs from the line that it replaced. */
export function shownParts(lines: readonly DiffLine[], width: number): readonly string[] {
  return lines.map(({ text }, index) => {
    const other = counterpart(lines, index);
    const start = other === undefined ? 0 : commonStart(text, other.text) - LEAD;
    const fits = text.length <= width || start + 2 * LEAD <= width;
    return cutEnd(fits ? text : `…${text.slice(start)}`, width);
  });
}

/** Of lines that were replaced by others, the first belongs to the first, the second to the second, and so on. */
function counterpart(lines: readonly DiffLine[], index: number): DiffLine | undefined {
  const sign = lines[index]?.sign;
  if (sign === undefined || sign === ' ') return undefined;
  const [start, end] = runOf(lines, index);
  if (sign === '-') return lines[end + index - start]?.sign === '+' ? lines[end + index - start] : undefined;
  if (lines[start - 1]?.sign !== '-') return undefined;
  const [removed] = runOf(lines, start - 1);
  return removed + index - start < start ? lines[removed + index - start] : undefined;
}

/** The lines around one that have its sign: from the first to before the last. */
function runOf(lines: readonly DiffLine[], index: number): readonly [start: number, end: number] {
  const sign = lines[index]?.sign;
  let [start, end] = [index, index];
  while (lines[start - 1]?.sign === sign && start > 0) start--;
  while (lines[end]?.sign === sign && end < lines.length) end++;
  return [start, end];
}

/** How far two texts are the same, without ending inside a character. */
function commonStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at > 0 && /[\uD800-\uDBFF]/.test(one[at - 1] as string) ? at - 1 : at;
}
