import { userInfo } from 'node:os';
import { oneLine } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import { blessStep } from '@memo/core/retention';
import { JOB_FLAGS } from '../arguments/flags.ts';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { findRun } from '../history/run-history.ts';
import { runName } from '../history/run-name.ts';
import { versionsOfRun } from '../history/run-versions.ts';
import { planJobOfStep } from '../project/planned-job.ts';
import { type Command, type Invocation, printJson } from './command.ts';

export const bless: Command = {
  takes: '<step>',
  names: [1, 1],
  about:
    'Keeps the stored result of a step after a change of its code that changes no result. Only code may differ. Who said so and why is kept with the result: memo show tells it, and memo cache verify --rerun checks it first.',
  flags: {
    ...JOB_FLAGS,
    job: { kind: 'text', value: '<job>', says: 'the job that has the step' },
    why: { kind: 'text', value: '<text>', says: 'why the change changes no result' },
    run: { kind: 'text', value: '<run>', says: 'the run whose result is kept, instead of the last one' },
  },
  examples: ['memo bless fit --why "renamed a variable"', 'memo bless chunk --why "types only" --run last-2'],
  run: answer,
};

async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out } = invocation;
  const step = names[0] as string;
  const why = flags.text('why')?.trim() ?? '';
  if (why === '') throw usageError('memo bless needs a reason.', `memo bless ${step} --why "renamed a variable"`);
  const { plan, job } = await planJobOfStep(invocation, step);
  const version = await versionIn(flags.text('run'), { job: job.name, step });
  const who = userName();
  const earlier = await blessStep(plan, step, { who, why, ...(version === undefined ? {} : { version }) });
  if (flags.has('json')) {
    const { version: blessed } = plan.step(step);
    printJson(out, {
      schema: 'memo.bless/1',
      job: job.name,
      step,
      version: blessed,
      of: earlier.stepVersion,
      run: earlier.run,
      who,
      why,
    });
    return EXIT.ok;
  }
  out.print(
    `${out.paint('green', '✓')} ${out.paint('bold', oneLine(step))}  counts as computed by run ${runName(earlier.run)}: ${oneLine(why)}`,
    out.paint('dim', '  memo cache verify --rerun 1 computes it again and compares'),
  );
  return EXIT.ok;
}

/** The version that a step had in a run. @throws MemoError M1006. */
async function versionIn(
  name: string | undefined,
  { job, step }: { readonly job: string; readonly step: string },
): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const run = await findRun(name, job);
  const version = (await versionsOfRun(run)).get(step);
  if (version !== undefined) return version;
  throw new MemoError('M1006', `Run "${name}" has no version of step "${step}".`, {
    fix: 'Name a run in which it ran or was re-used: memo runs.',
    details: { step, run: run.id },
  });
}

function userName(): string {
  try {
    return userInfo().username || 'somebody';
  } catch {
    return 'somebody';
  }
}
