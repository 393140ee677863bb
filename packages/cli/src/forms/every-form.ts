import type { CommandForm } from './command-form.ts';
import { EVERY_DAY_FORMS } from './every-day.ts';
import { LOOK_AROUND_FORMS } from './look-around.ts';
import { PROJECT_FORMS } from './project.ts';
import { RESULTS_FORMS } from './results.ts';

/** The form of every command, in the order of the help. */
export const FORMS: Readonly<Record<string, CommandForm>> = {
  ...EVERY_DAY_FORMS,
  ...LOOK_AROUND_FORMS,
  ...RESULTS_FORMS,
  ...PROJECT_FORMS,
};

/** Other names of commands. */
export const ALIASES: Readonly<Record<string, string>> = { status: 'plan' };
