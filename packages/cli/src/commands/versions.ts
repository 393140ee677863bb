import { oneLine, padTo } from '@memo/core/inspect';
import { EXIT } from '../exit-code.ts';
import { type PlannedJob, planJob, planJobOfStep } from '../project/planned-job.ts';
import { widestOf } from '../terminal/table.ts';
import { partsOf } from '../why/checked-parts.ts';
import { type Invocation, printJson } from './command.ts';

const WIDEST_ID = 36;

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out } = invocation;
  const [step] = names;
  const planned =
    step === undefined ? await planJob(invocation, flags.text('job')) : await planJobOfStep(invocation, step);
  const ids = step === undefined ? planned.plan.steps.map(({ id }) => id) : [step];
  if (flags.has('json')) {
    printJson(out, {
      schema: 'memo.versions/1',
      job: planned.plan.job,
      steps: ids.map((id) => ({
        step: id,
        version: planned.plan.step(id).version,
        record: planned.inspection.record(id),
      })),
    });
    return EXIT.ok;
  }
  const width = Math.min(WIDEST_ID, widestOf(ids.map(oneLine)));
  const tree = flags.has('tree') || step !== undefined;
  for (const id of ids) {
    const name = padTo(oneLine(id), width);
    const print = (line: string): void => (flags.has('full') ? out.printToCopy([line]) : out.print(line));
    print(`${out.paint('bold', name)}  ${versionText(planned, id, flags.has('full'))}`);
    if (tree) for (const line of ingredients(planned, id, invocation)) print(line);
  }
  return EXIT.ok;
}

function versionText({ plan }: PlannedJob, id: string, full: boolean): string {
  const { version } = plan.step(id);
  if (version === undefined) return plan.memoized ? 'known only while running' : 'not memoized';
  return full ? version : `${version.slice(0, 12)}…`;
}

function ingredients({ inspection }: PlannedJob, id: string, { flags, out }: Invocation): readonly string[] {
  const record = inspection.record(id);
  if (record === undefined) return [];
  const parts = partsOf(record, { full: flags.has('full') });
  return parts.map(({ text }, index) => `${out.paint('dim', index === parts.length - 1 ? '└─' : '├─')} ${text}`);
}
