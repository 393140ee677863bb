import { type Clock, systemClock } from '../definitions/clock.ts';
import { MemoError } from '../errors/memo-error.ts';
import { EventStream } from '../events/event-stream.ts';
import { describeChange } from '../plan/describe-reason.ts';
import type { Plan } from '../plan/plan.ts';
import type { MemoizedJob, PlannedJob } from '../plan/plan-job.ts';
import { missingUnder } from '../plan/presence.ts';
import type { Change } from '../plan/reason.ts';
import { compareRecords } from '../plan/record-diff.ts';
import { isReadableRecord } from '../plan/record-shape.ts';
import { aliasedVersion } from '../plan/stored-steps.ts';
import type { Binding } from '../records/binding.ts';
import { bindAlias, type Execution, executionOf } from './alias-step.ts';
import { plannedOf } from './inspect-plan.ts';
import { RunLedger } from './run-ledger.ts';
import { StepSubject } from './step-subject.ts';
import { type Committer, committerOf } from './write-binding.ts';

/** Options of {@link blessStep}. */
export interface BlessOptions {
  /** Who says so. */
  readonly who: string;
  /** Why the change changes no result. */
  readonly why: string;
  /** The step version whose result is adopted. Default: that of the newest earlier run from which only code differs. */
  readonly version?: string;
}

/**
 * Adopts the stored result of a step after a change of its code that changes no result: its version is bound to what the earlier one gave, and
 * who said so, and why, is kept with it. Nothing is computed, and no value is copied. Only code may differ: another config, literal or content
 * would make it another result.
 *
 * @returns the binding whose values count.
 * @throws MemoError M7001 for an unknown step, M4011 for a step of which no stored result can be adopted.
 */
export async function blessStep(plan: Plan, step: string, options: BlessOptions): Promise<Binding> {
  const { planned, scope } = plannedOf(plan);
  const index = planned.traced.indexOf.get(plan.step(step).id) as number;
  const { memoized } = planned;
  if (memoized === undefined) throw notBlessable(step, 'the job is not memoized');
  await memoized.log.refresh();
  const results = earlierResults(planned, memoized, { index, version: options.version });
  const { earlier, execution, committer } = firstAdoptable(results, (earlier) => {
    const committer = committerFor(planned, memoized, earlier.run);
    return { earlier, committer, execution: adoptable(index, earlier, committer) };
  });
  const { ledger } = committer;
  const versionOf = (output: string): string | undefined =>
    execution.outputs[output] === 'absent' ? undefined : aliasedVersion(ledger.step(index), output, execution);
  const question = { stored: memoized.stored, managers: planned.managers, scope, isRead: planned.isRead };
  if ((await missingUnder(question, index, versionOf)).length > 0)
    throw notBlessable(step, 'its values are gone from the store', 'Run it.');
  const { who, why } = options;
  if (!(await bindAlias(index, { ...execution, blessed: { who, why } }, committer)))
    throw notBlessable(step, 'another process has computed it meanwhile');
  await memoized.log.close();
  return earlier;
}

/** What may be adopted, the likeliest first. @throws MemoError M4011. */
function earlierResults(
  { traced, plan }: PlannedJob,
  { stored, isVolatile, log }: MemoizedJob,
  { index, version }: { readonly index: number; readonly version: string | undefined },
): readonly [Binding, ...Binding[]] {
  const step = traced.steps[index] as (typeof traced.steps)[number];
  const { action } = plan.step(step.id);
  const record = stored.versions.record(index);
  if (step.op.effect) throw notBlessable(step.id, 'it acts on the world, which nobody can do by saying so');
  if (isVolatile(index)) throw notBlessable(step.id, 'it always runs');
  if (action === 'reuse') throw notBlessable(step.id, 'it is re-used as it is', 'Nothing has to be done.');
  if (record === undefined) throw notBlessable(step.id, 'its version is known only while running');
  if (stored.entry(index) !== undefined)
    throw notBlessable(step.id, 'this version has a result of its own, whose values are gone or too old', 'Run it.');
  const nearest = version === undefined ? stored.nearest(index) : stored.bindingOf(version);
  if (nearest === undefined || !isReadableRecord(nearest.record))
    throw notBlessable(step.id, 'no earlier result of it is recorded', 'Run it.');
  if (version !== undefined) return [nearest];
  const others = [...log.table.live().bindings()].filter(
    (other) => isReadableRecord(other.record) && other.record.op.name === record.op.name && other.step === step.id,
  );
  return [nearest, ...others.sort((a, b) => b.when - a.when)];
}

/** What can be made of the first result that can be adopted. @throws MemoError M4011 of the first one, where none can. */
function firstAdoptable<T>(results: readonly [Binding, ...Binding[]], make: (earlier: Binding) => T): T {
  let failure: unknown;
  for (const earlier of results) {
    try {
      return make(earlier);
    } catch (error) {
      if (!MemoError.is(error, 'M4011')) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

/** What an earlier step gave, if only code differs. @throws MemoError M4011. */
function adoptable(index: number, earlier: Binding, committer: Committer): Execution {
  const { ledger } = committer;
  const { id, op } = ledger.step(index);
  const { record, consumed } = new StepSubject(index, 0, ledger);
  const { namespace, name } = earlier.record.op;
  if (record.op.name !== name || record.op.namespace !== namespace)
    throw notBlessable(id, `what is stored was given by op "${name}"`);
  const changes = compareRecords(earlier.record, record, {
    codeChanges: ledger.planned.plan.parts.codeChanges,
    hasStep: (other) => ledger.plan.indexOf.has(other),
  });
  const other = changes.find((change) => !isOfCode(change) && !readsTheSame(change, earlier.consumed, consumed));
  if (other?.kind === 'upstream')
    throw notBlessable(
      id,
      `it would read something else from ${other.step}, as far as is known`,
      `Bless or run ${other.step} first.`,
    );
  if (other !== undefined) throw notBlessable(id, `more than its code differs: ${describeChange(other)}`, 'Run it.');
  const execution = executionOf(earlier, index, ledger);
  if (execution === undefined)
    throw notBlessable(id, `the earlier result lacks an output of op "${op.name}"`, 'Run it.');
  return execution;
}

function isOfCode(change: Change): boolean {
  return change.kind === 'code' || (change.kind === 'resource' && change.changes.every(isOfCode));
}

/** True for an input whose versions differ and whose content is the same. */
function readsTheSame(change: Change, before: Binding['consumed'], now: Binding['consumed']): boolean {
  if (change.kind !== 'upstream') return false;
  const [was, is] = [before[change.input], now[change.input]];
  return was !== undefined && JSON.stringify(was) === JSON.stringify(is);
}

function committerFor(planned: PlannedJob, memoized: MemoizedJob, run: string): Committer {
  const clock: Clock = systemClock;
  const events = new EventStream(
    [],
    (text) => text,
    () => clock.now(),
  );
  const ledger = new RunLedger(planned, run);
  return committerOf({ ledger, memoized, events, clock, runId: run });
}

function notBlessable(step: string, because: string, fix?: string): MemoError {
  return new MemoError('M4011', `No stored result can stand for step "${step}": ${because}.`, {
    ...(fix === undefined ? {} : { fix }),
    details: { step },
  });
}
