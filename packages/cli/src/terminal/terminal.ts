import { type Paint, painter, wantsColor } from '@memo/core/text';
import type { Flags } from '../arguments/flags.ts';
import type { Output, Surroundings } from '../surroundings.ts';
import { asciiText } from './ascii-text.ts';
import { hangingLine } from './wrap-text.ts';

/** An output with a style: how wide it is, whether it has colours, and which characters. */
export class Terminal {
  readonly paint: Paint;
  readonly isTTY: boolean;
  readonly ascii: boolean;
  readonly #output: Output;
  readonly #columns: number | undefined;

  constructor(output: Output, style: { readonly color: boolean; readonly ascii: boolean; readonly columns?: number }) {
    this.#output = output;
    this.paint = painter(style.color);
    this.isTTY = output.isTTY;
    this.ascii = style.ascii;
    this.#columns = style.columns;
  }

  /** Characters in a line. What goes to a pipe or a file is never cut. */
  get columns(): number {
    return this.#columns ?? (this.isTTY ? this.#output.columns : Number.POSITIVE_INFINITY);
  }

  get rows(): number {
    return this.#output.rows;
  }

  /** Writes text as it is. */
  write(text: string): void {
    this.#output.write(this.ascii ? asciiText(text) : text);
  }

  /** Writes lines. One that is wider than the terminal goes on below its beginning: nothing of it is lost. */
  print(...lines: readonly (string | readonly string[])[]): void {
    const width = this.columns;
    const all = lines.flat();
    this.printToCopy(width === Number.POSITIVE_INFINITY ? all : all.flatMap((line) => hangingLine(line, width)));
  }

  /** Writes lines as they are, as wide as they may be: code and commands, which a person copies. */
  printToCopy(lines: readonly string[]): void {
    if (lines.length > 0) this.write(`${lines.join('\n')}\n`);
  }
}

/** The terminals of a command line. */
export function terminalsOf(
  { stdout, stderr, env }: Surroundings,
  flags: Flags,
): { readonly out: Terminal; readonly err: Terminal } {
  return { out: terminalOf(stdout, env, flags), err: terminalOf(stderr, env, flags) };
}

/** An output as the environment and the flags want it. */
export function terminalOf(output: Output, env: Surroundings['env'], flags: Flags): Terminal {
  const columns = Number(env.COLUMNS);
  return new Terminal(output, {
    color: !flags.has('no-color') && wantsColor({ isTTY: output.isTTY, env }),
    ascii: flags.has('ascii') || env.TERM === 'dumb',
    ...(Number.isInteger(columns) && columns > 0 ? { columns } : {}),
  });
}
