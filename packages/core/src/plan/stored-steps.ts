import { namespaceOf } from '../definitions/namespace.ts';
import { isDigest } from '../hash/digest.ts';
import type { DigestPlace } from '../hash/digest-column.ts';
import type { Binding } from '../records/binding.ts';
import type { BindingEntry } from '../records/binding-entry.ts';
import { siteOf } from '../records/binding-place.ts';
import type { BindingView } from '../records/binding-table.ts';
import type { ExecutionPlan, ExecutionStep, StepUse } from '../trace/execution-plan.ts';
import { outputVersion, part } from '../versions/record-key.ts';
import type { InputRecord, StepVersionRecord, UpstreamRecord } from '../versions/step-version-record.ts';
import type { StepVersions } from '../versions/step-versions.ts';
import { isReadableRecord } from './record-shape.ts';
import type { PlannedView, Upgrade } from './upgrades.ts';

/**
 * True for a step that is committed by its one required output being there; every other step is committed by its binding, and
 * the addresses of its outputs carry the generation.
 */
export function committedByOutput(step: Pick<ExecutionStep, 'op'>): boolean {
  const { outputs } = step.op;
  return outputs.length === 1 && outputs[0]?.optional === false;
}

/** Where a step of a job is found again: a digest of job, step id and op, 32 hexadecimal digits. */
export function siteDigest(job: string, step: ExecutionStep): string {
  return siteOf(job, step.id, { namespace: namespaceOf(step.op), name: step.op.name });
}

/** Where an output of a step lies that an alias bound to what an earlier one gave. */
export function aliasedVersion(step: ExecutionStep, output: string, alias: AliasedTo | undefined): string | undefined {
  if (alias?.of === undefined) return undefined;
  const isPlain = committedByOutput(step) && alias.ofLater !== true;
  return outputVersion(alias.of, output, isPlain ? undefined : alias.pub);
}

/** The part of an alias that says where its values lie. */
export type AliasedTo = Pick<Binding, 'of' | 'ofLater' | 'pub'>;

/** What the records say of the steps of a plan, under the versions that they have now. */
export class StoredSteps {
  readonly plan: ExecutionPlan;
  readonly versions: StepVersions;
  readonly #bindings: PlannedView;
  readonly #entries: (BindingEntry | null | undefined)[];
  #byOp: ReadonlyMap<string, Binding> | undefined;

  constructor(plan: ExecutionPlan, versions: StepVersions, bindings: PlannedView) {
    this.plan = plan;
    this.versions = versions;
    this.#bindings = bindings;
    this.#entries = Array.from<BindingEntry | null | undefined>({ length: plan.size });
  }

  /** The binding of a step's version (and generation), if there is one. */
  entry(step: number): BindingEntry | undefined {
    const known = this.#entries[step];
    if (known !== undefined) return known ?? undefined;
    const entry = this.#find(step);
    this.#entries[step] = entry ?? null;
    return entry;
  }

  /** For each step 1 only where it is certain that just one binding of its version counts. Cheaper than {@link entry}; 0 says nothing. */
  boundOnce(): Uint8Array {
    const once = this.#bindings.boundOnce(this.versions.column);
    for (const step of this.versions.pinned()) once[step] = 0;
    return once;
  }

  /** Says that the version or the binding of a step is another one now. */
  forget(step: number): void {
    this.#entries[step] = undefined;
  }

  #find(index: number): BindingEntry | undefined {
    const version = this.versions.version(index);
    if (version === undefined) return undefined;
    const entry = this.#bindings.get(version, this.versions.pub(index));
    if (!this.plan.useOf(index).op.effect || entry === undefined) return entry;
    // An effect holds only while it is the last one that its step published.
    return this.#bindings.latestAt(siteDigest(this.plan.job, this.step(index)))?.document()?.stepVersion === version
      ? entry
      : undefined;
  }

  step(index: number): ExecutionStep {
    return this.plan.step(index);
  }

  /** The version under which an output is kept; `undefined` while that is not known. */
  addressVersion(index: number, output: string): string | undefined {
    const version = this.versions.version(index);
    if (version === undefined) return undefined;
    const step = this.step(index);
    const entry = this.#bindings.hasAliases ? this.entry(index) : undefined;
    if (entry?.isAlias === true) return aliasedVersion(step, output, entry.document());
    if (committedByOutput(step)) return this.versions.outputVersion(index, output);
    const pub = this.entry(index)?.pub;
    return pub === undefined ? undefined : outputVersion(version, output, pub);
  }

  /** True where the only output of each step of a use lies under the version of that output. */
  liesUnderOwnVersion(use: StepUse): boolean {
    return !this.#bindings.hasAliases && committedByOutput(use);
  }

  /** The same to a place of a column, which costs a fraction. False where it is not known. */
  addressInto(index: number, output: string, place: DigestPlace): boolean {
    if (this.liesUnderOwnVersion(this.plan.useOf(index))) return this.versions.outputVersionInto(index, output, place);
    const version = this.addressVersion(index, output);
    place.column.set(place.at, isDigest(version) ? version : undefined);
    return place.column.has(place.at);
  }

  /** What the records say of the content of an output; `absent` when it was left out, `undefined` when they say nothing. */
  digest(index: number, output: string): string | undefined {
    const bound = this.entry(index)?.document()?.outputs[output];
    return bound === undefined || bound === 'absent' ? bound : bound.digest;
  }

  /** The earlier step that a step is bound to without having run, if it is. */
  ranAs(index: number): UpstreamRecord | undefined {
    const binding = this.#bindings.hasAliases ? this.entry(index)?.document() : undefined;
    if (binding?.of === undefined) return undefined;
    const step = this.step(index);
    const ran = { step: step.id, op: step.op.name, output: '', version: binding.of };
    return binding.ofLater === true ? { ...ran, pub: binding.pub } : ran;
  }

  /** The key of a step by content, as far as the records know contents; `isSkipped` tells steps all whose outputs are absent. */
  contentKey(index: number, isSkipped: (step: number) => boolean): string | undefined {
    return this.versions.contentKey(index, {
      digestOf: (step, output) => (isSkipped(step) ? 'absent' : this.digest(step, output)),
      mayLack: true,
      ranAs: (step) => this.ranAs(step),
    });
  }

  /** The executions that read what a content key stands for and that count, newest first. */
  executionsOn(contentKey: string): readonly BindingEntry[] {
    return this.#bindings.withContent(contentKey).filter((entry) => {
      const ranAs = entry.isAlias ? entry.document()?.of : entry.stepVersion;
      if (ranAs === undefined) return false;
      const pin = this.versions.pin(ranAs);
      return pin === undefined ? !entry.isLater : pin === entry.pub;
    });
  }

  /** True when a step was ever bound that ran the code that a step would run. */
  knowsCode(index: number): boolean {
    const op = this.versions.code(index);
    return op !== undefined && this.#bindings.knowsCode(op);
  }

  /** True when the binding of a step says that its op left an output out. */
  isAbsent(index: number, output: string): boolean {
    if (committedByOutput(this.plan.useOf(index))) return false;
    const entry = this.entry(index);
    return entry?.hasAbsentOutputs === true && entry.document()?.outputs[output] === 'absent';
  }

  /** The result of an earlier release that a step is re-used from, if it is. */
  upgradeOf(index: number): Upgrade | undefined {
    const { upgrades } = this.#bindings;
    const version = upgrades === undefined ? undefined : this.versions.version(index);
    return version === undefined ? undefined : upgrades?.get(version);
  }

  /** The binding of any step version, of a generation where one is given. */
  entryOf(stepVersion: string, pub: string | undefined): BindingEntry | undefined {
    return this.#bindings.get(stepVersion, pub);
  }

  /** The binding of any step version. */
  bindingOf(stepVersion: string): Binding | undefined {
    return this.#bindings.get(stepVersion)?.document();
  }

  /** How long a step took when it ran last, milliseconds. */
  lastDuration(index: number): number | undefined {
    return (this.entry(index) ?? this.#bindings.latestAt(siteDigest(this.plan.job, this.step(index))))?.duration;
  }

  /** The nearest earlier binding of a step: of the same step and op, else of the same op. */
  nearest(index: number): Binding | undefined {
    const step = this.step(index);
    return this.#bindings.latestAt(siteDigest(this.plan.job, step))?.document() ?? this.#nearestOfOp(index);
  }

  #nearestOfOp(index: number): Binding | undefined {
    const record = this.versions.record(index);
    if (record === undefined) return undefined;
    this.#byOp ??= newestByOp(this.#bindings);
    return this.#byOp.get(wiringOf(record));
  }
}

function newestByOp(bindings: BindingView): ReadonlyMap<string, Binding> {
  const newest = new Map<string, Binding>();
  for (const binding of bindings.bindings()) {
    if (!isReadableRecord(binding.record)) continue;
    const key = wiringOf(binding.record);
    if ((newest.get(key)?.when ?? Number.NEGATIVE_INFINITY) <= binding.when) newest.set(key, binding);
  }
  return newest;
}

/** Which op, and which outputs of which ops its inputs come from: steps that share it are worth comparing. */
function wiringOf({ op, inputs }: StepVersionRecord): string {
  const names = Object.keys(inputs).sort();
  const sources = names.map((name) => {
    const input = inputs[name] as InputRecord;
    const from = input.from === 'output' ? part(input.output.op) + part(input.output.output) : '';
    return part(name) + part(input.from) + from;
  });
  return part(op.namespace) + part(op.name) + sources.join('');
}
