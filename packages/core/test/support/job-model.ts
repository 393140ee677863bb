/*
 * A job as data, so that edits can be applied to it. Every number that refers to something counts modulo what there is, so that
 * any model means a job, however it was edited or shrunk.
 */

export interface JobModel {
  readonly ops: readonly OpModel[];
  readonly resources: readonly ResourceModel[];
  readonly steps: readonly StepModel[];
}

export interface OpModel {
  readonly code: number;
  /** Named outputs (`a`, `b`, …), none for `[]`; or one output, `result`. */
  readonly outputs: 'single' | readonly OutputModel[];
  readonly kind: 'plain' | 'volatile' | 'effect';
  /** 0: what it gives depends on what it reads alone. n: it gives something else at every n-th execution. */
  readonly chance: number;
  /** 0: what it gives is new whenever what it reads is. n: it gives one of n contents. */
  readonly coarse: number;
  readonly resources: readonly number[];
  /** Where a single output is kept. */
  readonly io: Keeper;
  /** Whether results expire, after {@link MAX_AGE_MS}. */
  readonly expires: boolean;
  /** Whether the first attempt of each execution fails. */
  readonly flaky: boolean;
  /** Whether it returns a promise. */
  readonly later: boolean;
  /** Whether an attempt may take too long; it does when the clock is faster than the op. */
  readonly hurried: boolean;
}

export type Keeper = 'default' | 'other';

export const MAX_AGE_MS = 1_000;

export interface OutputModel {
  readonly optional: boolean;
  readonly io: Keeper;
}

export interface ResourceModel {
  readonly code: number;
  readonly config: number;
  readonly uses: readonly number[];
}

export interface StepModel {
  readonly op: number;
  readonly id: number | undefined;
  readonly inputs: readonly InputModel[];
  readonly after: readonly AfterModel[];
  readonly config: number;
  readonly salt: number;
  /** Whether its outputs are outputs of the job; those of steps that nothing reads are in any case. */
  readonly returned: boolean;
  /** The step whose op, inputs, config and salt it shares, so that both have one version. */
  readonly twinOf: number | undefined;
}

export type InputModel = ItemModel | { readonly kind: 'list'; readonly items: readonly ItemModel[] };

export type ItemModel =
  | { readonly kind: 'literal'; readonly value: number }
  | { readonly kind: 'output'; readonly at: number };

export interface AfterModel {
  readonly step: number;
  readonly by: 'reference' | 'id';
}

/** A step with everything that it refers to. */
export interface WiredStep {
  readonly index: number;
  readonly id: string;
  readonly op: WiredOp;
  readonly inputs: readonly { readonly name: string; readonly source: Source }[];
  readonly after: readonly { readonly step: number; readonly by: AfterModel['by'] }[];
  readonly config: number;
  readonly salt: string | undefined;
  readonly returned: boolean;
}

export interface WiredOp extends Omit<OpModel, 'outputs' | 'resources'> {
  readonly name: string;
  readonly single: boolean;
  readonly outputs: readonly { readonly name: string; readonly optional: boolean; readonly io: Keeper }[];
  /** Names of the resources that it requires. */
  readonly uses: readonly string[];
}

export interface WiredResource {
  readonly name: string;
  readonly code: number;
  readonly config: number;
  readonly uses: readonly string[];
}

export type Source = Item | { readonly kind: 'list'; readonly items: readonly Item[] };

export type Item =
  | { readonly kind: 'literal'; readonly value: number }
  | { readonly kind: 'output'; readonly step: number; readonly output: string };

export interface WiredJob {
  readonly ops: readonly WiredOp[];
  readonly resources: readonly WiredResource[];
  readonly steps: readonly WiredStep[];
}

/** The job that a model means. */
export function wire(model: JobModel): WiredJob {
  const resources = model.resources.map(wireResource);
  const ops = model.ops.map((op, index) => wireOp(op, index, resources));
  const steps: WiredStep[] = [];
  const outputs: Item[] = [];
  for (const [index, step] of model.steps.entries()) {
    const wired = wireStep(step, { index, ops, steps, outputs });
    steps.push(wired);
    for (const { name } of wired.op.outputs) outputs.push({ kind: 'output', step: index, output: name });
  }
  const read = new Set(steps.flatMap(upstreamOf));
  return {
    ops,
    resources,
    steps: steps.map((step) => ({ ...step, returned: step.returned || !read.has(step.index) })),
  };
}

/** The steps above some, those included. */
export function coneOf({ steps }: WiredJob, roots: Iterable<number>): ReadonlySet<number> {
  const cone = new Set(roots);
  for (let index = steps.length - 1; index >= 0; index--) {
    if (cone.has(index)) for (const other of upstreamOf(steps[index] as WiredStep)) cone.add(other);
  }
  return cone;
}

/** The steps that a step reads, and those that it comes after. */
export function upstreamOf(step: WiredStep): readonly number[] {
  return [...readBy(step), ...step.after.map((edge) => edge.step)];
}

/** The steps that a step reads. */
export function readBy({ inputs }: WiredStep): readonly number[] {
  const read = inputs.flatMap(({ source }) => (source.kind === 'list' ? source.items : [source]));
  return read.flatMap((item) => (item.kind === 'output' ? [item.step] : []));
}

function wireResource({ code, config, uses }: ResourceModel, index: number): WiredResource {
  const used = index === 0 ? [] : uses.map((other) => resourceName(other % index));
  return { name: resourceName(index), code, config, uses: [...new Set(used)] };
}

function resourceName(index: number): string {
  return `resource${index}`;
}

const LETTERS = 'abcdefgh';

function wireOp(op: OpModel, index: number, resources: readonly WiredResource[]): WiredOp {
  const { outputs, resources: used, ...rest } = op;
  const named =
    outputs === 'single'
      ? [{ name: 'result', optional: false, io: op.io }]
      : outputs.map((output, at) => ({ name: LETTERS.charAt(at), ...output }));
  const uses = resources.length === 0 ? [] : used.map((other) => resourceName(other % resources.length));
  return { ...rest, name: `op${index}`, single: outputs === 'single', outputs: named, uses: [...new Set(uses)] };
}

interface Before {
  readonly index: number;
  readonly ops: readonly WiredOp[];
  readonly steps: readonly WiredStep[];
  /** All outputs of earlier steps. */
  readonly outputs: readonly Item[];
}

function wireStep(step: StepModel, { index, ops, steps, outputs }: Before): WiredStep {
  const { config, returned, twinOf } = step;
  const own = { index, id: step.id === undefined ? `s${index}` : `s${index}_${step.id}`, returned };
  const twin = twinOf === undefined ? undefined : steps[twinOf % Math.max(index, 1)];
  if (twin !== undefined) return { ...twin, ...own };
  const item = (given: ItemModel): Item => {
    const found = given.kind === 'output' ? outputs[given.at % Math.max(outputs.length, 1)] : given;
    return found?.kind === 'output' || found?.kind === 'literal' ? found : { kind: 'literal', value: -1 };
  };
  const source = (given: InputModel): Source =>
    given.kind === 'list' ? { kind: 'list', items: given.items.map(item) } : item(given);
  const after = index === 0 ? [] : step.after.map(({ step: other, by }) => ({ step: other % index, by }));
  return {
    ...own,
    op: ops[step.op % ops.length] as WiredOp,
    inputs: step.inputs.map((input, at) => ({ name: LETTERS.charAt(at), source: source(input) })),
    after: after.filter((edge, at) => after.findIndex((other) => other.step === edge.step) === at),
    config,
    salt: step.salt === 0 ? undefined : `salt${step.salt}`,
  };
}
