import type { Duration } from '../definitions/duration.ts';
import type { OutputIdentifier } from '../io/output-identifier.ts';

/** What may be pruned. Every default keeps more than it must. */
export interface PruneOptions {
  /** Ends the planning at once. */
  readonly signal?: AbortSignal;
  /** Values that nobody used for this long are deleted. Last uses are noted to the hour. Default `'30d'`. */
  readonly olderThan?: Duration;
  /**
   * Most bytes to keep. Beyond, values go that were used within `olderThan`, those first that are quickest to compute again for their
   * size. What is kept for another reason may exceed it. Default: no limit.
   */
  readonly maxBytes?: number;
  /** Everything that the newest runs of each job used is kept; runs of one job within an hour that used the same count as one. Default 3. */
  readonly keepRuns?: number;
  /** Ids of runs of which everything is kept that they used. */
  readonly pinned?: readonly string[];
  /** Step versions that are kept with their values, such as those that jobs have now. */
  readonly keep?: readonly string[];
  /**
   * What was computed, stored or used within this time is kept, so that runs that are going on find what they count on. At least the
   * duration of the longest run. Default `'1d'`.
   */
  readonly grace?: Duration;
  /** What is kept whatever its age. */
  readonly protect?: {
    /** Values whose op ran at least this long. Default: none. */
    readonly slowerThan?: Duration;
    /**
     * Values of ops that were seen to give something else when they ran again: losing one makes everything below it run again.
     * Default `true`.
     */
    readonly nonDeterministic?: boolean;
  };
}

/** Why a value is deleted. */
export type PruneReason =
  /** Nobody used it for longer than `olderThan`. */
  | 'unused'
  /** Another generation has replaced it. */
  | 'superseded'
  /** It is beyond `maxBytes`. */
  | 'over-size'
  /** It belongs to one run, which is over. */
  | 'run-over';

/** Why a value is kept. */
export type KeepReason =
  | 'young'
  | 'pinned-run'
  | 'recent-run'
  | 'named'
  | 'effect'
  | 'expensive'
  | 'not-deterministic'
  | 'used'
  | 'unbound';

/** A value that is deleted. */
export interface PrunedValue {
  /** Key of its IO manager. */
  readonly io: string;
  readonly identifier: OutputIdentifier;
  readonly bytes: number;
  readonly reason: PruneReason;
  /** `undefined` for values of one run, which have no binding. */
  readonly step: string | undefined;
  readonly op: string | undefined;
  readonly output: string | undefined;
  /** Milliseconds since the epoch. */
  readonly lastUsed: number;
  /** How long it takes to compute it again, milliseconds, without what it needs. */
  readonly costMs: number | undefined;
}

/** A step version that is forgotten: its values were pruned a grace period ago, and nothing that is kept was made from it. */
export interface ForgottenStep {
  readonly stepVersion: string;
  readonly step: string;
  readonly op: string;
}

/** What a prune would do; nothing is deleted before `applyPrune`. */
export interface PrunePlan {
  /** When it was made, milliseconds since the epoch. */
  readonly at: number;
  readonly values: readonly PrunedValue[];
  readonly forgotten: readonly ForgottenStep[];
  readonly freedBytes: number;
  readonly keptBytes: number;
  readonly kept: Readonly<Partial<Record<KeepReason, { readonly values: number; readonly bytes: number }>>>;
  /** Pinned runs of which nothing is known. */
  readonly unknownRuns: readonly string[];
  /** Lines for people. */
  toString(): string;
}

/** What a prune did. */
export interface PruneResult {
  readonly deleted: number;
  readonly freedBytes: number;
  /** Values that were used, or gone, since the plan was made. */
  readonly skipped: number;
  readonly forgotten: number;
  /** Values that the store would not delete. */
  readonly failed: readonly { readonly identifier: OutputIdentifier; readonly message: string }[];
}
