import { type Change, describeChange, formatDuration, oneLine, padTo, readJournal } from '@memo/core/inspect';
import { EXIT } from '../exit-code.ts';
import { findRun, type PastRun } from '../history/run-history.ts';
import { runName } from '../history/run-name.ts';
import { type PlannedJob, planJob } from '../project/planned-job.ts';
import { widestOf } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { type Invocation, printJson } from './command.ts';

/** What one side knows of a step. */
interface StepSide {
  readonly status: string;
  readonly version: string | undefined;
  readonly durationMs: number | undefined;
  readonly digests: Readonly<Record<string, string>>;
}

interface StepDifference {
  readonly step: string;
  readonly how: 'added' | 'removed' | 'changed' | 'same';
  readonly before: StepSide | undefined;
  readonly after: StepSide | undefined;
  readonly changes: readonly Change[];
}

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out } = invocation;
  const planned = await firstPlan(invocation, names[0] as string);
  const [a, b] = [await findRun(names[0] as string), names[1] === undefined ? undefined : await findRun(names[1])];
  const [before, after] = [await sidesOf(a), b === undefined ? planSides(planned) : await sidesOf(b)];
  const all = differences(before, after, planned);
  const shown = flags.has('only-changed') ? all.filter(({ how }) => how !== 'same') : all;
  const changed = all.some(({ how }) => how !== 'same');
  if (flags.has('json'))
    printJson(out, { schema: 'memo.diff/1', before: a.id, after: b?.id, config: configOf(a, b), steps: shown });
  else print(out, { a, b, shown, values: flags.has('values') });
  return flags.has('exit-code') && changed ? EXIT.failed : EXIT.ok;
}

/** The plan of the job that the first run was of: what is known of versions is known by it. */
async function firstPlan(invocation: Invocation, name: string): Promise<PlannedJob> {
  const { projectOf } = await import('../project/project.ts');
  projectOf(invocation);
  return planJob(invocation, (await findRun(name)).start.job);
}

async function sidesOf({ journal }: PastRun): Promise<ReadonlyMap<string, StepSide>> {
  const sides = new Map<string, StepSide>();
  const digests = new Map<string, Record<string, string>>();
  for await (const event of readJournal(journal)) {
    if (event.type === 'output.stored' && event.digest !== undefined)
      digests.set(event.step, { ...digests.get(event.step), [event.output]: event.digest });
    if (event.type === 'step.reuse')
      sides.set(event.step, { status: 'reused', version: event.version, durationMs: undefined, digests: {} });
    if (event.type === 'step.end')
      sides.set(event.step, {
        status: event.status,
        version: event.version,
        durationMs: event.durationMs,
        digests: digests.get(event.step) ?? {},
      });
  }
  return sides;
}

function planSides({ plan }: PlannedJob): ReadonlyMap<string, StepSide> {
  return new Map(
    plan.steps.map(({ id, action, version }) => [id, { status: action, version, durationMs: undefined, digests: {} }]),
  );
}

function differences(
  before: ReadonlyMap<string, StepSide>,
  after: ReadonlyMap<string, StepSide>,
  { inspection, plan }: PlannedJob,
): readonly StepDifference[] {
  const order = [...new Set([...plan.steps.map(({ id }) => id), ...before.keys(), ...after.keys()])];
  return order.flatMap((step): readonly StepDifference[] => {
    const [was, is] = [before.get(step), after.get(step)];
    if (was === undefined && is === undefined) return [];
    if (was === undefined || is === undefined)
      return [{ step, how: was === undefined ? 'added' : 'removed', before: was, after: is, changes: [] }];
    if (was.version === is.version) return [{ step, how: 'same', before: was, after: is, changes: [] }];
    const record = was.version === undefined ? undefined : inspection.bindingOf(was.version)?.record;
    const isPlan = plan.steps.some(({ id, version }) => id === step && version === is.version);
    const now = isPlan
      ? inspection.record(step)
      : is.version === undefined
        ? undefined
        : inspection.bindingOf(is.version)?.record;
    const changes = record === undefined || now === undefined ? [] : inspection.compare(record, now);
    return [{ step, how: 'changed', before: was, after: is, changes }];
  });
}

function configOf(a: PastRun, b: PastRun | undefined): object {
  return { before: a.start.config, after: b?.start.config };
}

const MARKS = { added: ['+', 'green'], removed: ['-', 'red'], changed: ['~', 'yellow'], same: ['=', 'dim'] } as const;

interface Shown {
  readonly a: PastRun;
  readonly b: PastRun | undefined;
  readonly shown: readonly StepDifference[];
  readonly values: boolean;
}

function print(out: Terminal, { a, b, shown, values }: Shown): void {
  const { paint, columns } = out;
  out.print(
    `${paint('bold', oneLine(a.start.job))}  run ${runName(a.id)} → ${b === undefined ? 'now' : `run ${runName(b.id)}`}`,
  );
  const [was, is] = [JSON.stringify(a.start.config), JSON.stringify(b?.start.config)];
  if (b !== undefined && was !== is) out.print(wrapText(oneLine(`config  ${was} → ${is}`), columns));
  const width = Math.min(36, widestOf(shown.map(({ step }) => oneLine(step))));
  for (const difference of shown) {
    const { step, how, before, after, changes } = difference;
    const [mark, color] = MARKS[how];
    const words = `${before?.status ?? '–'} → ${after?.status ?? '–'}${timeText(before, after)}`;
    out.print(`${paint(color, mark)} ${padTo(oneLine(step), width)}  ${how === 'same' ? paint('dim', words) : words}`);
    for (const change of changes)
      out.print(wrapText(describeChange(change), columns - 6).map((line) => `      ${line}`));
    if (values) out.print(digestLines(before, after).map((line) => paint('dim', `      ${line}`)));
  }
  const changed = shown.filter(({ how }) => how !== 'same').length;
  out.print(paint('bold', changed === 0 ? 'no step differs' : `${changed} of ${shown.length} steps differ`));
}

function timeText(before: StepSide | undefined, after: StepSide | undefined): string {
  if (before?.durationMs === undefined || after?.durationMs === undefined) return '';
  return `  ${formatDuration(before.durationMs)} → ${formatDuration(after.durationMs)}`;
}

function digestLines(before: StepSide | undefined, after: StepSide | undefined): readonly string[] {
  const names = [...new Set([...Object.keys(before?.digests ?? {}), ...Object.keys(after?.digests ?? {})])];
  return names.map((name) => {
    const [was, is] = [before?.digests[name], after?.digests[name]];
    return oneLine(
      was === is
        ? `${name} the same value`
        : `${name} ${was?.slice(0, 19) ?? 'not stored'} → ${is?.slice(0, 19) ?? 'not stored'}`,
    );
  });
}
