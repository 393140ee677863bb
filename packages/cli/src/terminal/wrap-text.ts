import { cutEnd, widthOf } from '@memo/core/text';

/** A text in lines of at most `width` characters, broken at spaces; a longer word is cut. */
export function wrapText(text: string, width: number): readonly string[] {
  if (width === Number.POSITIVE_INFINITY) return [text];
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    const shown = cutEnd(word, Math.max(1, width));
    if (line !== undefined && widthOf(line) + 1 + widthOf(shown) <= width) lines[lines.length - 1] = `${line} ${shown}`;
    else lines.push(shown);
  }
  return lines;
}
