import { writeField } from '../hash/record-fields.ts';
import type { ExecutionPlan, ExecutionStep, InputSource } from '../trace/execution-plan.ts';
import { environmentDigest } from './environment-digest.ts';
import type { InputRecord, StepVersionRecord, UpstreamRecord, ValueRecord } from './step-version-record.ts';
import { valueRecord } from './value-record.ts';
import type { KnownContents, VersionInputs } from './version-inputs.ts';

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
  if (use.after.length === 0 && env.length === 0 && use.policy.salt === undefined && !effect) return NO_TAIL;
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
