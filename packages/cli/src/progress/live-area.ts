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
    this.#write(synchronized(`${this.#erasing()}${text}${lines.map((line) => `${line}\n`).join('')}`));
  }

  /** Forgets the area: what was drawn is removed. */
  erase(): void {
    const text = this.#erasing();
    this.#lines = [];
    if (text !== '') this.#write(synchronized(text));
  }

  #erasing(): string {
    return this.#lines.length === 0 ? '' : `${ESC}${this.#lines.length}A\r${ESC}J`;
  }
}

/** Terminals that know mode 2026 show the whole change at once; others ignore it. */
function synchronized(text: string): string {
  return `${ESC}?2026h${text}${ESC}?2026l`;
}
