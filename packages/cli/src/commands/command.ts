import type { Flags } from '../arguments/flags.ts';
import type { MachineDocument } from '../machine/machine-document.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** One command line, ready to be answered. */
export interface Invocation {
  readonly flags: Flags;
  /** What was given beside flags. */
  readonly names: readonly string[];
  readonly around: Surroundings;
  /** The directory to work in: that of the call, or the one of `-C`. */
  readonly directory: string;
  /** The answer. */
  readonly out: Terminal;
  /** Progress and diagnostics. */
  readonly err: Terminal;
}

/** Answers a command line; gives the exit code. What it throws becomes an error message and an exit code. */
export type Answer = (invocation: Invocation) => Promise<number>;

/** Prints a document for machines. */
export function printJson(out: Terminal, document: MachineDocument): void {
  out.write(`${JSON.stringify(document, null, out.isTTY ? 2 : undefined)}\n`);
}
