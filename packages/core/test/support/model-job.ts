import { type Op, op } from '../../src/definitions/op.ts';
import type { Ref } from '../../src/definitions/reference.ts';
import { type Resource, resource } from '../../src/definitions/resource.ts';
import { configure } from '../../src/definitions/resource-binding.ts';
import type { StandardSchema } from '../../src/definitions/standard-schema.ts';
import type { VersionStrategy } from '../../src/definitions/version-strategy.ts';
import type { MemoizableIOManager } from '../../src/io/io-manager.ts';
import { JOB, type Job, job, makeJob } from '../../src/job.ts';
import { type Item, MAX_AGE_MS, type Source, type WiredJob, type WiredOp, type WiredStep } from './job-model.ts';
import { type Execution, executionId, outputsOf, questionOf, resourceValue, type Value } from './op-result.ts';
import type { World } from './world.ts';

/** The outputs of a job that was made of a model, by the name of step and output. */
export type ModelJob = Job<unknown, unknown>;

/** The managers of a job, by key. */
export interface Managers {
  readonly default: MemoizableIOManager;
  readonly other: MemoizableIOManager;
}

/** A memoized job that does what a model says, in a world. */
export function makeModelJob(wired: WiredJob, world: World, io: Managers): ModelJob {
  const resources = makeResources(wired, world);
  const ops = new Map(wired.ops.map((model) => [model.name, makeOp(model, world, resources)]));
  const made = job('model', {
    versions: strategyOf(wired),
    io: { ...io },
    resources: wired.resources.map(({ name, config }) => configure(resources.get(name) as AnyMadeResource, config)),
    build: () => build(wired, ops),
  });
  return makeJob({ ...made[JOB], clock: world.clock });
}

/** The name under which an output of a step is an output of the job. */
export function resultName(step: WiredStep, output: string): string {
  return `${step.index}.${output}`;
}

type AnyMadeResource = Resource<string, unknown>;
type AnyOp = Op<object, unknown, unknown>;

const anything: StandardSchema = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };

function strategyOf(wired: WiredJob): VersionStrategy {
  const codes = new Map([...wired.ops, ...wired.resources].map(({ name, code }) => [name, `code${code}`]));
  return {
    id: 'model@1',
    getOpVersion: ({ name }) => codes.get(name),
    getResourceVersion: ({ name }) => codes.get(name),
  };
}

function makeResources(wired: WiredJob, world: World): ReadonlyMap<string, AnyMadeResource> {
  const made = new Map<string, AnyMadeResource>();
  for (const { name, code, uses } of wired.resources) {
    const used = Object.fromEntries(uses.map((other) => [other, made.get(other) as AnyMadeResource]));
    const spec = {
      config: anything,
      uses: used,
      setup: async ({ config, use }: { readonly config: unknown; readonly use: object }) => {
        await world.turn(`setup ${name}`);
        world.resourceLog.push(`+${name}`);
        return resourceValue(name, { code, config: config as number, use });
      },
      teardown: async () => {
        await world.turn(`teardown ${name}`);
        world.resourceLog.push(`-${name}`);
      },
    };
    made.set(name, resource(name, spec) as AnyMadeResource);
  }
  return made;
}

/** The part of an op's context that ops of models read. */
interface RunContext {
  readonly config: unknown;
  readonly use: Readonly<Record<string, string>>;
  readonly run: { readonly id: string; readonly step: string; readonly attempt: number };
  readonly version: string | undefined;
}

function makeOp(model: WiredOp, world: World, resources: ReadonlyMap<string, AnyMadeResource>): AnyOp {
  const run = (input: Readonly<Record<string, unknown>>, context: RunContext): unknown => {
    if (!model.later) return execute(model, world, { input, context });
    return world.turn(`${context.run.step}`).then(() => execute(model, world, { input, context }));
  };
  const outputs = Object.fromEntries(model.outputs.map(({ name, optional, io }) => [name, { optional, io }]));
  return op(model.name, {
    ...(model.single ? { io: model.io } : { outputs }),
    config: anything,
    uses: Object.fromEntries(model.uses.map((name) => [name, resources.get(name) as AnyMadeResource])),
    effect: model.kind === 'effect',
    ...(model.kind === 'volatile' ? { memo: 'off' as const } : {}),
    ...(model.expires ? { maxAge: MAX_AGE_MS } : {}),
    retry: model.flaky ? 1 : 0,
    ...(model.hurried ? { timeout: 10 } : {}),
    run,
  } as never) as unknown as AnyOp;
}

interface Given {
  readonly input: Readonly<Record<string, unknown>>;
  readonly context: RunContext;
}

function execute(model: WiredOp, world: World, { input, context }: Given): unknown {
  const { run, version, config, use } = context;
  if (model.flaky && run.attempt === 1) throw new Error('fails at first');
  const call = { step: run.step, op: model.name, run: run.id, version };
  world.onCall(call);
  if (world.broken.has(model.name)) throw new Error('is broken');
  world.add(call);
  const execution: Execution = {
    op: model,
    config: config as number,
    inputs: dataOf(input),
    resources: use,
    outside: model.kind === 'volatile' ? `${run.step} ${world.state}` : undefined,
    chance: model.chance === 0 ? undefined : world.draw(model.name, model.chance),
  };
  const id = executionId(execution);
  if (model.kind === 'effect') world.published.set(run.step, id);
  const outputs = outputsOf(model, id);
  world.history.add(questionOf(execution), outputs);
  const values = [...outputs].map(([name, data]): [string, Value] => [name, { data }]);
  return model.single ? values[0]?.[1] : Object.fromEntries(values);
}

function dataOf(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const data = (value: unknown): unknown => (typeof value === 'object' ? (value as Value).data : value);
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, Array.isArray(value) ? value.map(data) : data(value)]),
  );
}

function build(wired: WiredJob, ops: ReadonlyMap<string, AnyOp>): Record<string, unknown> {
  const made: unknown[] = [];
  const results: Record<string, unknown> = {};
  const item = (source: Item): unknown =>
    source.kind === 'literal' ? source.value : outputOf(made[source.step], source.output);
  const wire = (source: Source): unknown => (source.kind === 'list' ? source.items.map(item) : item(source));
  for (const step of wired.steps) {
    const input = Object.fromEntries(step.inputs.map(({ name, source }) => [name, wire(source)]));
    const after = step.after.map((edge) => (edge.by === 'id' ? wired.steps[edge.step]?.id : made[edge.step]));
    const options = {
      id: step.id,
      config: step.config,
      after,
      ...(step.salt === undefined ? {} : { salt: step.salt }),
    };
    made.push((ops.get(step.op.name) as AnyOp)(input as never, options as never));
    if (!step.returned) continue;
    for (const { name } of step.op.outputs) results[resultName(step, name)] = outputOf(made.at(-1), name);
  }
  return results;
}

function outputOf(made: unknown, output: string): unknown {
  return output === 'result' ? made : (made as Readonly<Record<string, Ref<unknown>>>)[output];
}
