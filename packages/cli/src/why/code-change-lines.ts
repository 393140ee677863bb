import { isAbsolute, relative } from 'node:path';
import type { Change } from '@memo/core/inspect';
import { formatCount, oneLine, type Paint, padTo, widthOf } from '@memo/core/inspect';
import { wrapText } from '../terminal/wrap-text.ts';
import { lineDiff } from './line-diff.ts';
import { shownParts } from './shown-parts.ts';
import type { SourceTexts } from './source-texts.ts';

type CodeChange = Extract<Change, { readonly kind: 'code' }>['changes'][number];

/** How much is shown of a change of code. */
export interface CodeChangeStyle {
  readonly paint: Paint;
  readonly columns: number;
  /** Most lines of a difference between sources; 0 for none. */
  readonly diffLines: number;
  readonly texts: SourceTexts;
}

/** What changed in the code: the part, where it is, how it is reached, and its lines where both sources are known. */
export function codeChangeLines(changes: readonly CodeChange[], style: CodeChangeStyle): readonly string[] {
  const names = changes.map((change) => oneLine(`${change.what} ${change.name}`));
  const width = Math.min(40, Math.max(0, ...names.map((name) => name.length)));
  return changes.flatMap((change, index) => {
    // Where lines are known for the file only, they follow the last of its symbols that changed.
    const isLast = !changes.slice(index + 1).some((later) => style.texts.key(later) === style.texts.key(change));
    const lines = isLast ? diffLines(change, style) : [];
    return [
      ...headLines(change, padTo(names[index] as string, width), { ...style, values: lines.length === 0 }),
      ...lines,
    ];
  });
}

function headLines(
  { how, place, via, before, after }: CodeChange,
  name: string,
  { paint, columns, values }: CodeChangeStyle & { readonly values: boolean },
): readonly string[] {
  const at = place === undefined ? '' : `  ${nearPath(place.file)}${place.line === undefined ? '' : `:${place.line}`}`;
  const used = via === undefined || via.length === 0 ? '' : `  (via ${via.map(oneLine).join(' → ')})`;
  const short = values && how === 'changed' && isShort(before) && isShort(after) ? `  ${before} → ${after}` : '';
  const color = how === 'removed' ? 'red' : how === 'added' ? 'green' : 'yellow';
  const room = Math.max(12, columns - 5);
  const plain = oneLine(`${name}${at}  ${how}${short}${used}`);
  return widthOf(plain) <= room
    ? [`${name}${paint('cyan', oneLine(at))}  ${paint(color, how)}${oneLine(short)}${paint('dim', used)}`]
    : wrapText(plain, room).map((line, index) => (index === 0 ? line : `  ${line}`));
}

/** A version number, a name: something that says more than a digest does. */
function isShort(text: string | undefined): text is string {
  return text !== undefined && text.length <= 32 && !text.includes('\n') && !/^(?:\w+[:-])?[0-9a-f]{16,}$/.test(text);
}

function diffLines(change: CodeChange, { paint, columns, diffLines: most, texts }: CodeChangeStyle): readonly string[] {
  if (most === 0 || change.how !== 'changed') return [];
  const sources = texts.of(change);
  if (sources === undefined) return [];
  const lines = lineDiff(sources.before, sources.after);
  const plain = lines.slice(0, most).map(({ sign, text }) => ({ sign, text: oneLine(text.replaceAll('\t', '  ')) }));
  const shown = shownParts(plain, Math.max(8, columns - 9)).map((part, index) => {
    const sign = plain[index]?.sign;
    const line = `  ${sign} ${part}`.trimEnd();
    return sign === '-' ? paint('red', line) : sign === '+' ? paint('green', line) : paint('dim', line);
  });
  const rest = lines.length - shown.length;
  return rest > 0 ? [...shown, paint('dim', `    … ${formatCount(rest)} more lines (--diff)`)] : shown;
}

function nearPath(file: string): string {
  const near = relative('', file);
  return near === '' || near.startsWith('..') || isAbsolute(near) ? file : near;
}
