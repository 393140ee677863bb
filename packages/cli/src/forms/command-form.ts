import type { FlagTable } from '../arguments/flags.ts';

/** What a command line of a command may hold, and what its help says. Data: the code of a command is loaded when it is called. */
export interface CommandForm {
  readonly group: 'every day' | 'look around' | 'results' | 'project';
  /** What it does, in a line. */
  readonly summary: string;
  /** What follows its name: `[job]`. */
  readonly takes: string;
  /** Least and most names that it takes. */
  readonly names: readonly [least: number, most: number];
  /** What it does, in a few sentences. */
  readonly about: string;
  readonly flags: FlagTable;
  readonly examples: readonly string[];
}
