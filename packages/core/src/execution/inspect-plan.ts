import { placeOf } from '../definitions/definition-site.ts';
import { namespaceOf } from '../definitions/namespace.ts';
import type { BundledVersions } from '../definitions/version-strategy.ts';
import { MemoError, type Place } from '../errors/memo-error.ts';
import { explainStep } from '../plan/explain.ts';
import { explainSource, type JobPlan } from '../plan/job-plan.ts';
import { managerOf } from '../plan/managers.ts';
import { type ContextScope, StepOutputContext } from '../plan/output-contexts.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlannedJob } from '../plan/plan-job.ts';
import type { Change, Explanation } from '../plan/reason.ts';
import { compareRecords } from '../plan/record-diff.ts';
import type { Binding } from '../records/binding.ts';
import { didYouMean } from '../trace/did-you-mean.ts';
import { type ExecutionStep, forEachOutput, ioOf, type ResultShapeNode } from '../trace/execution-plan.ts';
import { bundledVersions } from '../versions/bundled-versions.ts';
import type { StepVersionRecord } from '../versions/step-version-record.ts';

/** An input of a step that another step's output flows into. */
export interface PlanEdge {
  readonly input: string;
  readonly step: string;
  readonly output: string;
}

/** One step of a plan, with its place in the graph and in the source. */
export interface PlanNode {
  readonly id: string;
  readonly op: string;
  readonly namespace: string;
  readonly outputs: readonly string[];
  /** By input name, list items in order. */
  readonly inputs: readonly PlanEdge[];
  /** Steps that come before though nothing flows from them. */
  readonly after: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly effect: boolean;
  /** Names of the resources that the op requires. */
  readonly resources: readonly string[];
  /** Where the op is defined. */
  readonly place: Place | undefined;
}

/** What stands behind a plan. Everything only reads. */
export interface PlanInspection {
  /** Every step, in topological order. */
  readonly nodes: readonly PlanNode[];
  /** For each output of the job, the outputs of steps that it is made of. */
  readonly results: Readonly<Record<string, readonly { readonly step: string; readonly output: string }[]>>;
  /** The record behind a step's version; `undefined` while it is not known, or without memoization. @throws MemoError M7001. */
  record(step: string): StepVersionRecord | undefined;
  /** The binding of a step's version, if there is one. @throws MemoError M7001. */
  binding(step: string): Binding | undefined;
  /** The nearest earlier binding: of the same step and op, else of the same op. @throws MemoError M7001. */
  earlier(step: string): Binding | undefined;
  /** The binding of any step version, if there is one. */
  bindingOf(stepVersion: string): Binding | undefined;
  /** What differs between two records, as the plan's reasons say it. */
  compare(before: StepVersionRecord, after: StepVersionRecord): readonly Change[];
  /** {@link Plan.explain}, compared with the binding of an earlier step version. @throws MemoError M7001. */
  explain(step: string, against: string): Explanation;
  /**
   * The versions of the job's ops and resources that a bundle of its code needs; `undefined` unless exactly one of its strategies can
   * say them.
   *
   * @throws MemoError what the strategy throws; M4005.
   */
  versionsForBundle(): Promise<BundledVersions | undefined>;
  /**
   * The stored value of an output under the step's version.
   *
   * @throws MemoError M7001 for an unknown step or output, M5004 when nothing is stored, M5003, M5002 as loading does.
   */
  load(step: string, output: string): Promise<unknown>;
}

const plannedJobs = new WeakMap<Plan, { readonly planned: PlannedJob; readonly scope: ContextScope }>();

/** Makes a plan open to {@link inspectPlan}. */
export function rememberPlan(planned: PlannedJob, scope: ContextScope): void {
  plannedJobs.set(planned.plan, { planned, scope });
}

/** What stands behind a plan, for what works on. @throws TypeError for any other value. */
export function plannedOf(plan: Plan): { readonly planned: PlannedJob; readonly scope: ContextScope } {
  const known = plannedJobs.get(plan);
  if (known === undefined) throw new TypeError('This takes a plan that job.plan() or job.run() gave.');
  return known;
}

/**
 * Looks behind a plan that `job.plan()` or `job.run()` of this copy of the package gave.
 *
 * @throws TypeError for any other value.
 */
export function inspectPlan(plan: Plan): PlanInspection {
  const { planned, scope } = plannedOf(plan);
  return new InspectedPlan(planned, scope);
}

class InspectedPlan implements PlanInspection {
  readonly #planned: PlannedJob;
  readonly #scope: ContextScope;
  readonly #plan: JobPlan;

  constructor(planned: PlannedJob, scope: ContextScope) {
    this.#planned = planned;
    this.#scope = scope;
    this.#plan = planned.plan;
  }

  get nodes(): readonly PlanNode[] {
    const { steps } = this.#planned.traced;
    const idOf = (index: number): string => steps[index]?.id ?? '';
    return steps.map((step) => nodeOf(step, idOf));
  }

  get results(): PlanInspection['results'] {
    const { steps, results } = this.#planned.traced;
    const sources = (node: ResultShapeNode): readonly { step: string; output: string }[] => {
      if (node.kind === 'output') return [{ step: steps[node.step]?.id ?? '', output: node.output }];
      return (node.kind === 'list' ? node.items : [...node.fields.values()]).flatMap(sources);
    };
    return Object.fromEntries([...results].map(([name, node]) => [name, sources(node)]));
  }

  record(step: string): StepVersionRecord | undefined {
    return this.#plan.parts.stored?.versions.record(this.#indexOf(step));
  }

  binding(step: string): Binding | undefined {
    return this.#plan.parts.stored?.entry(this.#indexOf(step))?.document();
  }

  earlier(step: string): Binding | undefined {
    return this.#plan.parts.stored?.nearest(this.#indexOf(step));
  }

  bindingOf(stepVersion: string): Binding | undefined {
    return this.#plan.parts.stored?.bindingOf(stepVersion);
  }

  compare(before: StepVersionRecord, after: StepVersionRecord): readonly Change[] {
    const { codeChanges, traced } = this.#plan.parts;
    return compareRecords(before, after, { codeChanges, hasStep: (id) => traced.indexOf.has(id) });
  }

  explain(step: string, against: string): Explanation {
    return explainStep(explainSource(this.#plan.parts), this.#indexOf(step), against);
  }

  versionsForBundle(): Promise<BundledVersions | undefined> {
    const { job, traced, resources } = this.#planned;
    return bundledVersions(job, traced, resources);
  }

  async load(step: string, output: string): Promise<unknown> {
    const index = this.#indexOf(step);
    const executionStep = this.#planned.traced.steps[index] as ExecutionStep;
    const names = executionStep.op.outputs.map(({ name }) => name);
    if (!names.includes(output))
      throw new MemoError('M7001', `Step "${step}" has no output "${output}".${didYouMean(output, names)}`, {
        fix: `Its outputs are ${names.join(', ') || 'none'}.`,
        details: { step, output },
      });
    const version = this.#plan.parts.stored?.addressVersion(index, output);
    if (version === undefined) throw nothingStored(step, output);
    const manager = managerOf(this.#planned.managers, ioOf(executionStep, output));
    // The value is read after planning, which may have been under a signal of its own.
    const signal = new AbortController().signal;
    const { loadStored } = await import('./load-inputs.ts');
    return loadStored(
      manager,
      new StepOutputContext(this.#scope, executionStep, { output, version, signal }),
      (error) => (error.code === 'M5004' ? nothingStored(step, output, error) : error),
    );
  }

  #indexOf(step: string): number {
    this.#plan.step(step);
    return this.#planned.traced.indexOf.get(step) as number;
  }
}

function nodeOf({ id, op, names, sources, after, policy }: ExecutionStep, idOf: (index: number) => string): PlanNode {
  const edges: PlanEdge[] = [];
  for (const [at, source] of sources.entries())
    forEachOutput(source, ({ step, output }) => edges.push({ input: names[at] as string, step: idOf(step), output }));
  return {
    id,
    op: op.name,
    namespace: namespaceOf(op),
    outputs: op.outputs.map(({ name }) => name),
    inputs: edges,
    after: after.map(idOf),
    tags: policy.tags,
    effect: op.effect,
    resources: Object.values(op.uses).map(({ name }) => name),
    place: placeOf(op.site),
  };
}

function nothingStored(step: string, output: string, cause?: MemoError): MemoError {
  return new MemoError('M5004', `Nothing is stored for ${step}.${output} under its version.`, {
    fix: `Run it: memo run --only ${step}`,
    details: { step, output },
    cause,
  });
}
