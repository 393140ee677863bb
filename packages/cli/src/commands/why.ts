import { inspectJob, readJournal } from '@memo/core/inspect';
import { MemoError } from '@memo/core/plugin';
import { JOB_FLAGS } from '../arguments/flags.ts';
import { EXIT } from '../exit-code.ts';
import { findRun } from '../history/run-history.ts';
import { whyDocument } from '../machine/why-document.ts';
import { type PlannedJob, planJobOfStep } from '../project/planned-job.ts';
import { partsOf } from '../why/checked-parts.ts';
import { explanationLines } from '../why/explanation-lines.ts';
import { type Command, type Invocation, printJson } from './command.ts';

const MOST_CAUSES = 12;
const DIFF_LINES = 6;

export const why: Command = {
  takes: '<step>',
  names: [1, 1],
  about:
    'Why a step will run, or is re-used: what differs from the last time, followed down to the changes that started it. Runs nothing and writes nothing.',
  flags: {
    ...JOB_FLAGS,
    job: { kind: 'text', value: '<job>', says: 'the job that has the step' },
    not: { kind: 'switch', says: 'what was checked for a step that is re-used' },
    against: { kind: 'text', value: '<run|version>', says: 'compare with this run or version instead of the last' },
    diff: { kind: 'switch', says: 'the whole difference of the sources' },
    all: { kind: 'switch', says: 'every root cause, not only the first 12' },
  },
  examples: ['memo why fit', 'memo why fit --diff', 'memo why fit --against last-2', 'memo why report --not'],
  run: answer,
};

async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out, around } = invocation;
  const step = names[0] as string;
  const planned = await planJobOfStep(invocation, step);
  const against = await comparedWith(planned, step, flags.text('against'));
  const { plan, inspection } = planned;
  const explanation = against === undefined ? plan.explain(step) : inspection.explain(step, against);
  if (flags.has('json')) {
    printJson(out, whyDocument(planned, explanation));
    return EXIT.ok;
  }
  const most = flags.has('all') ? Number.POSITIVE_INFINITY : MOST_CAUSES;
  const diffLines = flags.has('diff') ? Number.POSITIVE_INFINITY : DIFF_LINES;
  const style = { terminal: out, most, diffLines, now: around.now() };
  const lines = await explanationLines(planned, explanation, style);
  out.print(...(flags.has('not') ? lines.filter((line) => !line.includes('unchanged: ')) : lines));
  const record = inspection.record(step);
  if (flags.has('not') && record !== undefined)
    out.print(...partsOf(record).map(({ text }) => `  ${out.paint('green', '✓')} ${text}`));
  return EXIT.ok;
}

/** The step version that `--against` means. */
async function comparedWith(
  { job, plan }: PlannedJob,
  step: string,
  name: string | undefined,
): Promise<string | undefined> {
  if (name === undefined || name === 'any') return undefined;
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
