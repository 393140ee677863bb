import type { PlannedJob } from '../plan/plan-job.ts';
import { committedByOutput, StoredSteps } from '../plan/stored-steps.ts';
import type { BindingEntry } from '../records/binding-entry.ts';
import { type ExecutionPlan, type ExecutionStep, ioOf } from '../trace/execution-plan.ts';
import { SOURCE } from '../trace/source-columns.ts';
import { pubOf } from '../versions/record-key.ts';
import type { StepVersions } from '../versions/step-versions.ts';
import { EarlierLives, UNKNOWN } from './earlier-life.ts';
import type { ListItem, ReadAddress, ReportedOutput, StepTask, TaskInput } from './step-task.ts';

/** What one run knows of the outputs of its steps: those that it computed, and those that were there. */
export class RunLedger {
  readonly planned: PlannedJob;
  readonly plan: ExecutionPlan;
  /** The plan's versions and records, for this run to change; `undefined` when the run is not memoized. */
  readonly stored: StoredSteps | undefined;
  readonly #computed: (Readonly<Record<string, ReportedOutput | 'absent'>> | undefined)[];
  readonly #runId: string;
  /** False where no step has outputs that belong to this run only. */
  readonly #mayBeRunScoped: boolean;
  /** False where every step has one output, which it must give. */
  readonly mayLeaveOut: boolean;
  /** How often each step was begun. */
  readonly #begun: Uint32Array;
  readonly #skipped = new Set<number>();
  readonly #lives: EarlierLives;
  /** What was seen when values without a record were read, by version and output. */
  readonly #seen = new Map<string, string>();
  /** What was seen of such values that are gone since: the run has read it, and may have made others from it. */
  readonly #gone = new Map<string, string>();

  constructor(planned: PlannedJob, runId: string) {
    this.planned = planned;
    this.plan = planned.traced;
    this.#runId = runId;
    this.#lives = new EarlierLives(planned);
    this.#computed = Array.from({ length: planned.traced.size });
    this.#begun = new Uint32Array(planned.traced.size);
    this.#mayBeRunScoped =
      planned.memoized === undefined || planned.traced.uses.some((_, use) => planned.memoized?.isVolatileUse(use));
    this.mayLeaveOut = planned.traced.uses.some((use) => !committedByOutput(use));
    const { memoized } = planned;
    this.stored =
      memoized === undefined
        ? undefined
        : new StoredSteps(planned.traced, memoized.stored.versions.copy(), memoized.log.table.live());
  }

  get versions(): StepVersions | undefined {
    return this.stored?.versions;
  }

  step(index: number): ExecutionStep {
    return this.plan.step(index);
  }

  /** True for steps whose outputs belong to this run only. */
  isRunScoped(index: number): boolean {
    if (!this.#mayBeRunScoped) return false;
    const { memoized } = this.planned;
    return memoized === undefined || memoized.isVolatile(index);
  }

  /** Says what a step gave in this run. */
  setComputed(index: number, outputs: Readonly<Record<string, ReportedOutput | 'absent'>>): void {
    this.#computed[index] = outputs;
  }

  /** Says that a step was skipped: it has a version nevertheless, for steps that drop what it would have given. */
  setSkipped(index: number): void {
    this.#skipped.add(index);
    if (this.versions === undefined) return;
    if (this.isRunScoped(index)) this.versions.setContent(index, new Map());
    else this.versions.resolve(index);
  }

  /** Says that what a step gave in this run does not count any more. */
  dropComputed(index: number): void {
    this.#skipped.delete(index);
    this.#computed[index] = undefined;
    for (const { name } of this.step(index).op.outputs) {
      const key = this.#key(index, name);
      const seen = this.#seen.get(key);
      if (seen === undefined) continue;
      this.#seen.delete(key);
      this.#gone.set(key, seen);
    }
  }

  /**
   * Says what an output was when it was read, where no record tells: from then on it is that for the whole run. False where it was something else
   * before.
   */
  see(index: number, output: string, digest: string): boolean {
    const known = this.digest(index, output);
    if (known === undefined) this.#seen.set(this.#key(index, output), digest);
    return known === undefined || known === digest;
  }

  #key(index: number, output: string): string {
    return `${this.versions?.version(index)} ${this.versions?.pub(index)} ${output}`;
  }

  wasComputed(index: number): boolean {
    return this.#computed[index] !== undefined;
  }

  /** True when a settled step left an output out. */
  isAbsent(index: number, output: string): boolean {
    if (!this.mayLeaveOut) return false;
    const computed = this.#computed[index];
    return computed === undefined ? (this.stored?.isAbsent(index, output) ?? false) : computed[output] === 'absent';
  }

  /** Where an output of a settled step is. */
  address(index: number, output: string): ReadAddress {
    const digest = this.stored === undefined ? undefined : this.digest(index, output);
    return this.#addressOf(index, output, digest);
  }

  /** Where an output of a settled step is, whatever it holds. */
  place(index: number, output: string): ReadAddress {
    return this.#addressOf(index, output, undefined);
  }

  #addressOf(index: number, output: string, digest: string | undefined): ReadAddress {
    const step = this.step(index);
    const computed = this.#computed[index]?.[output];
    const own = computed === undefined || computed === 'absent' ? undefined : computed.version;
    const version = this.isRunScoped(index) ? undefined : (own ?? this.stored?.addressVersion(index, output));
    return { step: step.id, index, output, io: ioOf(step, output), version, take: this.begun(index), digest };
  }

  /** The content digest of an output of a settled step, `absent`, or `undefined` when nobody knows it. */
  digest(index: number, output: string): string | undefined {
    const computed = this.#computed[index]?.[output];
    if (computed === undefined) return this.#skipped.has(index) ? 'absent' : this.#storedDigest(index, output);
    if (computed === 'absent') return computed;
    return computed.digest === '' ? undefined : computed.digest;
  }

  /** Tells the content digest of an output of a settled step when it is asked for, and keeps nothing of the run but that. */
  digestLater(index: number, output: string): () => string | undefined {
    const entry = this.#computed[index] === undefined ? this.stored?.entry(index) : undefined;
    const digest = entry === undefined && this.stored !== undefined ? this.digest(index, output) : undefined;
    return () => {
      const bound = entry?.document()?.outputs[output];
      return bound === undefined || bound === 'absent' ? digest : bound.digest;
    };
  }

  #storedDigest(index: number, output: string): string | undefined {
    const { stored } = this;
    if (stored === undefined) return undefined;
    if (stored.entry(index) !== undefined) return stored.digest(index, output);
    return this.#seen.get(this.#key(index, output)) ?? this.#lives.digest(index, stored);
  }

  /** The key of a step by what its settled upstreams gave; `undefined` when that is not known of all. */
  contentKey(index: number): string | undefined {
    return this.versions?.contentKey(index, {
      digestOf: (step, output) => this.digest(step, output),
      mayLack: this.mayLeaveOut,
      ranAs: (step) => this.stored?.ranAs(step),
    });
  }

  /**
   * Which execution the version of a step is bound to: by its own record, else by what this run has read of it, or what was made from it. The empty
   * text where nobody knows which.
   */
  boundTo(index: number): string | undefined {
    if (this.stored === undefined) return undefined;
    const entry = this.stored.entry(index) ?? this.#passedEffect(index, this.stored);
    if (entry?.isContested === true) return UNKNOWN;
    return entry?.pub ?? this.#readBefore(index) ?? this.#lives.pub(index, this.stored);
  }

  #readBefore(index: number): string | undefined {
    if (this.#gone.size === 0) return undefined;
    const name = this.step(index).op.outputs[0]?.name ?? 'result';
    const digest = this.#gone.get(this.#key(index, name));
    return digest === undefined ? undefined : pubOf({ [name]: { digest } });
  }

  /** An effect holds only while it is the last one of its step; what was made from an earlier one is there all the same. */
  #passedEffect(index: number, stored: StoredSteps): BindingEntry | undefined {
    const version = this.versions?.version(index);
    return this.step(index).op.effect && version !== undefined
      ? stored.entryOf(version, this.versions?.pub(index))
      : undefined;
  }

  /** How often a step was begun. */
  begun(index: number): number {
    return this.#begun[index] as number;
  }

  /** Begins a step: the order to run one whose upstreams are settled. `skipped` are steps whose outputs are all absent. */
  task(index: number, skipped: (step: number) => boolean, supersede: boolean): StepTask {
    const step = this.step(index);
    const version = this.isRunScoped(index) ? undefined : this.versions?.version(index);
    const take = this.begun(index) + 1;
    this.#begun[index] = take;
    const isPlain = version !== undefined && committedByOutput(step);
    return {
      key: version ?? `${this.#runId}/${step.id}`,
      runId: this.#runId,
      job: this.plan.job,
      step: step.id,
      index,
      version,
      take,
      bound: version === undefined ? undefined : this.boundTo(index),
      pub: isPlain ? this.versions?.pub(index) : undefined,
      address: isPlain ? this.versions?.outputVersion(index, step.op.outputs[0]?.name ?? '') : undefined,
      supersede,
      digests: this.stored !== undefined,
      inputs: this.#inputs(index, skipped),
    };
  }

  #inputs(index: number, skipped: (step: number) => boolean): readonly TaskInput[] {
    const { sources } = this.plan;
    const inputs: TaskInput[] = [];
    let at = sources.first(index);
    for (const name of this.plan.useOf(index).names) {
      const kind = sources.kind(at);
      if (kind === SOURCE.literal) inputs.push({ name, from: 'literal' });
      else if (kind !== SOURCE.list)
        inputs.push({ name, from: 'output', address: this.address(sources.value(at), sources.output(at)) });
      else {
        const items = this.#items(at, skipped);
        inputs.push({ name, from: 'list', items });
      }
      at = sources.behind(at);
    }
    return inputs;
  }

  #items(list: number, skipped: (step: number) => boolean): readonly ListItem[] {
    const { sources } = this.plan;
    const items: ListItem[] = [];
    const count = sources.value(list);
    for (let at = list + 1; items.length < count; at = sources.next(at)) {
      if (sources.kind(at) === SOURCE.literal) {
        items.push('literal');
        continue;
      }
      const [step, output] = [sources.value(at), sources.output(at)];
      items.push(skipped(step) || this.isAbsent(step, output) ? 'absent' : this.address(step, output));
    }
    return items;
  }
}
