import { BRAND, type Brand, brandOf } from '../definitions/brand.ts';
import type { Clock } from '../definitions/clock.ts';
import type { JobDefinition } from '../definitions/job-definition.ts';
import type { JobOutputs } from '../definitions/job-spec.ts';
import { checkMode } from '../definitions/policy.ts';
import type { IOManager } from '../io/io-manager.ts';
import type { Plan } from '../plan/plan.ts';
import type { VersionSchemas } from '../versions/step-version-record.ts';
import { type CancellablePlanRequest, planOnly } from './plan-cancellably.ts';
import type { RunRequest } from './run-job.ts';
import type { OnFailure, PlanOptions, RunOptions } from './run-options.ts';
import type { RunResult } from './run-result.ts';

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
  /** How steps get their versions. Default: as in this release. */
  readonly schemas?: VersionSchemas;
}

export const JOB: unique symbol = Symbol.for('@memo/core/job') as never;

const DEFAULT_CONCURRENCY = 8;
const DEFAULT_CANCEL_GRACE_MS = 5_000;
const DEFAULT_ANSWER_TIMEOUT_MS = 300_000;
const FAILURE_MODES: readonly string[] = ['stop', 'continue', 'abort'] satisfies OnFailure[];

/** A job over what it is made of. */
export function makeJob<C, R>(internals: JobInternals): Job<C, R> {
  const { definition } = internals;
  const made: Job<C, R> = {
    kind: 'job',
    name: definition.name,
    [BRAND]: brandOf('job'),
    [JOB]: internals,
    plan: async (...[options]) => (await planOnly(definition, planRequest(options), internals)).plan,
    run: async (...[options]) => {
      const request = runRequest(options);
      // Who only plans, as most programs do most of the time, is not made to wait for what runs steps.
      const { runJob } = await import('./run-job.ts');
      return (await runJob(definition, request, internals)) as unknown as RunResult<JobOutputs<R>>;
    },
  };
  return Object.freeze(made);
}

function planRequest<C>(options: PlanOptions<C> = {}): CancellablePlanRequest {
  const { config, resources = [], io, only, force, memo = 'on', tags = {}, signal } = options;
  const { cancelGraceMs = DEFAULT_CANCEL_GRACE_MS, answerTimeoutMs = DEFAULT_ANSWER_TIMEOUT_MS } = options;
  if (!Number.isFinite(cancelGraceMs) || cancelGraceMs < 0) {
    throw new TypeError(`cancelGraceMs must be a number of milliseconds, at least 0; got ${String(cancelGraceMs)}.`);
  }
  if (typeof answerTimeoutMs !== 'number' || !(answerTimeoutMs > 0)) {
    throw new TypeError(
      `answerTimeoutMs must be a number of milliseconds, more than 0; got ${String(answerTimeoutMs)}.`,
    );
  }
  const waits = { signal, cancelGraceMs, answerTimeoutMs };
  return { config, resources, io, only, force, memo: checkMode('a run', memo), tags, ...waits };
}

function runRequest<C>(options: RunOptions<C> = {}): RunRequest {
  const { concurrency = DEFAULT_CONCURRENCY, pools = {}, onFailure = 'stop', reporter = [], journal } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new TypeError(`concurrency must be a whole number of at least 1; got ${String(concurrency)}.`);
  }
  if (!FAILURE_MODES.includes(onFailure)) {
    throw new TypeError(`onFailure must be 'stop', 'continue' or 'abort'; got ${JSON.stringify(onFailure)}.`);
  }
  checkPools('a run', pools);
  const reporters = typeof reporter === 'function' ? [reporter] : reporter;
  return { ...planRequest(options), concurrency, pools, onFailure, reporters, journal };
}

/** @throws TypeError for a pool whose size is not a whole number of at least 1. */
export function checkPools(owner: string, pools: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(pools)) {
    if (Number.isInteger(size) && size >= 1) continue;
    throw new TypeError(`Pool "${name}" of ${owner} must be a whole number of at least 1; got ${String(size)}.`);
  }
}
