import type { Reason } from './reason.ts';
import type { StoredSteps } from './stored-steps.ts';

/** A result that is older than its step allows. */
export type Expired = Extract<Reason, { readonly code: 'expired' }>;

/**
 * Whether a step's result, under the version that it has, is too old. Age counts from when a result was computed; a result whose age
 * nobody knows is expired.
 */
export function expiryOf(step: number, stored: StoredSteps, now: number): Expired | undefined {
  const { maxAgeMs } = stored.plan.useOf(step).policy;
  if (maxAgeMs === undefined) return undefined;
  const entry = stored.entry(step);
  const ageMs = entry === undefined ? undefined : Math.max(0, now - entry.when);
  return ageMs !== undefined && ageMs <= maxAgeMs ? undefined : { code: 'expired', ageMs, maxAgeMs };
}
