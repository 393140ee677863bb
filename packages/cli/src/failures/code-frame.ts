import { readFileSync } from 'node:fs';
import type { Place } from '@memo/core/plugin';
import { cutEnd, oneLine, type Paint, padTo } from '@memo/core/text';

const AROUND = 2;
const LONGEST = 100;

/** The lines of the user's code around a place, with the one that is meant marked; nothing where the file cannot be read. */
export function codeFrame(
  place: Place | undefined,
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): readonly string[] {
  if (place?.line === undefined) return [];
  const lines = linesOf(place.file);
  if (lines === undefined || lines.length < place.line) return [];
  const first = Math.max(1, place.line - AROUND);
  const last = Math.min(lines.length, place.line + AROUND);
  const width = String(last).length;
  const longest = Math.min(LONGEST, Math.max(8, columns - width - 5));
  const frame: string[] = [];
  for (let line = first; line <= last; line++) {
    const text = cutEnd(oneLine((lines[line - 1] ?? '').replaceAll('\t', '  ')), longest);
    const number = padTo('', width - String(line).length) + line;
    const meant = line === place.line;
    frame.push(
      `${meant ? paint('red', '>') : ' '} ${paint('dim', `${number} │`)} ${meant ? text : paint('dim', text)}`.trimEnd(),
    );
    if (meant && place.column !== undefined && place.column <= longest)
      frame.push(`  ${paint('dim', `${' '.repeat(width)} │`)} ${' '.repeat(place.column - 1)}${paint('red', '^')}`);
  }
  return frame;
}

function linesOf(file: string): readonly string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return undefined;
  }
}
