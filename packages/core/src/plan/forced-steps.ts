import type { MemoMode } from '../definitions/policy.ts';
import type { ExecutionPlan, StepUse } from '../trace/execution-plan.ts';
import type { JobCode } from '../versions/job-code.ts';
import type { Forced } from './job-plan.ts';
import type { Reason } from './reason.ts';
import { type ReboundQuestion, reboundBecause } from './rebound-steps.ts';
import { selectSteps } from './selection.ts';
import type { Steps } from './step-set.ts';
import type { StoredSteps } from './stored-steps.ts';

/** Why a step always runs, if it does. */
export function volatileBecause(
  step: Pick<StepUse, 'op' | 'policy'>,
  code: JobCode,
): 'memo-off' | 'unversioned' | 'untrackable' | undefined {
  if (step.policy.memo === 'off') return 'memo-off';
  const resolved = code.resolved.get(step.op);
  if (resolved?.version === undefined) return 'unversioned';
  return resolved.volatile ? 'untrackable' : undefined;
}

/** What tells which steps are forced. */
export interface ForcedQuestion extends ReboundQuestion {
  readonly request: RefreshRequest;
  readonly code: JobCode;
  readonly cone: Steps;
  readonly now: number;
}

/** The part of a request that asks for steps to run again. */
export interface RefreshRequest {
  readonly only: string | readonly string[] | undefined;
  readonly force: boolean | string | readonly string[] | undefined;
  readonly memo: MemoMode;
}

/** True for a result whose age nobody knows: it has expired if it is there, and was never computed if it is not. */
export function isAgeless(forced: Forced | undefined): boolean {
  return forced?.code === 'expired' && forced.ageMs === undefined;
}

/** The steps that run whatever the store says, and why. */
export function forcedSteps(question: ForcedQuestion): Map<number, Forced> {
  const { traced, request, code, stored, cone, boundOnce, overwrites } = question;
  const refreshed = refreshedBy(traced, request, cone);
  const forced = new Map<number, Forced>();
  const isPlain = traced.uses.map((use) => !overwrites && isSettledByRecords(use, code));
  const someRefreshed = !(refreshed instanceof Set && refreshed.size === 0);
  for (let index = 0; index < traced.size; index++) {
    // By far the most common, and decided by what all steps of a use have in common.
    if (boundOnce[index] === 1 && !someRefreshed && isPlain[traced.useNumber(index)] === true) continue;
    if (!cone.has(index)) continue;
    const use = traced.useOf(index);
    const because = volatileBecause(use, code);
    if (because !== undefined) forced.set(index, { code: 'volatile', because });
    else if (refreshed.has(index)) forced.set(index, { code: 'refreshed', by: 'run' });
    else if (use.policy.memo === 'refresh') forced.set(index, { code: 'refreshed', by: 'op' });
    else if (stored.versions.isKnown(index)) {
      const reason = reboundBecause(index, question) ?? expiryOf(index, stored, question.now);
      if (reason !== undefined) forced.set(index, reason);
    }
  }
  forceTwins(forced, cone, (step) => stored.versions.version(step));
  return forced;
}

/** True for a use of which a step is forced only where its records are contested, or somebody asks for it. */
function isSettledByRecords({ op, policy }: StepUse, code: JobCode): boolean {
  const isKept = policy.memo !== 'refresh' && policy.maxAgeMs === undefined && !op.effect;
  return isKept && volatileBecause({ op, policy }, code) === undefined;
}

/** Steps of one version share what is computed again. */
function forceTwins(
  forced: Map<number, Forced>,
  cone: Iterable<number>,
  versionOf: (step: number) => string | undefined,
): void {
  const shared = new Map<string, Forced>();
  for (const [index, reason] of forced) {
    const version = reason.code === 'volatile' ? undefined : versionOf(index);
    if (version !== undefined) shared.set(version, reason);
  }
  if (shared.size === 0) return;
  for (const index of cone) {
    const reason = shared.get(versionOf(index) ?? '');
    if (reason !== undefined && !forced.has(index)) forced.set(index, reason);
  }
}

/** The steps that a request asks to run again. @throws MemoError M7001 for a selection that matches nothing. */
export function refreshedBy(plan: ExecutionPlan, request: RefreshRequest, cone: Steps): Steps {
  const { force, memo, only } = request;
  if (typeof force === 'string' || Array.isArray(force)) return selectSteps(plan, force as string | readonly string[]);
  if (force !== true && memo !== 'refresh') return new Set();
  return only === undefined ? cone : selectSteps(plan, only);
}

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
