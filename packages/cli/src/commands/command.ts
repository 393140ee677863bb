import type { Flags, FlagTable } from '../arguments/flags.ts';
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
  /** Every command. */
  readonly commands: Readonly<Record<string, CommandEntry>>;
}

/** One command. */
export interface Command {
  /** What follows its name: `[job]`. */
  readonly takes: string;
  /** Most names that it takes. */
  readonly names: readonly [least: number, most: number];
  /** What it does, in a few sentences. */
  readonly about: string;
  readonly flags: FlagTable;
  readonly examples: readonly string[];
  /** Answers; gives the exit code. What it throws becomes an error message and an exit code. */
  run(invocation: Invocation): Promise<number>;
}

/** A command as the table knows it: its code is loaded when it is called. */
export interface CommandEntry {
  readonly summary: string;
  readonly group: 'every day' | 'look around' | 'results' | 'project';
  readonly load: () => Promise<Command>;
}

/** Other names of commands. */
export const ALIASES: Readonly<Record<string, string>> = { status: 'plan' };

/** What `memo cache` takes first. */
export const CACHE_ACTIONS = ['ls', 'stat', 'verify', 'prune', 'export', 'import', 'push', 'pull'] as const;

/** Prints a document for machines. */
export function printJson(out: Terminal, document: MachineDocument): void {
  out.write(`${JSON.stringify(document, null, out.isTTY ? 2 : undefined)}\n`);
}
