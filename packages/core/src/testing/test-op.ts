import { isBranded } from '../definitions/brand.ts';
import { captureSite } from '../definitions/definition-site.ts';
import type { JobDefinition } from '../definitions/job-definition.ts';
import type { Op } from '../definitions/op.ts';
import { OP, type OpDefinition } from '../definitions/op-definition.ts';
import type { Ref, StepRef } from '../definitions/reference.ts';
import type { ResourceBinding } from '../definitions/resource-binding.ts';
import { activeWiring } from '../definitions/wiring.ts';
import type { Reporter } from '../events/memo-event.ts';
import type { RunResult } from '../execution/run-result.ts';
import { makeJob, type Options } from '../execution/runnable-job.ts';
import { MemoryIOManager } from '../stored/memory-io-manager.ts';
import { TestClock } from './test-clock.ts';

/** How an op is run by {@link testOp}. */
export interface TestOpOptions<C> {
  /** The step's config, before defaults. */
  readonly config?: C;
  /** The resources that the op requires; provided values need no version. */
  readonly resources?: readonly ResourceBinding[];
  /** Cancels the op. */
  readonly signal?: AbortSignal;
  /** Default: one of its own, so that waits between attempts are over at once and no attempt times out. */
  readonly clock?: TestClock;
  /** Is told what happens: attempts, logs, progress. */
  readonly reporter?: Reporter | readonly Reporter[];
}

/** The arguments of {@link testOp} after the op: what is not required may be left out. */
export type TestOpArguments<I, C> = {} extends I
  ? {} extends C
    ? [input?: I, options?: TestOpOptions<C>]
    : [input: I, ...Options<C, TestOpOptions<C>>]
  : [input: I, ...Options<C, TestOpOptions<C>>];

/** The value of an op, or the values of its outputs by name; an optional output that was left out has no key. */
export type OpOutputs<R> =
  R extends Ref<infer T>
    ? T
    : R extends StepRef
      ? undefined
      : { [K in keyof R]: R[K] extends Ref<infer T> ? T : never };

/**
 * Runs one op as a step of a job would: config and inputs are validated, resources set up and torn down, failures retried, and
 * every input and output encoded and decoded as by a store, so that the op gets copies of its own, and what could not be stored
 * fails here too. Nothing is memoized or kept.
 *
 * @throws MemoError M2107, M3001 and M3004 for wrong inputs, config or resources; M5001 for what cannot be stored; M6001 (with the
 * op's own error as `cause`), M6002, M6003, M6004 for what the op does.
 */
export async function testOp<I, R, C>(op: Op<I, R, C>, ...args: TestOpArguments<I, C>): Promise<OpOutputs<R>> {
  if (!isBranded(op, 'op')) throw new TypeError('testOp(op, input) takes an op made by op(…).');
  const [input, options = {}] = args as unknown as readonly [unknown, TestOpOptions<C>?];
  const { clock = new TestClock(), config, resources = [], ...rest } = options;
  const build = wiringOf(op as unknown as Op<never, unknown, unknown>, input, config);
  const definition: JobDefinition = { ...JOB_OF_ONE_OP, site: captureSite(testOp), build };
  const job = makeJob<object, unknown>({ definition, defaultManager: new MemoryIOManager(), clock });
  const result = await job.run({ ...rest, resources });
  return (await outputsOf(op[OP], succeeded(result))) as OpOutputs<R>;
}

const JOB_OF_ONE_OP: Omit<JobDefinition, 'site' | 'build'> = {
  name: 'testOp',
  config: undefined,
  secret: [],
  versions: undefined,
  io: undefined,
  resources: [],
  defaults: undefined,
  tags: {},
  unversioned: 'error',
  versionProvidedValues: true,
  pools: {},
};

/** Wires the op to a step that gives its inputs: literals would be frozen, and may hold less than what is stored. */
function wiringOf(op: Op<never, unknown, unknown>, input: unknown, config: unknown): () => unknown {
  const call = op as unknown as (input: unknown, options: { readonly config?: unknown }) => unknown;
  const options = config === undefined ? {} : { config };
  const names = typeof input === 'object' && input !== null && !Array.isArray(input) ? Object.keys(input) : [];
  if (names.length === 0) return () => call(input, options);
  const source = sourceOf(input as object, names);
  return () => {
    const values = activeWiring('input').addStep(source, undefined, undefined) as Readonly<Record<string, unknown>>;
    return call(Object.fromEntries(names.map((name) => [name, values[name]])), options);
  };
}

function sourceOf(input: object, names: readonly string[]): OpDefinition {
  const outputs = names.map((name) => ({ name, io: 'default', optional: false }));
  return { ...SOURCE, outputs, run: () => input, site: captureSite(sourceOf) };
}

const SOURCE: Omit<OpDefinition, 'outputs' | 'run' | 'site'> = {
  name: 'input',
  namespace: '@memo/core/testing',
  single: false,
  inputs: undefined,
  inputNames: undefined,
  config: undefined,
  secret: [],
  uses: {},
  version: undefined,
  env: [],
  effect: false,
  policy: {},
};

function succeeded(result: RunResult<unknown>): RunResult<Record<string, unknown>> {
  const error = result.failed[0]?.error ?? result.errors[0];
  if (error !== undefined) throw error;
  return result.unwrap() as RunResult<Record<string, unknown>>;
}

async function outputsOf(op: OpDefinition, result: RunResult<Record<string, unknown>>): Promise<unknown> {
  if (op.single) return result.load('result');
  return op.outputs.length === 0 ? undefined : result.loadAll();
}
