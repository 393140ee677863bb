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
  out.write(`${jsonText(document, out.isTTY ? 2 : undefined)}\n`);
}

/** What JSON may hold as it is and a terminal acts on: controls beyond ASCII, and marks that turn the direction of text. */
const ACTED_ON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A value as JSON that can be shown on a terminal: the same value, with nothing in it that a terminal would act on. */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? 'null';
  return text.replace(ACTED_ON, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
