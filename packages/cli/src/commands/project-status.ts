import { formatAge, formatDuration, oneLine, padTo } from '@memo/core/inspect';
import { EXIT } from '../exit-code.ts';
import { type PastRun, pastRuns } from '../history/run-history.ts';
import { runName } from '../history/run-name.ts';
import type { RunnableJob } from '../project/planned-job.ts';
import { openProject } from '../project/project.ts';
import { widestOf } from '../terminal/table.ts';
import { type Invocation, printJson } from './command.ts';

const MOST_RUNS_LOOKED_AT = 50;

interface JobStatus {
  readonly job: string;
  readonly last: PastRun | undefined;
  /** What a run would do; `undefined` where it cannot be planned without more config. */
  readonly plan: { readonly run: number; readonly reuse: number; readonly pending: number } | undefined;
}

/** `memo` alone: the jobs, their last runs, what is stale, and what to try. */
export async function projectStatus(invocation: Invocation): Promise<number> {
  const { flags, out, around } = invocation;
  const project = await openProject(invocation);
  const last = await lastRuns();
  const jobs: JobStatus[] = [];
  for (const job of project.jobs)
    jobs.push({ job: job.name, last: last.get(job.name), plan: await planned(job as RunnableJob) });
  if (flags.has('json')) {
    const document = jobs.map(({ job, last: run, plan }) => ({
      job,
      plan,
      lastRun: run === undefined ? undefined : { run: run.id, at: run.start.t, status: run.end?.status },
    }));
    printJson(out, { schema: 'memo.status/1', config: project.file, jobs: document });
    return EXIT.ok;
  }
  const width = widestOf(jobs.map(({ job }) => oneLine(job)));
  const { paint } = out;
  for (const { job, last: run, plan } of jobs)
    out.print(`${paint('bold', padTo(oneLine(job), width))}  ${planText(plan)} · ${lastText(run, around.now())}`);
  const [first] = jobs;
  const name = jobs.length > 1 ? ` ${oneLine(first?.job ?? '')}` : '';
  out.print(
    '',
    ...TRY.map(
      ([command, says]) =>
        `  ${paint('cyan', padTo(`memo ${command}`.replace('[job]', name.trim()).trim(), 22))} ${paint('dim', says)}`,
    ),
  );
  return EXIT.ok;
}

const TRY = [
  ['plan [job]', 'what a run would do, and why'],
  ['run [job]', 'run what is missing or changed'],
  ['why <step>', 'why a step runs, or is re-used'],
  ['graph [job]', 'the steps and how they hang together'],
  ['runs', 'what ran earlier'],
] as const;

async function planned(job: RunnableJob): Promise<JobStatus['plan']> {
  try {
    const { run, reuse, pending } = await job.plan({ config: undefined });
    return { run, reuse, pending };
  } catch {
    return undefined;
  }
}

function planText(plan: JobStatus['plan']): string {
  if (plan === undefined) return 'needs config';
  if (plan.run + plan.pending === 0) return `up to date · ${plan.reuse} reuse`;
  return `${plan.run + plan.pending} to run · ${plan.reuse} reuse`;
}

function lastText(run: PastRun | undefined, now: number): string {
  if (run === undefined) return 'never run';
  const { start, end, id } = run;
  const how = end === undefined ? 'not ended' : `${end.status} in ${formatDuration(end.durationMs)}`;
  return `run ${runName(id)} ${how}, ${formatAge(now - start.t)}`;
}

async function lastRuns(): Promise<ReadonlyMap<string, PastRun>> {
  const last = new Map<string, PastRun>();
  let looked = 0;
  for await (const run of pastRuns()) {
    if (!last.has(run.start.job)) last.set(run.start.job, run);
    if (++looked >= MOST_RUNS_LOOKED_AT) break;
  }
  return last;
}
