/** Controls, direction marks and line separators: what could move the cursor, end the line, or make it read otherwise. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/** A text of unknown origin as part of one line: what could leave the line or hide in it is written as an escape. */
export function oneLine(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** The same for a text of several lines, with tabs. */
export function plainLines(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(UNPRINTABLE, (unit) => (unit === '\n' || unit === '\t' ? unit : escaped(unit)));
}

/** A text of at most `width` characters; the middle of a longer one is left out. */
export function cutMiddle(text: string, width: number): string {
  const characters = charactersOf(text, width);
  if (characters === undefined) return text;
  const end = Math.floor((width - 1) / 2);
  return `${characters.slice(0, width - 1 - end).join('')}…${end === 0 ? '' : characters.slice(-end).join('')}`;
}

/** A text of at most `width` characters; the end of a longer one is left out. */
export function cutEnd(text: string, width: number): string {
  const characters = charactersOf(text, width);
  return characters === undefined ? text : `${characters.slice(0, width - 1).join('')}…`;
}

/** A text filled with spaces to `width` characters. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Number of characters; one outside the basic plane counts once. */
export function widthOf(text: string): number {
  let width = 0;
  for (const _ of text) width++;
  return width;
}

/** The characters of a text that is longer than `width`. */
function charactersOf(text: string, width: number): readonly string[] | undefined {
  if (text.length <= width) return undefined;
  const characters = Array.from(text);
  return characters.length <= width ? undefined : characters;
}

function escaped(unit: string): string {
  if (unit === '\n') return '\\n';
  if (unit === '\t') return '\\t';
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
