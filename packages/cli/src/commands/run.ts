import type { AnyJob, Reporter, RunOptions, RunResult } from '@memo/core';
import { inspectPlan } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import { EXIT, exitCodeOf } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { originTags } from '../history/git-commit.ts';
import { type ComparedRun, metricsSince, runBefore, StoredOutputs } from '../history/run-metrics.ts';
import { runDocument } from '../machine/run-document.ts';
import { chooseProgress } from '../progress/choose-progress.ts';
import type { Progress } from '../progress/progress.ts';
import { criticalPath, type Sequel, summaryLines } from '../progress/summary.ts';
import { jobConfig } from '../project/job-config.ts';
import { jobOf, openProject } from '../project/project.ts';
import { isInCI } from '../surroundings.ts';
import { type Invocation, jsonText, printJson } from './command.ts';
import { failedSteps } from './failed-steps.ts';
import { answer as answerPlan, selectionOf } from './plan.ts';
import { writeRunFiles } from './run-files.ts';

interface RunnableJob extends AnyJob {
  run(options: RunOptions<unknown>): Promise<RunResult<Record<string, unknown>>>;
}

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out } = invocation;
  if (flags.has('dry-run')) return answerPlan(invocation);
  const options = checkedOptions(invocation);
  const project = await openProject(invocation);
  const job = jobOf(project, names[0]) as RunnableJob;
  const [config, tags, selection] = await Promise.all([
    jobConfig(invocation),
    originTags(project.directory),
    selected(invocation, job.name),
  ]);
  const progress = chooseProgress(invocation);
  const figures = { durations: new Map<string, number>(), stored: new StoredOutputs() };
  const reporter = reporterOf(invocation, progress, figures);
  const controller = new AbortController();
  const interrupts = new Interrupts(invocation, progress, controller);
  const timer =
    options.timeoutMs === undefined ? undefined : setTimeout(() => controller.abort(TIMED_OUT), options.timeoutMs);
  try {
    const result = await job.run({ ...options.run, ...selection, config, tags, reporter, signal: controller.signal });
    progress.close();
    if (flags.has('json')) printJson(out, runDocument(result, progress.state));
    else if (!flags.has('ndjson'))
      out.print(summaryLines(progress.state, out, await sequelOf(invocation, { job, result, ...figures })));
    await writeRunFiles(invocation, { result, state: progress.state });
    return interrupts.exitCode ?? exitOf(result, controller.signal);
  } finally {
    progress.close();
    interrupts.stop();
    clearTimeout(timer);
  }
}

const TIMED_OUT = new Error('The run passed its --timeout.');

function exitOf({ status, failed }: RunResult<unknown>, signal: AbortSignal): number {
  if (status === 'success') return EXIT.ok;
  if (
    status === 'failure' &&
    failed.length > 0 &&
    failed.every(({ error }) => exitCodeOf(error) === EXIT.storeUnavailable)
  )
    return EXIT.storeUnavailable;
  return status === 'cancelled' && signal.reason !== TIMED_OUT ? EXIT.interrupted : EXIT.failed;
}

/** First: start nothing new. Second: out. */
class Interrupts {
  exitCode: number | undefined;
  readonly stop: () => void;

  constructor({ around, err }: Invocation, progress: Progress, controller: AbortController) {
    const interrupted = (signal: 'SIGINT' | 'SIGTERM'): void => {
      const code = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
      if (this.exitCode !== undefined) {
        progress.close();
        around.exit(code);
        return;
      }
      this.exitCode = code;
      const again = signal === 'SIGINT' ? ' Ctrl-C again ends at once.' : '';
      progress.note(err.paint('yellow', `stopping: nothing new is started, what runs is told to end.${again}`));
      controller.abort(new Error('Interrupted.'));
    };
    this.stop = around.onInterrupt(interrupted);
    progress.onQuit?.(() => interrupted('SIGINT'));
  }
}

/** What is kept of the steps that ran. */
interface Figures {
  /** By step, milliseconds. */
  readonly durations: Map<string, number>;
  readonly stored: StoredOutputs;
}

function reporterOf({ flags, out }: Invocation, progress: Progress, { durations, stored }: Figures): Reporter {
  const ndjson = flags.has('ndjson');
  return (event) => {
    if (ndjson) out.write(`${jsonText(event)}\n`);
    if (event.type === 'step.end' && event.status === 'ran') durations.set(event.step, event.durationMs);
    stored.note(event);
    progress.report(event);
  };
}

/** What a run that is over is told with. Values are for those who run the job: where CI is set, nothing of them is shown. */
async function sequelOf({ around }: Invocation, run: ComparedRun & Figures): Promise<Sequel> {
  const chain = criticalPath(inspectPlan(run.result.plan).nodes, run.durations);
  if (run.result.executed.length === 0) return { chain, before: undefined, metrics: [] };
  const before = await runBefore(run);
  const metrics = before === undefined || isInCI(around) ? [] : await metricsSince(before, run);
  return { chain, before: before?.id, metrics };
}

interface CheckedOptions {
  readonly run: Pick<RunOptions<unknown>, 'memo' | 'onFailure' | 'concurrency'>;
  readonly timeoutMs: number | undefined;
}

function checkedOptions({ flags }: Invocation): CheckedOptions {
  const jobs = flags.number('jobs');
  if (jobs !== undefined && (!Number.isInteger(jobs) || jobs < 1))
    throw usageError(`--jobs takes a whole number of at least 1, not ${jobs}.`);
  if (flags.has('keep-going') && flags.has('fail-fast'))
    throw usageError('--keep-going and --fail-fast contradict each other.');
  const onFailure = flags.has('keep-going') ? 'continue' : flags.has('fail-fast') ? 'abort' : 'stop';
  const timeout = flags.text('timeout');
  return {
    run: { memo: flags.has('no-memo') ? 'off' : 'on', onFailure, ...(jobs === undefined ? {} : { concurrency: jobs }) },
    timeoutMs: timeout === undefined ? undefined : milliseconds(timeout),
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function milliseconds(text: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  if (amount === undefined)
    throw usageError(`--timeout takes a time such as 90s, 10m or 2h, not ${JSON.stringify(text)}.`);
  return Number(amount) * (UNITS[unit] as number);
}

/** What the flags select: `--from` runs steps again and all below, `--retry-failed` what failed. */
async function selected(invocation: Invocation, job: string): Promise<Pick<RunOptions<unknown>, 'only' | 'force'>> {
  const { flags } = invocation;
  const { only, force } = await selectionOf(invocation, job);
  const from = flags.list('from').flatMap((text) => text.split(','));
  const below = from.map((step) => (step.endsWith('+') ? step : `${step}+`));
  const failed = flags.has('retry-failed') ? await failedSteps(flags.text('retry-failed') || 'last', job) : [];
  if (flags.has('retry-failed') && failed.length === 0)
    throw new MemoError('M7001', `No step of job "${job}" failed in that run.`, { fix: 'Run it as usual: memo run.' });
  const chosen = [...(only ?? []), ...below, ...failed];
  const again = force === true ? true : [...(force || []), ...below];
  return {
    ...(chosen.length === 0 ? {} : { only: chosen }),
    ...(again === true || again.length > 0 ? { force: again } : {}),
  };
}
