import { BRAND, type Brand, brandOf } from './definitions/brand.ts';
import { type Clock, systemClock } from './definitions/clock.ts';
import { captureSite } from './definitions/definition-site.ts';
import type { JobDefinition } from './definitions/job-definition.ts';
import type { IOManagers, JobOutputs, JobSpec } from './definitions/job-spec.ts';
import { checkMode, resolvePolicy } from './definitions/policy.ts';
import type { InputOf, NoConfig, StandardSchema } from './definitions/standard-schema.ts';
import type { VersionStrategy } from './definitions/version-strategy.ts';
import { planOnly, type RunRequest, runJob } from './execution/run-job.ts';
import type { OnFailure, PlanOptions, RunOptions } from './execution/run-options.ts';
import type { RunResult } from './execution/run-result.ts';
import type { IOManager } from './io/io-manager.ts';
import type { Plan } from './plan/plan.ts';
import type { PlanRequest } from './plan/plan-job.ts';
import { MemoryIOManager } from './stored/memory-io-manager.ts';

/** A job of any config and outputs. */
export interface AnyJob {
  readonly kind: 'job';
  readonly name: string;
  readonly [BRAND]: Brand;
  readonly [JOB]: JobInternals;
}

/** Steps wired into a graph. Made by {@link job}. */
export interface Job<C, R> extends AnyJob {
  /**
   * What a run would do, and why. Runs no op, writes nothing.
   *
   * @throws MemoError for a wrong definition, config, selection or store (M2…, M3…, M4…, M5…, M7…).
   */
  plan(...options: Options<C, PlanOptions<C>>): Promise<Plan>;
  /**
   * Plans and runs: re-uses what is there, computes the rest. Failed steps are in the result; what is wrong with the job itself is
   * thrown, as by {@link plan}.
   */
  run(...options: Options<C, RunOptions<C>>): Promise<RunResult<JobOutputs<R>>>;
}

/** Options may be left out only where the job's config has no required part. */
export type Options<C, O> = {} extends C ? [options?: O] : [options: O & { readonly config: C }];

/** What the package's own doors need of a job. */
export interface JobInternals {
  readonly definition: JobDefinition;
  readonly defaultManager: IOManager;
  readonly clock: Clock;
}

export const JOB: unique symbol = Symbol.for('@memo/core/job') as never;

const DEFAULT_CONCURRENCY = 8;
const FAILURE_MODES: readonly string[] = ['stop', 'continue', 'abort'] satisfies OnFailure[];

/**
 * Defines a job. `build` is called when the job is planned or run, not here.
 *
 * @throws TypeError for a wrong name, policy, pool or build function.
 */
export function job<R, S extends StandardSchema = NoConfig>(name: string, spec: JobSpec<R, S>): Job<InputOf<S>, R> {
  if (typeof name !== 'string' || name === '') throw new TypeError('job(name, …) takes a name that is not empty.');
  if (typeof spec?.build !== 'function') throw new TypeError(`job(${JSON.stringify(name)}, …) needs a build function.`);
  resolvePolicy(`the defaults of job "${name}"`, spec.defaults);
  checkPools(`job "${name}"`, spec.pools ?? {});
  const definition: JobDefinition = Object.freeze({
    name,
    config: spec.config as StandardSchema | undefined,
    secret: spec.secret ?? [],
    versions: spec.versions,
    io: spec.io,
    resources: spec.resources ?? [],
    defaults: spec.defaults,
    tags: spec.tags ?? {},
    unversioned: spec.unversioned ?? 'error',
    versionProvidedValues: false,
    pools: spec.pools ?? {},
    build: spec.build as JobDefinition['build'],
    site: captureSite(job),
  });
  return makeJob({ definition, defaultManager: new MemoryIOManager(), clock: systemClock });
}

/** A job over what it is made of. */
export function makeJob<C, R>(internals: JobInternals): Job<C, R> {
  const { definition } = internals;
  const made: Job<C, R> = {
    kind: 'job',
    name: definition.name,
    [BRAND]: brandOf('job'),
    [JOB]: internals,
    plan: async (...[options]) => (await planOnly(definition, planRequest(options), internals)).plan,
    run: async (...[options]) =>
      (await runJob(definition, runRequest(options), internals)) as unknown as RunResult<JobOutputs<R>>,
  };
  return Object.freeze(made);
}

/** Values that jobs get where they name none of their own. */
export interface JobDefaults {
  readonly versions?: VersionStrategy;
  readonly io?: IOManagers;
}

/** The same job with defaults for what it leaves open. */
export function withDefaults<J extends AnyJob>(target: J, defaults: JobDefaults): J {
  const { definition, ...rest } = target[JOB];
  const versions = definition.versions ?? defaults.versions;
  const filled = Object.freeze({ ...definition, versions, io: definition.io ?? defaults.io });
  return makeJob({ ...rest, definition: filled }) as AnyJob as J;
}

function planRequest<C>(options: PlanOptions<C> = {}): PlanRequest {
  const { config, resources = [], io, only, force, memo = 'on', tags = {} } = options;
  return { config, resources, io, only, force, memo: checkMode('a run', memo), tags };
}

function runRequest<C>(options: RunOptions<C> = {}): RunRequest {
  const { concurrency = DEFAULT_CONCURRENCY, pools = {}, onFailure = 'stop', reporter = [], journal, signal } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new TypeError(`concurrency must be a whole number of at least 1; got ${String(concurrency)}.`);
  }
  if (!FAILURE_MODES.includes(onFailure)) {
    throw new TypeError(`onFailure must be 'stop', 'continue' or 'abort'; got ${JSON.stringify(onFailure)}.`);
  }
  checkPools('a run', pools);
  const reporters = typeof reporter === 'function' ? [reporter] : reporter;
  return { ...planRequest(options), concurrency, pools, onFailure, reporters, journal, signal };
}

function checkPools(owner: string, pools: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(pools)) {
    if (Number.isInteger(size) && size >= 1) continue;
    throw new TypeError(`Pool "${name}" of ${owner} must be a whole number of at least 1; got ${String(size)}.`);
  }
}
