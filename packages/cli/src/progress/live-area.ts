import { widthOf } from '@memo/core/inspect';
import { COLORS } from '../terminal/wrap-text.ts';

const ESC = '\u001b[';

/** Lines at the end of a terminal that are drawn again and again. What is written above them scrolls away as usual. */
export class LiveArea {
  readonly #write: (text: string) => void;
  #lines: readonly string[] = [];

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Shows these lines in place of the ones before; writes only what differs. Each must fit into the terminal. */
  draw(lines: readonly string[]): void {
    const before = this.#lines;
    if (lines.length === before.length && lines.every((line, index) => line === before[index])) return;
    let text = before.length === 0 ? '' : `${ESC}${before.length}A`;
    const most = Math.max(lines.length, before.length);
    for (let index = 0; index < most; index++) {
      const line = lines[index];
      if (line === undefined) text += `${ESC}2K\n`;
      else text += line === before[index] ? '\n' : `\r${line}${ESC}K\n`;
    }
    if (before.length > lines.length) text += `${ESC}${before.length - lines.length}A`;
    this.#lines = lines;
    this.#write(synchronized(text));
  }

  /** Writes whole lines above the area. */
  above(text: string): void {
    const lines = this.#lines;
    this.#write(synchronized(`${erasing(lines.length)}${text}${lines.map((line) => `${line}\n`).join('')}`));
  }

  /**
   * Forgets the area: what was drawn is removed.
   *
   * @param columns how wide the terminal has become: one that got narrower has broken longer lines in pieces
   */
  erase(columns: number = Number.POSITIVE_INFINITY): void {
    const text = erasing(this.#lines.reduce((rows, line) => rows + rowsOf(line, columns), 0));
    this.#lines = [];
    if (text !== '') this.#write(synchronized(text));
  }
}

function erasing(rows: number): string {
  return rows === 0 ? '' : `${ESC}${rows}A\r${ESC}J`;
}

function rowsOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(widthOf(line.replace(COLORS, '')) / columns));
}

/** Terminals that know mode 2026 show the whole change at once; others ignore it. */
function synchronized(text: string): string {
  return `${ESC}?2026h${text}${ESC}?2026l`;
}
