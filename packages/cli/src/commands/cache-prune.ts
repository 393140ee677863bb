import { formatCount, inspectJob, plainLines } from '@memo/core/inspect';
import { applyPrune, type PruneOptions, planPrune } from '@memo/core/retention';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { jobConfig } from '../project/job-config.ts';
import { planOf, type RunnableJob } from '../project/planned-job.ts';
import type { Project } from '../project/project.ts';
import { formatBytes } from '../terminal/format-bytes.ts';
import { durationOf } from './cache-content.ts';
import { cacheStore } from './cache-store.ts';
import { type Invocation, printJson } from './command.ts';
import { sizeOf } from './report.ts';

/** `memo cache prune`: says what would go, and deletes it after a yes. */
export async function cachePrune(invocation: Invocation): Promise<number> {
  const { flags, out, err } = invocation;
  const { io, project } = await cacheStore(invocation);
  const keepRuns = flags.number('keep-last');
  const options: PruneOptions = {
    ...(flags.has('unreachable') ? { olderThan: 0, keep: await versionsNow(invocation, project) } : {}),
    ...(flags.has('older') ? { olderThan: durationOf(flags.text('older') as string) } : {}),
    ...(flags.has('max-size') ? { maxBytes: sizeOf(flags.text('max-size')) } : {}),
    ...(keepRuns === undefined ? {} : { keepRuns }),
  };
  const plan = await planPrune(io, options);
  const nothing = plan.values.length === 0 && plan.forgotten.length === 0;
  const dry = flags.has('dry-run') || nothing;
  if (!flags.has('json')) out.print(plainLines(plan.toString()).split('\n'));
  if (!dry && !flags.has('yes') && !(await agreed(invocation)))
    throw usageError('Nothing was deleted: that needs --yes where nobody can be asked.', 'memo cache prune --yes');
  const result = dry ? undefined : await applyPrune(plan, { onDeleted: () => undefined });
  const { values, forgotten, freedBytes, keptBytes, kept } = plan;
  if (flags.has('json'))
    printJson(out, { schema: 'memo.prune/1', dryRun: dry, values, forgotten, freedBytes, keptBytes, kept, result });
  else if (result !== undefined) {
    out.print(`deleted ${formatCount(result.deleted)} values, ${formatBytes(result.freedBytes)}`);
    for (const { message } of result.failed) err.print(plainLines(message));
  }
  return result !== undefined && result.failed.length > 0 ? EXIT.storeUnavailable : EXIT.ok;
}

/** The versions that all steps of all jobs have now. @throws MemoError for a job that cannot be planned: what it uses is not known. */
async function versionsNow(invocation: Invocation, project: Project): Promise<readonly string[]> {
  const config = await jobConfig(invocation);
  const versions: string[] = [];
  for (const job of project.jobs) {
    const { plan } = await planOf(invocation, {
      project,
      job: job as RunnableJob,
      config: inspectJob(job).takesConfig ? config : undefined,
    });
    for (const { version } of plan.steps) if (version !== undefined) versions.push(version);
  }
  return versions;
}

async function agreed({ around }: Invocation): Promise<boolean> {
  const said = await around.ask('Delete this? (y/N) ');
  return said !== undefined && /^y(?:es)?$/i.test(said.trim());
}
