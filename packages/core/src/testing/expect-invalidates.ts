import type { ResourceBinding } from '../definitions/resource-binding.ts';
import type { RunOptions } from '../execution/run-options.ts';
import type { Job, Options } from '../execution/runnable-job.ts';
import { expectRanOnly, expectReused } from './expect-run.ts';
import { type TestedJob, type TestJobOptions, testJob } from './test-job.ts';

/** A change of a job's surroundings, and what it must lead to. */
export interface Invalidation<C> extends TestJobOptions {
  /** The config before the change. */
  readonly config?: C;
  /** The resources before the change; provided values need no version. */
  readonly resources?: readonly ResourceBinding[];
  /** What changes: keys of the config, bindings of resources, or both. */
  readonly change: { readonly config?: Partial<C>; readonly resources?: readonly ResourceBinding[] };
  /** Exactly the steps that must run after the change: ids, in which `*` stands for any text. Default: not checked. */
  readonly runs?: readonly string[];
  /** Steps that must be re-used after the change. Default: not checked. */
  readonly reuses?: readonly string[];
}

/**
 * Runs a job, changes its config or resources, runs it again over the same store, and checks which steps ran and which were
 * re-used.
 *
 * @throws AssertionError saying what ran or did not, and why; MemoError M6006 when a run fails.
 */
export async function expectInvalidates<C, R>(
  job: Job<C, R>,
  invalidation: Invalidation<NoInfer<C>> & NonNullable<Options<NoInfer<C>, object>[0]>,
): Promise<void> {
  const { config, resources = [], change, runs, reuses = [], ...options }: Invalidation<C> = invalidation;
  if (runs === undefined && reuses.length === 0) {
    throw new TypeError(
      'expectInvalidates(job, …) needs `runs` or `reuses`: the steps that the change must (not) concern.',
    );
  }
  const tested = testJob(job, options);
  await runWhole(tested, { ...(config === undefined ? {} : { config }), resources });
  const second = await runWhole(tested, {
    ...(change.config === undefined ? {} : { config: { ...config, ...change.config } as C }),
    resources: [...resources, ...(change.resources ?? [])],
  });
  if (runs !== undefined) expectRanOnly(second, ...runs);
  if (reuses.length > 0) expectReused(second, ...reuses);
}

async function runWhole<C, R>(tested: TestedJob<C, R>, options: RunOptions<C>): ReturnType<TestedJob<C, R>['rerun']> {
  const result = await tested.rerun(options);
  result.unwrap();
  return result;
}
