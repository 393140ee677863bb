import { namespaceOf } from '../definitions/namespace.ts';
import type { Binding } from '../records/binding.ts';
import { siteOf } from '../records/binding-place.ts';
import type { BindingEntry, BindingView } from '../records/binding-table.ts';
import type { ExecutionPlan, ExecutionStep } from '../trace/execution-plan.ts';
import { outputVersion, part } from '../versions/record-key.ts';
import type { InputRecord, StepVersionRecord } from '../versions/step-version-record.ts';
import type { StepVersions } from '../versions/step-versions.ts';
import { isReadableRecord } from './record-shape.ts';

/**
 * True for a step that is committed by its one required output being there; every other step is committed by its binding, and
 * the addresses of its outputs carry the generation.
 */
export function committedByOutput(step: ExecutionStep): boolean {
  const { outputs } = step.op;
  return outputs.length === 1 && outputs[0]?.optional === false;
}

/** Where a step of a job is found again: a digest of job, step id and op, 32 hexadecimal digits. */
export function siteDigest(job: string, step: ExecutionStep): string {
  return siteOf(job, step.id, { namespace: namespaceOf(step.op), name: step.op.name });
}

/** What the records say of the steps of a plan, under the versions that they have now. */
export class StoredSteps {
  readonly plan: ExecutionPlan;
  readonly versions: StepVersions;
  readonly #bindings: BindingView;
  readonly #entries: (BindingEntry | null | undefined)[];
  #byOp: ReadonlyMap<string, Binding> | undefined;

  constructor(plan: ExecutionPlan, versions: StepVersions, bindings: BindingView) {
    this.plan = plan;
    this.versions = versions;
    this.#bindings = bindings;
    this.#entries = Array.from<BindingEntry | null | undefined>({ length: plan.steps.length });
  }

  /** The binding of a step's version (and generation), if there is one. */
  entry(step: number): BindingEntry | undefined {
    const known = this.#entries[step];
    if (known !== undefined) return known ?? undefined;
    const entry = this.#find(step);
    this.#entries[step] = entry ?? null;
    return entry;
  }

  /** Says that the version or the binding of a step is another one now. */
  forget(step: number): void {
    this.#entries[step] = undefined;
  }

  #find(index: number): BindingEntry | undefined {
    const version = this.versions.version(index);
    if (version === undefined) return undefined;
    const entry = this.#bindings.get(version, this.versions.pub(index));
    const step = this.step(index);
    if (!step.op.effect || entry === undefined) return entry;
    // An effect holds only while it is the last one that its step published.
    return this.#bindings.latestAt(siteDigest(this.plan.job, step))?.document()?.stepVersion === version
      ? entry
      : undefined;
  }

  step(index: number): ExecutionStep {
    return this.plan.steps[index] as ExecutionStep;
  }

  /** The version under which an output is kept; `undefined` while that is not known. */
  addressVersion(index: number, output: string): string | undefined {
    const version = this.versions.version(index);
    if (version === undefined) return undefined;
    const step = this.step(index);
    if (committedByOutput(step)) return this.versions.outputVersion(index, output);
    const pub = this.entry(index)?.pub;
    return pub === undefined ? undefined : outputVersion(version, output, pub);
  }

  /** True when the binding of a step says that its op left an output out. */
  isAbsent(index: number, output: string): boolean {
    if (committedByOutput(this.step(index))) return false;
    const entry = this.entry(index);
    return entry?.hasAbsentOutputs === true && entry.document()?.outputs[output] === 'absent';
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
