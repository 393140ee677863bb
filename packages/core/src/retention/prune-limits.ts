import { milliseconds } from '../definitions/duration.ts';
import type { PruneOptions } from './prune-plan.ts';

/** Options with their defaults, in milliseconds. */
export interface PruneLimits {
  readonly now: number;
  readonly olderThan: number;
  readonly maxBytes: number;
  readonly keepRuns: number;
  readonly pinned: readonly string[];
  readonly keep: readonly string[];
  readonly grace: number;
  readonly slowerThan: number;
  readonly keepsNonDeterministic: boolean;
}

/** @throws TypeError for wrong options. */
export function limitsOf(options: PruneOptions, now: number): PruneLimits {
  const { olderThan = '30d', maxBytes = Number.POSITIVE_INFINITY, keepRuns = 3, grace = '1d' } = options;
  const { pinned = [], keep = [] } = options;
  const { slowerThan, nonDeterministic = true } = options.protect ?? {};
  if (!(maxBytes >= 0) || !(keepRuns >= 0)) throw new TypeError('`maxBytes` and `keepRuns` are numbers from 0 on.');
  return {
    now,
    olderThan: milliseconds(olderThan, '`olderThan` of a prune'),
    maxBytes,
    keepRuns,
    pinned,
    keep,
    grace: milliseconds(grace, '`grace` of a prune'),
    slowerThan:
      slowerThan === undefined ? Number.POSITIVE_INFINITY : milliseconds(slowerThan, '`slowerThan` of a prune'),
    keepsNonDeterministic: nonDeterministic,
  };
}
