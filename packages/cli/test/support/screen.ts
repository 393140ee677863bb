const FILLER = '\u0000';

/** A control sequence, or a character. */
const TOKEN = new RegExp(`${'\u001b'}\\[([?\\d;]*)([A-Za-z])|[^${'\u001b'}]`, 'gu');

/** A terminal of a given width that keeps what it shows: enough of a VT to hold what memo writes. Colours are dropped. */
export class Screen {
  readonly lines: string[] = [''];
  /** How often a line was longer than the screen is wide. */
  wrapped = 0;
  readonly #columns: number;
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  write(text: string): void {
    for (const [token, parameters, letter] of text.matchAll(TOKEN)) {
      if (letter !== undefined) this.#control(letter, Number.parseInt(parameters ?? '', 10) || 1, parameters ?? '');
      else if (token === '\n') this.#lineFeed();
      else if (token === '\r') this.#column = 0;
      else this.#put(token);
    }
  }

  get text(): string {
    return this.lines
      .map((line) => line.replaceAll(FILLER, '').trimEnd())
      .join('\n')
      .trimEnd();
  }

  #control(letter: string, count: number, parameters: string): void {
    if (letter === 'A') this.#row = Math.max(0, this.#row - count);
    else if (letter === 'K' && parameters === '2') this.lines[this.#row] = '';
    else if (letter === 'K') this.lines[this.#row] = this.#padded().slice(0, this.#column);
    else if (letter === 'J') {
      this.lines[this.#row] = this.#padded().slice(0, this.#column);
      this.lines.length = this.#row + 1;
    } else if (letter !== 'm' && letter !== 'h' && letter !== 'l') throw new Error(`unknown control ${letter}`);
  }

  #lineFeed(): void {
    this.#row++;
    this.#column = 0;
    this.lines[this.#row] ??= '';
  }

  #put(character: string): void {
    if (this.#column >= this.#columns) this.wrapped++;
    if (this.#column >= this.#columns) this.#lineFeed();
    const line = [...this.#padded()];
    const width = cellsOf(character);
    if (width === 0) return;
    line[this.#column] = character;
    // The right half of a wide character is a cell of its own.
    if (width === 2) line[this.#column + 1] = FILLER;
    this.#column += width;
    this.lines[this.#row] = line.join('');
  }

  #padded(): string {
    return (this.lines[this.#row] ?? '').padEnd(this.#column);
  }
}

/** What a terminal makes of a character; known here without asking what memo thinks of it. */
function cellsOf(character: string): number {
  if (/^(?:\p{Mn}|\u200d|\ufe0f)$/u.test(character)) return 0;
  return /^[\u2e80-\ud7a3\uff01-\uff60\p{Emoji_Presentation}]$/u.test(character) ? 2 : 1;
}
