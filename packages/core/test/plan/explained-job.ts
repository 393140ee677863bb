import type { ExplainSource } from '../../src/plan/explain.ts';
import type { Action, Reason } from '../../src/plan/reason.ts';
import { diffRecords } from '../../src/plan/record-diff.ts';
import type { Binding } from '../../src/records/binding.ts';
import type { ExecutionPlan, ExecutionStep, StepUse } from '../../src/trace/execution-plan.ts';
import { Neighbours } from '../../src/trace/neighbours.ts';
import { StepTable, type TracedUse } from '../../src/trace/step-table.ts';
import { versionOfRecord } from '../../src/versions/record-key.ts';
import type { StepVersionRecord, UpstreamRecord } from '../../src/versions/step-version-record.ts';
import { record, value } from './records.ts';

/** A step as it is written: which steps it reads, and what of it can be edited. */
export interface WrittenStep {
  readonly id: string;
  readonly reads: readonly number[];
  readonly edit: number;
  readonly after?: readonly number[];
}

/** One state of a job: the records and versions of its steps, in topological order. */
export interface JobState {
  readonly steps: readonly WrittenStep[];
  readonly records: readonly StepVersionRecord[];
  readonly versions: readonly string[];
}

export function stateOf(
  steps: readonly WrittenStep[],
  versionOf: (record: StepVersionRecord, index: number) => string = versionOfRecord,
): JobState {
  const records: StepVersionRecord[] = [];
  const versions: string[] = [];
  const upstream = (index: number, output: string): UpstreamRecord => {
    const { id } = steps[index] as WrittenStep;
    return { step: id, op: `op-${id}`, output, version: versions[index] as string };
  };
  for (const { id, reads, edit, after } of steps) {
    const made = record({
      op: { name: `op-${id}` },
      config: value({ edit }),
      inputs: Object.fromEntries(
        reads.map((index, position) => [`in${position}`, { from: 'output', output: upstream(index, 'result') }]),
      ),
      ...(after === undefined ? {} : { after: after.map((index) => upstream(index, '')) }),
    });
    records.push(made);
    versions.push(versionOf(made, records.length - 1));
  }
  return { steps, records, versions };
}

export function bindingsOf({ steps, records, versions }: JobState, run = '41'): ReadonlyMap<string, Binding> {
  return new Map(
    steps.map(({ id }, index) => [
      versions[index] as string,
      binding({ step: id, record: records[index] as StepVersionRecord, stepVersion: versions[index] as string, run }),
    ]),
  );
}

export function binding(parts: Pick<Binding, 'step' | 'record' | 'stepVersion'> & Partial<Binding>): Binding {
  return {
    schema: 'memo.binding/1',
    outputs: {},
    consumed: {},
    pub: 'p',
    by: 'run',
    job: 'training',
    run: '41',
    when: Date.UTC(2026, 4, 1, 10, 0),
    duration: 1_000,
    certainty: 'exact',
    memo: '0.1.0',
    node: '20.20.0',
    ...parts,
  };
}

/** How a planner would answer for `now` when `before` ran: steps without a binding run, all others are re-used. */
export function explained(before: JobState, now: JobState, more: Partial<ExplainSource> = {}): ExplainSource {
  const bindings = bindingsOf(before);
  const byId = new Map([...bindings.values()].map((bound) => [bound.step, bound]));
  const nearest = (step: number): Binding | undefined => byId.get(now.steps[step]?.id ?? '');
  const isStored = (step: number): boolean => bindings.has(now.versions[step] ?? '');
  return {
    plan: planOf(now.steps),
    action: (step): Action => (isStored(step) ? 'reuse' : 'run'),
    reasons: (step): readonly Reason[] => {
      const earlier = nearest(step);
      if (isStored(step)) return [];
      if (earlier === undefined) return [{ code: 'first-run' }];
      return [
        { code: 'changed', changes: diffRecords(earlier.record, now.records[step] as StepVersionRecord, () => []) },
      ];
    },
    version: (step) => now.versions[step],
    record: (step) => now.records[step],
    nearest,
    bindingOf: (version) => bindings.get(version),
    codeChanges: () => [],
    ...more,
  };
}

const NONE = new Neighbours(new Int32Array(1), new Int32Array(0));

export function planOf(steps: readonly WrittenStep[]): ExecutionPlan {
  const table = new StepTable();
  for (const { id } of steps) {
    table.sources.begin();
    table.sources.end();
    table.add(table.addUse({ op: { name: `op-${id}` }, names: [], after: [] } as unknown as TracedUse), id);
  }
  return {
    job: 'training',
    size: table.count,
    steps: table.all() as readonly ExecutionStep[],
    step: (index) => table.step(index) as ExecutionStep,
    uses: table.uses as readonly StepUse[],
    useNumber: (step) => table.useNumber(step),
    useOf: (step) => table.useOf(step) as StepUse,
    sources: table.sources,
    indexOf: new Map(steps.map(({ id }, index) => [id, index])),
    downstream: NONE,
    upstream: NONE,
    results: new Map(),
  };
}
