import { isBranded } from '../definitions/brand.ts';
import type { JobDefinition } from '../definitions/job-definition.ts';
import type { JobOutputs } from '../definitions/job-spec.ts';
import type { VersionStrategy } from '../definitions/version-strategy.ts';
import type { MemoEvent, Reporter } from '../events/memo-event.ts';
import { runLog } from '../events/run-log.ts';
import type { PlanOptions, RunOptions } from '../execution/run-options.ts';
import type { RunResult } from '../execution/run-result.ts';
import { JOB, type Job, makeJob, type Options } from '../execution/runnable-job.ts';
import type { IOManager } from '../io/io-manager.ts';
import type { Plan } from '../plan/plan.ts';
import { MemoryIOManager } from '../stored/memory-io-manager.ts';
import { functionIdentity } from './function-identity.ts';
import { TestClock } from './test-clock.ts';

/** What {@link testJob} may be given. */
export interface TestJobOptions {
  /** Beats the job's own strategy. Default: the job's; for a job without one, {@link functionIdentity}. */
  readonly versions?: VersionStrategy;
  /** Default: one of its own. */
  readonly clock?: TestClock;
}

/** A result with what happened. */
export interface TestRun<O> extends RunResult<O> {
  /** Everything that the run reported. */
  readonly events: readonly MemoEvent[];
  /** What happened to the steps, in order: `load reuse`, `fit retry`, `fit run`, `report skip`, `push failed`. */
  readonly log: readonly string[];
  unwrap(): TestRun<O>;
}

/** A job over a store of its own, to be run several times. */
export interface TestedJob<C, R> {
  /** Runs the job over the store. */
  run(...options: Options<C, RunOptions<C>>): Promise<TestRun<JobOutputs<R>>>;
  /** Runs it again, with the config, the resources and the IO managers of the last run where none are given. */
  rerun(options?: RunOptions<C>): Promise<TestRun<JobOutputs<R>>>;
  /** What a run would do; config, resources and IO managers as for {@link rerun}. */
  plan(options?: PlanOptions<C>): Promise<Plan>;
  /** Keeps all outputs, whichever IO managers the job names. */
  readonly store: MemoryIOManager;
  /** Waits between attempts are over at once; move it to let attempts time out and results expire. */
  readonly clock: TestClock;
  /** The events of all runs. */
  readonly events: readonly MemoEvent[];
}

/**
 * A job for tests: memoized over one store in memory, whatever the job itself names, on a clock of its own. Provided values need
 * no version (the same object counts as the same), and nothing is written anywhere.
 */
export function testJob<C, R>(job: Job<C, R>, options: TestJobOptions = {}): TestedJob<C, R> {
  if (!isBranded(job, 'job')) throw new TypeError('testJob(job) takes a job made by job(…).');
  return new JobUnderTest(job, options);
}

/** What later runs take over from the last one. */
type Kept<C> = Pick<RunOptions<C>, 'config' | 'resources' | 'io'>;

class JobUnderTest<C, R> implements TestedJob<C, R> {
  readonly store: MemoryIOManager = new MemoryIOManager();
  readonly clock: TestClock;
  readonly events: MemoEvent[] = [];
  readonly #job: Job<C, R>;
  #kept: Kept<C> = {};

  constructor(job: Job<C, R>, options: TestJobOptions) {
    this.clock = options.clock ?? new TestClock();
    const definition = definitionOver(this.store, job[JOB].definition, options.versions);
    this.#job = makeJob({ definition, defaultManager: this.store, clock: this.clock });
  }

  run(...[options]: Options<C, RunOptions<C>>): Promise<TestRun<JobOutputs<R>>> {
    return this.#run(options ?? {});
  }

  rerun(options: RunOptions<C> = {}): Promise<TestRun<JobOutputs<R>>> {
    return this.#run({ ...this.#kept, ...options });
  }

  plan(options: PlanOptions<C> = {}): Promise<Plan> {
    return this.#job.plan(...([{ ...this.#kept, ...options }] as unknown as Options<C, PlanOptions<C>>));
  }

  async #run(options: RunOptions<C>): Promise<TestRun<JobOutputs<R>>> {
    const { config, resources, io } = options;
    this.#kept = Object.fromEntries(
      Object.entries({ config, resources, io }).filter(([, value]) => value !== undefined),
    );
    const events: MemoEvent[] = [];
    const collect = (event: MemoEvent): void => {
      events.push(event);
      this.events.push(event);
    };
    const reporter = [collect, ...reportersOf(options.reporter)];
    const given = [{ journal: false, ...options, reporter }] as unknown as Options<C, RunOptions<C>>;
    const result = await this.#job.run(...given);
    return Object.assign(result, { events, log: runLog(events) }) as unknown as TestRun<JobOutputs<R>>;
  }
}

function reportersOf(reporter: Reporter | readonly Reporter[] = []): readonly Reporter[] {
  return typeof reporter === 'function' ? [reporter] : reporter;
}

function definitionOver(store: IOManager, definition: JobDefinition, versions?: VersionStrategy): JobDefinition {
  const keys = definition.io === undefined || 'handleOutput' in definition.io ? [] : Object.keys(definition.io);
  return Object.freeze({
    ...definition,
    io: Object.fromEntries(['default', ...keys].map((key) => [key, store])),
    versions: versions ?? definition.versions ?? functionIdentity(),
    versionProvidedValues: true,
  });
}
