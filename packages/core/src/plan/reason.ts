import type { CodeChange, Json } from '../definitions/version-strategy.ts';

/** What a plan does with a step. `pending`: decided while running, when what it depends on is known. */
export type Action = 'run' | 'reuse' | 'skip' | 'pending';

/** One thing that differs between the version that a step had and the one that it has. */
export type Change =
  /** The op's code. `changes` say what in it, where the strategy can tell; `by` who gave the versions. */
  | {
      readonly kind: 'code';
      readonly by: string;
      readonly before: string;
      readonly after: string;
      readonly changes: readonly CodeChange[];
    }
  /** A value in the op's config; `path` is empty for the whole. Values are left out where they are large or secret. */
  | { readonly kind: 'config'; readonly path: string; readonly before?: Json; readonly after?: Json }
  /** A value that `build` passes to an input. */
  | {
      readonly kind: 'literal';
      readonly input: string;
      readonly path: string;
      readonly before?: Json;
      readonly after?: Json;
    }
  /** A required resource: what changed in it. */
  | { readonly kind: 'resource'; readonly resource: string; readonly changes: readonly Change[] }
  /** An input comes from the same output, which has another version. */
  | {
      readonly kind: 'upstream';
      readonly input: string;
      readonly step: string;
      readonly output: string;
      readonly before: string;
      readonly after: string;
    }
  /** An input comes from elsewhere than before, or is new or gone; lists: items came, went or moved. */
  | { readonly kind: 'wiring'; readonly input: string; readonly before?: string; readonly after?: string }
  /** A declared environment variable; values are never shown. */
  | { readonly kind: 'environment'; readonly variable: string }
  /** Something outside that the step reads. */
  | { readonly kind: 'external'; readonly external: string }
  | { readonly kind: 'salt'; readonly before?: string; readonly after?: string }
  /** An `after` edge came, went, or its step has another version. */
  | { readonly kind: 'after'; readonly step: string };

/** Why a step runs, waits or is skipped. A step that is re-used has none, but for `upgraded` and `elsewhere`. */
export type Reason =
  /** Nothing like it was ever recorded. */
  | { readonly code: 'first-run' }
  /** Its version differs from the recorded one. */
  | { readonly code: 'changed'; readonly changes: readonly Change[] }
  /** Its version was computed before, but a value is gone from the store. */
  | { readonly code: 'missing'; readonly outputs: readonly string[] }
  /** A stored value cannot be read. */
  | { readonly code: 'damaged'; readonly outputs: readonly string[] }
  /** It was computed longer ago than `maxAge` allows. Milliseconds. */
  | { readonly code: 'expired'; readonly ageMs: number | undefined; readonly maxAgeMs: number }
  /** Somebody asked for it to run again: the run, a selection, or the op's own setting. */
  | { readonly code: 'refreshed'; readonly by: 'run' | 'op' }
  /** It always runs: memoization is off for the op, or its code has no version that can be trusted. */
  | { readonly code: 'volatile'; readonly because: 'memo-off' | 'unversioned' | 'untrackable' }
  /**
   * An upstream was computed again and gave something else than what this result was made from. Names the step itself where two writers have
   * bound its version to different results.
   */
  | { readonly code: 'upstream-rebound'; readonly step: string }
  /** Memoization is off for the run or job. */
  | { readonly code: 'memo-off' }
  /**
   * Memo, a schema or a strategy's algorithm changed. Of a step that is re-used: its result of then is adopted. Of one that runs: there was
   * none that could be.
   */
  | { readonly code: 'upgraded'; readonly from: string; readonly to: string }
  /** Of a step that is re-used: these outputs lie in IO manager `from` of the job, and a run copies them to `to`, which is to keep them. */
  | { readonly code: 'elsewhere'; readonly outputs: readonly string[]; readonly from: string; readonly to: string }
  /** Its fate depends on what that step gives, or on whether that step needs it. */
  | { readonly code: 'needed-if'; readonly step: string }
  /** Skipped: everything that would read it is re-used. */
  | { readonly code: 'not-needed' }
  /** Skipped: outside the selection. */
  | { readonly code: 'not-selected' }
  /** Skipped: an input is an optional output that its op left out. */
  | { readonly code: 'absent-input'; readonly input: string; readonly step: string; readonly output: string };

/** A change at the root: in the step where it happened, and how it reaches the step that was asked about. */
export interface RootCause {
  readonly step: string;
  readonly reason: Reason;
  /** One change of a `changed` reason. */
  readonly change?: Change;
  /** Step ids from the root to the step that was asked about, both included. */
  readonly path: readonly string[];
}

/** Why a step has the action that it has, compared with the nearest earlier binding. */
export interface Explanation {
  readonly step: string;
  readonly op: string;
  readonly action: Action;
  readonly version: string | undefined;
  /** What it is compared with: the newest binding of the same step and op, else of the same op. */
  readonly against:
    | { readonly run: string; readonly when: number; readonly step: string; readonly version: string }
    | undefined;
  readonly reasons: readonly Reason[];
  /** Shared causes merged, nearest to the sources first. */
  readonly rootCauses: readonly RootCause[];
  /** Lines for people, root causes first. */
  toString(): string;
}
