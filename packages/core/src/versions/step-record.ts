import { namespaceOf } from '../definitions/namespace.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import { sha256 } from '../hash/digest.ts';
import { writeField } from '../hash/record-fields.ts';
import { EMPTY_CONFIG } from '../trace/config-value.ts';
import type { ExecutionPlan, ExecutionStep, StepUse } from '../trace/execution-plan.ts';
import type { InputSource } from '../trace/input-source.ts';
import { SOURCE, type SourceColumns } from '../trace/source-columns.ts';
import { part, recordHead } from './record-key.ts';
import { secretDigest } from './secret-digest.ts';
import type { InputRecord, StepVersionRecord, UpstreamRecord, ValueRecord } from './step-version-record.ts';
import { valueRecord } from './value-record.ts';
import type { KnownContents, OpIngredients, VersionInputs } from './version-inputs.ts';

/** What records need of the versions of a plan. */
export interface RecordedVersions {
  code(index: number): StepVersionRecord['op'] | undefined;
  /** How a record names an output of a step; `''` stands for the step as a whole. */
  upstream(step: number, output: string): UpstreamRecord | undefined;
}

/** The record behind the version of a step; `undefined` where something of it is not known. */
export function recordOf(
  step: ExecutionStep,
  given: VersionInputs,
  versions: RecordedVersions,
): StepVersionRecord | undefined {
  const ingredients = given.ops.get(step.op);
  const inputs: Record<string, InputRecord> = {};
  for (const [at, source] of step.sources.entries()) {
    const record = inputRecord(source, versions);
    if (record === undefined) return undefined;
    writeField(inputs, step.names[at] as string, record);
  }
  const tail = tailOf(step.index, { plan: given.plan, versions, ranAs: undefined });
  if (ingredients === undefined || tail === undefined) return undefined;
  const op = versions.code(step.index) as StepVersionRecord['op'];
  const config = valueRecord(step.config, `op "${step.op.name}"`);
  const schema = given.schema as StepVersionRecord['schema'];
  return { schema, op, config, resources: ingredients.resources, inputs, ...tail };
}

function inputRecord(source: InputSource, versions: RecordedVersions): InputRecord | undefined {
  if (source.kind === 'literal') return { from: 'literal', literal: valueRecord(source.literal, 'a literal') };
  if (source.kind === 'output') {
    const output = versions.upstream(source.step, source.output);
    return output === undefined ? undefined : { from: 'output', output };
  }
  const items: (UpstreamRecord | ValueRecord)[] = [];
  for (const item of source.items) {
    const record =
      item.kind === 'literal' ? valueRecord(item.literal, 'a literal') : versions.upstream(item.step, item.output);
    if (record === undefined) return undefined;
    items.push(record);
  }
  return { from: 'list', items };
}

/** What the end of a record is made from. */
export interface TailSource {
  readonly plan: ExecutionPlan;
  readonly versions: RecordedVersions;
  readonly ranAs: KnownContents['ranAs'] | undefined;
}

type Tail = Pick<StepVersionRecord, 'after' | 'env' | 'salt' | 'effect'>;

/** The end of most records. */
export const NO_TAIL: Tail = Object.freeze({});

/** The fields of a record that few steps have; `undefined` where something of them is not known. */
export function tailOf(index: number, { plan, versions, ranAs }: TailSource): Tail | undefined {
  const use = plan.useOf(index);
  const { env, effect } = use.op;
  if (hasNoTail(use)) return NO_TAIL;
  const after = use.after.map((before) => ranAs?.(before) ?? versions.upstream(before, ''));
  if (after.includes(undefined)) return undefined;
  return {
    ...(after.length === 0 ? {} : { after: after.filter((record) => record !== undefined) }),
    ...(env.length === 0
      ? {}
      : { env: Object.fromEntries(env.map((entry) => [entry.name, environmentDigest(entry)])) }),
    ...(use.policy.salt === undefined ? {} : { salt: use.policy.salt }),
    ...(effect ? { effect: { job: plan.job, step: plan.step(index).id } } : {}),
  };
}

/** True for steps whose records end with what they read, as most do. */
export function hasNoTail({ op, after, policy }: StepUse): boolean {
  return after.length === 0 && op.env.length === 0 && policy.salt === undefined && !op.effect;
}

/** The digest of the value that a declared environment variable has now; `null` when it is unset. */
function environmentDigest(entry: { readonly name: string; readonly secret: boolean }): string | null {
  const value = process.env[entry.name];
  if (value === undefined) return null;
  return entry.secret
    ? secretDigest(value, `environment variable ${entry.name}`)
    : sha256(`memo.env/1;${part(entry.name)}${part(value)}`);
}

/** What all steps of an op share of the texts behind their versions. */
export interface OpHead {
  /** The code as records name it. */
  readonly code: StepVersionRecord['op'];
  /** The beginning of the text of steps that have no config, in UTF-8. */
  readonly plain: Uint8Array;
}

/** The beginnings of the texts behind versions, op by op. */
export class OpHeads {
  readonly #inputs: VersionInputs;
  readonly #heads = new Map<OpDefinition, OpHead>();
  #last: OpDefinition | undefined;
  #lastHead: OpHead | undefined;
  #names: InputNames | undefined;

  constructor(inputs: VersionInputs) {
    this.#inputs = inputs;
  }

  /** `undefined` for an op that has no version. */
  of(op: OpDefinition): OpHead | undefined {
    if (op === this.#last) return this.#lastHead;
    this.#last = op;
    this.#lastHead = this.#heads.get(op) ?? this.#make(op);
    return this.#lastHead;
  }

  #make(op: OpDefinition): OpHead | undefined {
    const ingredients = this.#inputs.ops.get(op);
    if (ingredients === undefined) return undefined;
    const { resources, code: version, by } = ingredients;
    const code = { namespace: namespaceOf(op), name: op.name, code: version, by };
    const plain = Buffer.from(recordHead({ op: code, config: NO_CONFIG, resources }, this.#inputs.schema));
    const head = { plain, code };
    this.#heads.set(op, head);
    return head;
  }

  /** The beginning of the text of a step of an op that has a version. */
  textOf(step: StepUse, head: OpHead): Uint8Array {
    if (step.config === EMPTY_CONFIG) return head.plain;
    const { resources } = this.#inputs.ops.get(step.op) as OpIngredients;
    const config = valueRecord(step.config, `op "${step.op.name}"`);
    return Buffer.from(recordHead({ op: head.code, config, resources }, this.#inputs.schema));
  }

  /** The names of inputs as they enter. Most steps of an op have the same. */
  names(names: readonly string[]): InputNames {
    if (this.#names?.names === names) return this.#names;
    const texts = names.map((name) => Buffer.from(part(name)));
    this.#names = { names, count: Buffer.from(`I${names.length};`), texts };
    return this.#names;
  }
}

/** The names of the inputs of a step in UTF-8, as they enter its version. */
export interface InputNames {
  readonly names: readonly string[];
  /** How many there are. */
  readonly count: Uint8Array;
  readonly texts: readonly Uint8Array[];
}

const NO_CONFIG = valueRecord(EMPTY_CONFIG, 'a step');

/** How many items an op gets of the list at a position: those that were not left out. */
export function countPresent(sources: SourceColumns, list: number, { digestOf, mayLack }: KnownContents): number {
  if (!mayLack) return sources.value(list);
  let present = 0;
  const end = sources.behind(list);
  for (let at = sources.next(list); at < end; at = sources.next(at)) {
    const isLeftOut =
      sources.kind(at) !== SOURCE.literal && digestOf(sources.value(at), sources.output(at)) === 'absent';
    if (!isLeftOut) present++;
  }
  return present;
}
