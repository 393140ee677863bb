import { type Duration, milliseconds } from './duration.ts';

/**
 * How often and how a failed attempt is tried again. Only the op's own errors and timeouts are retried; a cancelled run is not.
 */
export interface Retry {
  /** Attempts after the first. */
  readonly max: number;
  /** Wait before the next attempt. Default: 1 s. */
  readonly delay?: Duration;
  /** `exponential` doubles the wait each time, up to `maxDelay`. Default: `fixed`. */
  readonly backoff?: 'fixed' | 'exponential';
  /** Longest wait. Default: 60 s. */
  readonly maxDelay?: Duration;
  /** Multiplies each wait by a random factor between 0.5 and 1. Default: `false`. */
  readonly jitter?: boolean;
  /** Says whether an error is worth another attempt. Default: all are. */
  readonly when?: (error: unknown) => boolean;
}

/**
 * Whether results are re-used. `on`: yes, where the version matches. `off`: the step always runs and is published for its
 * run only; steps below are memoized on the content that it gave. `refresh`: runs again once and re-publishes.
 * `require`: fails instead of running.
 */
export type MemoMode = 'on' | 'off' | 'refresh' | 'require';

/** Settings that an op, a step or a job's `defaults` may have; the step's beat the op's beat the job's. None enters a version but `salt`. */
export interface Policy {
  /** Attempts after the first, or details. Default: 0. */
  readonly retry?: number | Retry;
  /** Time for one attempt. Past it the signal is aborted and the attempt fails with M6003. Default: none. */
  readonly timeout?: Duration;
  /** See {@link MemoMode}. Default: `on`. */
  readonly memo?: MemoMode;
  /** Age after which a stored result counts as expired. Age is since it was computed. Default: none. */
  readonly maxAge?: Duration;
  /** Name of a limit that steps share; its size is set by `pools` of the job or run. Default: none. */
  readonly pool?: string;
  /** Labels for selection (`tag:gpu`, `tag:team=search`) and display. */
  readonly tags?: Readonly<Record<string, string>>;
  /** A text that enters the version, to keep steps apart that would otherwise share results. Default: none. */
  readonly salt?: string;
}

/** A policy with all defaults filled in and durations in milliseconds. */
export interface ResolvedPolicy {
  readonly retry: Required<Omit<Retry, 'delay' | 'maxDelay' | 'when'>> & {
    readonly delayMs: number;
    readonly maxDelayMs: number;
    readonly when: ((error: unknown) => boolean) | undefined;
  };
  readonly timeoutMs: number | undefined;
  readonly memo: MemoMode;
  readonly maxAgeMs: number | undefined;
  readonly pool: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly salt: string | undefined;
}

const MODES: readonly string[] = ['on', 'off', 'refresh', 'require'];

/**
 * Merges policies, later ones winning, tags merged by key.
 *
 * @throws TypeError for a value of the wrong shape, naming `owner`.
 */
export function resolvePolicy(owner: string, ...policies: readonly (Policy | undefined)[]): ResolvedPolicy {
  const merged: { -readonly [K in keyof Policy]: Policy[K] } = {};
  let tags: Record<string, string> = {};
  for (const policy of policies) {
    if (policy === undefined) continue;
    for (const key of POLICY_KEYS) if (policy[key] !== undefined) Object.assign(merged, { [key]: policy[key] });
    tags = { ...tags, ...policy.tags };
  }
  return Object.freeze({
    retry: resolveRetry(owner, merged.retry),
    timeoutMs: merged.timeout === undefined ? undefined : milliseconds(merged.timeout, `timeout of ${owner}`),
    memo: checkMode(owner, merged.memo ?? 'on'),
    maxAgeMs: merged.maxAge === undefined ? undefined : milliseconds(merged.maxAge, `maxAge of ${owner}`),
    pool: merged.pool,
    tags: Object.freeze(tags),
    salt: merged.salt,
  });
}

/** Names of the settings of a {@link Policy}. */
export const POLICY_KEYS: readonly (keyof Policy)[] = ['retry', 'timeout', 'memo', 'maxAge', 'pool', 'tags', 'salt'];

/**
 * The wait before attempt `attempt + 1`, in milliseconds.
 *
 * @param random a number in [0, 1) for the jitter.
 */
export function retryDelay(retry: ResolvedPolicy['retry'], attempt: number, random: number): number {
  const factor = retry.backoff === 'exponential' ? 2 ** (attempt - 1) : 1;
  const wait = Math.min(retry.delayMs * factor, retry.maxDelayMs);
  return retry.jitter ? wait * (0.5 + random / 2) : wait;
}

function resolveRetry(owner: string, retry: number | Retry | undefined): ResolvedPolicy['retry'] {
  const given: Retry = typeof retry === 'number' ? { max: retry } : (retry ?? { max: 0 });
  if (!Number.isInteger(given.max) || given.max < 0) {
    throw new TypeError(
      `retry of ${owner} must be a whole number of attempts after the first; got ${String(given.max)}.`,
    );
  }
  return Object.freeze({
    max: given.max,
    delayMs: milliseconds(given.delay ?? 1_000, `retry delay of ${owner}`),
    maxDelayMs: milliseconds(given.maxDelay ?? 60_000, `longest retry delay of ${owner}`),
    backoff: given.backoff ?? 'fixed',
    jitter: given.jitter ?? false,
    when: given.when,
  });
}

/**
 * A mode of memoization that came from outside.
 *
 * @throws TypeError for anything else, naming `owner`.
 */
export function checkMode(owner: string, mode: string): MemoMode {
  if (MODES.includes(mode)) return mode as MemoMode;
  throw new TypeError(`memo of ${owner} must be 'on', 'off', 'refresh' or 'require'; got ${JSON.stringify(mode)}.`);
}
