import { MemoError } from '../errors/memo-error.ts';
import type { RunStatus } from '../events/memo-event.ts';
import type { IOManager, MemoizableIOManager } from '../io/io-manager.ts';
import { type ContextScope, StepOutputContext } from '../plan/output-contexts.ts';
import type { PlannedJob } from '../plan/plan-job.ts';
import type { StoredSteps } from '../plan/stored-steps.ts';
import { didYouMean } from '../trace/did-you-mean.ts';
import type { ExecutionPlan, ExecutionStep, ResultShapeNode } from '../trace/execution-plan.ts';
import { loadStored } from './load-inputs.ts';
import type { RunCoordinator } from './run-coordinator.ts';
import type { RunLedger } from './run-ledger.ts';
import type { FailedStep, RunResult } from './run-result.ts';

/** A result before it has a job's types. */
export type JobRunResult = RunResult<Record<string, unknown>>;

/** What a result is made of. */
export interface RunEnd {
  readonly planned: PlannedJob;
  readonly ledger: RunLedger;
  readonly coordinator: RunCoordinator;
  readonly runId: string;
  readonly status: RunStatus;
  readonly errors: readonly MemoError[];
  readonly durationMs: number;
  readonly journal: string | undefined;
  readonly managerFor: (io: string, version: string | undefined) => IOManager;
  readonly scope: ContextScope;
}

/** The result of a run. It keeps what loading the job's outputs needs, not the state of the run. */
export function runResult(end: RunEnd): JobRunResult {
  const { planned, coordinator } = end;
  const { states } = coordinator;
  const { traced } = planned;
  const failed = new Set(coordinator.failed.map(({ step }) => traced.indexOf.get(step)));
  const [reused, skipped]: [number[], number[]] = [[], []];
  for (let index = 0; index < traced.size; index++) {
    const outcome = states.outcome(index) ?? 'cancelled';
    if (outcome === 'reused') reused.push(index);
    else if (outcome !== 'ran' && !failed.has(index)) skipped.push(index);
  }
  return new Result({
    id: end.runId,
    status: end.status,
    ran: coordinator.ran,
    reused,
    skipped,
    traced,
    failed: coordinator.failed,
    errors: end.errors,
    plan: planned.plan,
    durationMs: end.durationMs,
    savedMs: savedBy(reused, end),
    journal: end.journal,
    leaves: new Map([...planned.traced.results].map(([name, node]) => [name, leafOf(node, end)])),
  });
}

/**
 * The milliseconds that re-used steps once took. Where nothing was to run, and nothing did, the records as they were planned with tell, which the plan keeps
 * anyway: they are looked at when somebody asks.
 */
function savedBy(reused: readonly number[], { planned, coordinator, ledger }: RunEnd): () => number {
  const sum = (stored: StoredSteps | undefined): number =>
    reused.reduce((total, index) => total + (stored?.entry(index)?.duration ?? 0), 0);
  const { run, pending, reuse } = planned.plan;
  const isAsPlanned = run + pending + coordinator.ran.length === 0 && reuse === reused.length;
  if (isAsPlanned) {
    const stored = planned.memoized?.stored;
    return () => sum(stored);
  }
  const savedMs = sum(ledger.stored);
  return () => savedMs;
}

interface ResultParts extends Pick<JobRunResult, 'id' | 'status' | 'failed' | 'plan' | 'durationMs' | 'journal'> {
  readonly savedMs: () => number;
  readonly traced: ExecutionPlan;
  readonly ran: readonly number[];
  readonly reused: readonly number[];
  readonly skipped: readonly number[];
  readonly errors: readonly MemoError[];
  readonly leaves: ReadonlyMap<string, Leaf>;
}

class Result implements JobRunResult {
  readonly id: string;
  readonly status: RunStatus;
  declare readonly executed: readonly string[];
  declare readonly reused: readonly string[];
  declare readonly skipped: readonly string[];
  readonly failed: readonly FailedStep[];
  readonly errors: readonly MemoError[];
  readonly plan: JobRunResult['plan'];
  readonly durationMs: number;
  declare readonly savedMs: number;
  readonly journal: string | undefined;
  readonly #leaves: ReadonlyMap<string, Leaf>;

  constructor(parts: ResultParts) {
    this.id = parts.id;
    this.status = parts.status;
    const { traced, ran, reused, skipped } = parts;
    // The ids of a large job take time to make, and most results are asked for values only.
    for (const [list, steps] of Object.entries({ executed: ran, reused, skipped }))
      defineOnce(this, list, () => steps.map((step) => traced.step(step).id));
    this.failed = parts.failed;
    this.errors = parts.errors;
    this.plan = parts.plan;
    this.durationMs = parts.durationMs;
    defineOnce(this, 'savedMs', parts.savedMs);
    this.journal = parts.journal;
    this.#leaves = parts.leaves;
  }

  get ok(): boolean {
    return this.status === 'success';
  }

  async load(output: string): Promise<unknown> {
    const leaf = this.#leaves.get(output);
    if (leaf !== undefined) return loadLeaf(leaf, 'reject');
    throw new MemoError('M7001', `The job has no output "${output}".${didYouMean(output, this.#leaves.keys())}`, {
      fix: `Its outputs are ${[...this.#leaves.keys()].join(', ') || 'none'}.`,
      details: { output },
    });
  }

  async loadAll(): Promise<Record<string, unknown>> {
    const all: Record<string, unknown> = {};
    for (const [name, leaf] of this.#leaves) {
      const value = await loadLeaf(leaf, 'leave-out');
      if (value !== ABSENT)
        Object.defineProperty(all, name, { value, enumerable: true, writable: true, configurable: true });
    }
    return all;
  }

  unwrap(): JobRunResult {
    if (this.status === 'success') return this;
    const errors = [...this.failed.map(({ error }) => error), ...this.errors];
    if (this.status === 'cancelled')
      throw new MemoError('M6004', `Run ${this.id} of job "${this.plan.job}" was cancelled.`, {
        fix: 'Run it again: what was stored is re-used.',
        errors,
      });
    const what = this.failed.map(({ step }) => `"${step}"`).join(', ');
    const how = what === '' ? '' : `: ${this.failed.length === 1 ? 'step' : 'steps'} ${what} failed`;
    throw new MemoError('M6006', `Run ${this.id} of job "${this.plan.job}" failed${how}.`, {
      fix: 'Mend what failed and run it again: what was stored is re-used.',
      errors,
      cause: errors[0],
    });
  }
}

/** Defines a field whose value is made when it is first read. */
function defineOnce(owner: object, name: string, make: () => unknown): void {
  let made: unknown;
  Object.defineProperty(owner, name, { enumerable: true, get: () => (made ??= make()) });
}

const ABSENT = Symbol('absent');

/** What loading one output of the job needs. */
type Leaf =
  | { readonly kind: 'value'; readonly manager: IOManager; readonly context: () => StepOutputContext }
  | { readonly kind: 'absent'; readonly step: string; readonly output: string }
  | {
      readonly kind: 'unavailable';
      readonly step: string;
      readonly output: string;
      readonly cause: MemoError | undefined;
    }
  | { readonly kind: 'list'; readonly items: readonly Leaf[] }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Leaf> };

function leafOf(node: ResultShapeNode, end: RunEnd): Leaf {
  if (node.kind === 'list') return { kind: 'list', items: node.items.map((item) => leafOf(item, end)) };
  if (node.kind === 'object')
    return { kind: 'object', fields: new Map([...node.fields].map(([name, field]) => [name, leafOf(field, end)])) };
  const { ledger, coordinator, managerFor, scope } = end;
  const { output } = node;
  const step = ledger.step(node.step) as ExecutionStep;
  const outcome = coordinator.states.outcome(node.step);
  if (outcome === 'absent') return { kind: 'absent', step: step.id, output };
  if (outcome !== 'ran' && outcome !== 'reused') {
    const cause = coordinator.failed.find((failed) => failed.step === step.id)?.error;
    return { kind: 'unavailable', step: step.id, output, cause };
  }
  if (ledger.isAbsent(node.step, output)) return { kind: 'absent', step: step.id, output };
  const { io, version, take } = ledger.place(node.step, output);
  const digestOf = ledger.digestLater(node.step, output);
  // A result outlives its run: reading it must not be cancelled with the run's signal.
  const signal = new AbortController().signal;
  return {
    kind: 'value',
    manager: managerFor(io, version),
    context: () => new StepOutputContext(scope, step, { output, version, take, contentDigest: digestOf(), signal }),
  };
}

async function loadValue({ manager, context: contextOf }: Extract<Leaf, { readonly kind: 'value' }>): Promise<unknown> {
  const context = contextOf();
  let isDamaged = false;
  try {
    return await loadStored(manager, context, (error) => {
      isDamaged = error.code === 'M5003';
      return error;
    });
  } finally {
    // As long as it is there it counts as present: without it the next run computes it again.
    if (isDamaged) await (manager as MemoizableIOManager).deleteOutput?.(context);
  }
}

async function loadLeaf(leaf: Leaf, absent: 'reject' | 'leave-out'): Promise<unknown> {
  switch (leaf.kind) {
    case 'value':
      return loadValue(leaf);
    case 'list': {
      const values: unknown[] = [];
      for (const item of leaf.items) values.push(await loadLeaf(item, absent));
      return values.filter((value) => value !== ABSENT);
    }
    case 'object': {
      const fields: Record<string, unknown> = {};
      for (const [name, field] of leaf.fields) {
        const value = await loadLeaf(field, absent);
        if (value !== ABSENT)
          Object.defineProperty(fields, name, { value, enumerable: true, writable: true, configurable: true });
      }
      return fields;
    }
    case 'absent':
      if (absent === 'leave-out') return ABSENT;
      throw new MemoError('M5005', `Output ${leaf.step}.${leaf.output} is absent: its op left it out.`, {
        fix: 'It is optional: look at loadAll(), which leaves absent outputs out, or make the op return it.',
        details: { step: leaf.step, output: leaf.output },
      });
    case 'unavailable':
      throw new MemoError(
        'M6011',
        `Output ${leaf.step}.${leaf.output} has no value: its step did not run to its end.`,
        {
          because: leaf.cause?.problem ?? 'It was skipped: it was not selected, or something before it failed.',
          fix: 'Mend the failure, or select the step, and run again.',
          details: { step: leaf.step, output: leaf.output },
          cause: leaf.cause,
        },
      );
  }
}
