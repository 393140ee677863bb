import type { Action, Explanation, Reason } from './reason.ts';

/** One step of a {@link Plan}. */
export interface PlanStep {
  readonly id: string;
  readonly op: string;
  readonly action: Action;
  /** Why; empty for `reuse`. */
  readonly reasons: readonly Reason[];
  /** The step's version; `undefined` where it is known only while running, or the run is not memoized. */
  readonly version: string | undefined;
  /** How long the op took last time, milliseconds, where that is recorded. */
  readonly estimateMs: number | undefined;
  /** For `reuse`: the run that computed it, where that is recorded. */
  readonly producedBy: string | undefined;
}

/** What a run would do, and why. Making one runs no op and writes nothing. */
export interface Plan {
  readonly job: string;
  /** Whether results are re-used at all. */
  readonly memoized: boolean;
  /** Every step, in topological order. */
  readonly steps: readonly PlanStep[];
  /** Numbers of steps by action. */
  readonly run: number;
  readonly reuse: number;
  readonly skip: number;
  readonly pending: number;
  /** Recorded time of the steps that are re-used, milliseconds. */
  readonly savedMs: number;
  /** Recorded time of what would run, milliseconds: at least, and with all that is pending. Steps without history count 0. */
  readonly estimateMs: { readonly least: number; readonly most: number };
  /** What a person should know: untracked resources, uncertain code, a store that keeps nothing. */
  readonly warnings: readonly PlanWarning[];
  /** The step of an id. @throws MemoError M7001 when there is none. */
  step(id: string): PlanStep;
  /** Why a step runs, waits, is skipped or re-used, compared with the nearest earlier binding. @throws MemoError M7001. */
  explain(step: string): Explanation;
  /** A table for people. */
  toString(): string;
}

export interface PlanWarning {
  readonly code: string;
  readonly message: string;
  readonly step?: string;
}
