import { widthOf } from '@memo/core/text';

/** A text in lines of at most `width` characters, broken at spaces; a longer word, as a path may be, goes on in the next line. */
export function wrapText(text: string, width: number): readonly string[] {
  return width === Number.POSITIVE_INFINITY ? [text] : wrapped(text, width, width);
}

/**
 * A line, colours included, in lines of at most `width` characters. What does not fit goes on below the beginning of the text: behind a label
 * and two spaces, as in a list of facts, else a little further in than the line itself.
 */
export function hangingLine(line: string, width: number): readonly string[] {
  if (shownWidth(line) <= width) return [line];
  const [start = ''] = /^ */.exec(line) ?? [];
  const [label = ''] = /^ *\S+(?: \S+)? {2,}(?=\S)/.exec(line.replace(COLORS, '')) ?? [];
  const indent = label !== '' && label.length <= Math.min(MOST_INDENT, width / 2) ? label.length : start.length + 2;
  const [first = '', ...rest] = wrapped(line.slice(start.length), width - start.length, Math.max(1, width - indent));
  return [start + first, ...rest.map((text) => ' '.repeat(Math.min(indent, width - 1)) + text)];
}

const COLOR = `${'\u001b'}\\[[\\d;]*m`;
/** Colours, which have no width. */
export const COLORS: RegExp = new RegExp(COLOR, 'g');
const UNITS = new RegExp(`${COLOR}|.`, 'gsu');
const MOST_INDENT = 24;

function shownWidth(text: string): number {
  return widthOf(text.replace(COLORS, ''));
}

function wrapped(text: string, first: number, further: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    const room = lines.length > 1 ? further : first;
    if (line !== undefined && shownWidth(line) + 1 + shownWidth(word) <= room)
      lines[lines.length - 1] = `${line} ${word}`;
    // Where a line ends, so do the spaces that would have stood there.
    else if (line === undefined || word !== '') lines.push(...pieces(word, Math.max(1, Math.min(room, further))));
  }
  return lines.map((line, index) => (index === lines.length - 1 ? line : line.trimEnd()));
}

function pieces(word: string, width: number): readonly string[] {
  if (shownWidth(word) <= width) return [word];
  const found: string[] = [];
  let piece = '';
  for (const [unit] of word.matchAll(UNITS)) {
    if (piece !== '' && shownWidth(piece + unit) > width) {
      found.push(piece);
      piece = '';
    }
    piece += unit;
  }
  return [...found, piece];
}
