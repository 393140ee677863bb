import { resolve } from 'node:path';
import { MemoError } from '@memo/core/plugin';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { stepGraph } from '../graph/step-graph.ts';
import { svgGraph } from '../graph/svg-graph.ts';
import { findRun, type PastRun } from '../history/run-history.ts';
import { runName } from '../history/run-name.ts';
import { planJob } from '../project/planned-job.ts';
import { projectOf } from '../project/project.ts';
import { runReport } from '../report/run-report.ts';
import { isInCI } from '../surroundings.ts';
import { type Invocation, printJson } from './command.ts';
import { writeTo } from './write-to.ts';

const DEFAULT_MAX_BYTES = 5_000_000;
/** Larger graphs are drawn an op a node. */
const MOST_NODES = 200;

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out, around } = invocation;
  projectOf(invocation);
  const run = await findRun(names[0] ?? 'last');
  const file = resolve(around.cwd, flags.text('output') ?? 'memo-report.html');
  const bytes = await writeReport(invocation, run, file);
  if (flags.has('json')) printJson(out, { schema: 'memo.report/1', run: run.id, file, bytes });
  else out.print(`run ${runName(run.id)}  ${file}`);
  return EXIT.ok;
}

/** Writes the report of a run; gives its size. */
export async function writeReport(invocation: Invocation, run: PastRun, file: string): Promise<number> {
  const maxBytes = sizeOf(invocation.flags.text('max-size'));
  const html = await runReport(run, {
    graph: await graphOf(invocation, run.start.job),
    maxBytes,
    values: showsValues(invocation),
  });
  writeTo(file, html);
  return Buffer.byteLength(html);
}

/** What CI publishes is seen by more people than the data is for. @throws MemoError M1002 for both flags. */
function showsValues({ flags, around }: Invocation): boolean {
  if (flags.has('values') && flags.has('no-values'))
    throw usageError('--values and --no-values contradict each other.');
  return flags.has('values') || !(flags.has('no-values') || isInCI(around));
}

async function graphOf(invocation: Invocation, job: string): Promise<string | undefined> {
  try {
    const planned = await planJob(invocation, job);
    return svgGraph(stepGraph(planned, planned.plan.steps.length > MOST_NODES ? 'op' : undefined), 'lr');
  } catch (error) {
    // The run is of the past; the job may be gone, or need config that was not given.
    if (MemoError.is(error)) return undefined;
    throw error;
  }
}

const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };

/** Bytes of a size such as `20GB`. @throws MemoError M1002 for anything else. */
export function sizeOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_MAX_BYTES;
  const [, amount, unit = 'b'] = /^(\d+(?:\.\d+)?)\s*(b|kb|mb|gb|tb)?$/i.exec(text) ?? [];
  if (amount === undefined) throw usageError(`A size is 500kB, 20MB or 5GB, not ${JSON.stringify(text)}.`);
  return Number(amount) * (UNITS[unit.toLowerCase()] as number);
}
