import type { MemoError } from '../errors/memo-error.ts';
import type { RunStatus } from '../events/memo-event.ts';
import type { Plan } from '../plan/plan.ts';

/** A step that failed. */
export interface FailedStep {
  readonly step: string;
  readonly error: MemoError;
}

/** What a run gave. Failed steps are in it, not thrown; {@link unwrap} throws them. */
export interface RunResult<O> {
  /** The run's id; sorts by time. */
  readonly id: string;
  readonly ok: boolean;
  readonly status: RunStatus;
  /** Steps whose op ran, in the order in which they finished. */
  readonly executed: readonly string[];
  /** Steps that were re-used, in topological order. */
  readonly reused: readonly string[];
  /** Steps that were not needed, not selected, lacked an absent input, or stood below a failure. */
  readonly skipped: readonly string[];
  readonly failed: readonly FailedStep[];
  /** What went wrong beside the steps: teardowns (M3009), bindings that could not be written (M5009). */
  readonly errors: readonly MemoError[];
  /** The plan as it was before the run. */
  readonly plan: Plan;
  readonly durationMs: number;
  /** Recorded time of the re-used steps, milliseconds. */
  readonly savedMs: number;
  /** Path of the journal, where one was written. */
  readonly journal: string | undefined;
  /**
   * The value of an output of the job, whether it was computed or re-used: a new copy each time.
   *
   * @throws MemoError M5005 when it is optional and absent, M6011 when its step did not run, M5003/M5004 when the store lost it.
   */
  load<K extends keyof O>(output: K): Promise<O[K]>;
  /** All outputs of the job; absent optional ones are left out. @throws MemoError as {@link load}. */
  loadAll(): Promise<O>;
  /** This result, if the run succeeded. @throws MemoError M6006 holding the failures, M6004 when the run was cancelled. */
  unwrap(): RunResult<O>;
}
