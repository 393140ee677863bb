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

/** A text of at most `width` columns; the middle of a longer one is left out. */
export function cutMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const end = Math.floor((width - 1) / 2);
  const characters = Array.from(text);
  const head = beginning(characters, width - 1 - end);
  const tail = beginning(characters.reverse(), end);
  return `${head.join('')}…${tail.reverse().join('')}`;
}

/** A text of at most `width` columns; the end of a longer one is left out. */
export function cutEnd(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${beginning(Array.from(text), width - 1).join('')}…`;
}

/** A text filled with spaces to `width` columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** How many columns of a terminal a text takes: East-Asian characters and emoji two each, marks upon others none. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

const PLAIN = /^[ -~]*$/;
const FIRST_UNUSUAL = 0x300;
const NONE = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const TWO =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

function columnsOf(character: string): number {
  if ((character.codePointAt(0) ?? 0) < FIRST_UNUSUAL) return 1;
  if (NONE.test(character)) return 0;
  return TWO.test(character) ? 2 : 1;
}

/** As many characters from the beginning as fit into `width` columns. */
function beginning(characters: readonly string[], width: number): string[] {
  let used = 0;
  const at = characters.findIndex((character) => {
    used += columnsOf(character);
    return used > width;
  });
  return characters.slice(0, at === -1 ? characters.length : at);
}

function escaped(unit: string): string {
  if (unit === '\n') return '\\n';
  if (unit === '\t') return '\\t';
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
