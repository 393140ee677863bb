import { userInfo } from 'node:os';
import { oneLine } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import { blessStep } from '@memo/core/retention';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { findRun } from '../history/run-history.ts';
import { runName } from '../history/run-name.ts';
import { versionsOfRun } from '../history/run-versions.ts';
import { planJobOfStep } from '../project/planned-job.ts';
import { type Invocation, printJson } from './command.ts';

export async function answer(invocation: Invocation): Promise<number> {
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
