import { oneLine, type PlanWarning } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import { EXIT } from '../exit-code.ts';
import { errorLines } from '../failures/error-text.ts';
import { jobConfig } from '../project/job-config.ts';
import type { RunnableJob } from '../project/planned-job.ts';
import { openProject } from '../project/project.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { type Invocation, printJson } from './command.ts';

interface CheckedJob {
  readonly job: string;
  readonly steps: number;
  readonly error: MemoError | undefined;
  readonly warnings: readonly PlanWarning[];
}

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, out } = invocation;
  const project = await openProject(invocation);
  const config = await jobConfig(invocation);
  const checked: CheckedJob[] = [];
  for (const job of project.jobs) checked.push(await checkJob(job as RunnableJob, config));
  const warned = checked.some(({ warnings }) => warnings.length > 0);
  const failed = checked.some(({ error }) => error !== undefined) || (warned && flags.has('strict'));
  if (flags.has('json'))
    printJson(out, {
      schema: 'memo.check/1',
      ok: !failed,
      jobs: checked.map(({ job, steps, error, warnings }) => ({ job, steps, error: error?.toJSON(), warnings })),
    });
  else for (const job of checked) print(invocation, job);
  return failed ? EXIT.usage : EXIT.ok;
}

async function checkJob(job: RunnableJob, config: unknown): Promise<CheckedJob> {
  try {
    const { steps, warnings } = await job.plan({ config });
    return { job: job.name, steps: steps.length, error: undefined, warnings };
  } catch (error) {
    if (!MemoError.is(error)) throw error;
    return { job: job.name, steps: 0, error, warnings: [] };
  }
}

function print({ out, flags }: Invocation, { job, steps, error, warnings }: CheckedJob): void {
  const { paint, columns } = out;
  const mark =
    error !== undefined ? paint('red', '✗') : warnings.length > 0 ? paint('yellow', '!') : paint('green', '✓');
  const said =
    error !== undefined ? 'wrong' : `${steps} steps${warnings.length === 0 ? '' : ` · ${warnings.length} warnings`}`;
  out.print(`${mark} ${paint('bold', oneLine(job))}  ${said}`);
  if (error !== undefined)
    out.print(
      ...errorLines(error, { terminal: out, verbose: flags.count('verbose') > 1 }).map((line) => `  ${line}`.trimEnd()),
    );
  for (const { code, message, step } of warnings) {
    const subject = step === undefined ? '' : `step "${step}": `;
    out.print(wrapText(oneLine(`${code}: ${subject}${message}`), columns - 4).map((line) => `    ${line}`));
  }
}
