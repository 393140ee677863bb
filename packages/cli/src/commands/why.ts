import { inspectJob, readJournal } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { findRun } from '../history/run-history.ts';
import { type PlannedJob, planJobOfStep } from '../project/planned-job.ts';
import { partsOf } from '../why/checked-parts.ts';
import { explanationLines } from '../why/explanation-lines.ts';
import { type Invocation, printJson } from './command.ts';

const MOST_CAUSES = 12;
const DIFF_LINES = 6;

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out, around } = invocation;
  const step = names[0] as string;
  const planned = await planJobOfStep(invocation, step);
  const against = await comparedWith(planned, step, flags.text('against'));
  const { plan, inspection } = planned;
  const explanation = against === undefined ? plan.explain(step) : inspection.explain(step, against);
  if (flags.has('json')) {
    const { whyDocument } = await import('../machine/why-document.ts');
    printJson(out, whyDocument(planned, explanation));
    return EXIT.ok;
  }
  const most = flags.has('all') ? Number.POSITIVE_INFINITY : MOST_CAUSES;
  const diffLines = flags.has('diff') ? Number.POSITIVE_INFINITY : DIFF_LINES;
  const depth = depthOf(invocation);
  const style = { terminal: out, most, diffLines, depth, now: around.now() };
  const lines = await explanationLines(planned, explanation, style);
  out.print(flags.has('not') ? lines.filter((line) => !line.includes('unchanged: ')) : lines);
  const record = inspection.record(step);
  if (flags.has('not') && record !== undefined)
    out.print(partsOf(record).map(({ text }) => `  ${out.paint('green', '✓')} ${text}`));
  return EXIT.ok;
}

/** How far causes are followed. @throws MemoError M1002 for what is no number of steps. */
function depthOf({ flags }: Invocation): number {
  const depth = flags.number('depth') ?? Number.POSITIVE_INFINITY;
  if (depth === Number.POSITIVE_INFINITY || (Number.isInteger(depth) && depth >= 0)) return depth;
  throw usageError(`--depth takes a number of steps from 0 on, not ${depth}.`);
}

/** The step version that `--against` means. */
async function comparedWith(planned: PlannedJob, step: string, name: string | undefined): Promise<string | undefined> {
  const { job, plan } = planned;
  if (name === undefined) return undefined;
  if (name === 'any') {
    const { nearestOfAny } = await import('../why/nearest-result.ts');
    return nearestOfAny(planned, step);
  }
  if (/^[0-9a-f]{4,64}$/.test(name)) {
    const { op } = plan.step(step);
    for await (const { stepVersion, record } of inspectJob(job).bindings())
      if (stepVersion.startsWith(name) && record.op.name === op) return stepVersion;
  }
  const run = await findRun(name, job.name);
  for await (const event of readJournal(run.journal))
    if (
      (event.type === 'step.end' || event.type === 'step.reuse') &&
      event.step === step &&
      event.version !== undefined
    )
      return event.version;
  throw new MemoError('M1006', `Run "${name}" has no version of step "${step}".`, {
    fix: 'Compare with a run in which it ran or was re-used: memo runs.',
    details: { step, run: run.id },
  });
}
