import type { Command } from './command.ts';

/** A command as the table knows it: its code is loaded when it is called. */
export interface CommandEntry {
  readonly summary: string;
  readonly group: 'every day' | 'look around' | 'results' | 'project';
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of the help. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  run: {
    group: 'every day',
    summary: 'run what is missing or changed, re-use the rest',
    load: async () => (await import('./run.ts')).run,
  },
  plan: {
    group: 'every day',
    summary: 'what a run would do, and why; writes nothing',
    load: async () => (await import('./plan.ts')).plan,
  },
  why: {
    group: 'every day',
    summary: 'why a step runs, or is re-used, down to what changed',
    load: async () => (await import('./why.ts')).why,
  },
};

/** Other names of commands. */
export const ALIASES: Readonly<Record<string, string>> = { status: 'plan' };
