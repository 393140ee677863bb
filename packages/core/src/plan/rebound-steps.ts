import type { ExecutionPlan } from '../trace/execution-plan.ts';
import type { VersionTwins } from '../versions/version-index.ts';
import { consumedOf, contradictedBy } from './consumed.ts';
import type { Forced } from './job-plan.ts';
import type { MissingOutputs } from './presence.ts';
import { closure } from './selection.ts';
import { StepSet, type Steps } from './step-set.ts';
import type { StoredSteps } from './stored-steps.ts';

/** What tells whether the records of a plan contradict each other. */
export interface ReboundQuestion {
  readonly traced: ExecutionPlan;
  readonly stored: StoredSteps;
  /** True where the last of two writers wins, so that what was read before may have been another content. */
  readonly overwrites: boolean;
  /** See {@link StoredSteps.boundOnce}. */
  readonly boundOnce: Uint8Array;
  readonly twins: VersionTwins;
}

/**
 * Why what is there of a step cannot be used, if the records say so: two executions were bound to its version, or it was made from something else
 * than is there now. Documents are read only where that can be.
 */
export function reboundBecause(index: number, question: ReboundQuestion): Forced | undefined {
  const { traced, stored, overwrites, boundOnce, twins } = question;
  const { op } = traced.useOf(index);
  // By far the most common, and nothing has to be kept of it. An effect counts only while it is the last one.
  if (!overwrites && !op.effect && boundOnce[index] === 1) return undefined;
  const step = traced.step(index);
  const entry = stored.entry(index);
  const isContested = entry === undefined ? consumedOf(twins.of(index), stored).size > 1 : entry.isContested;
  if (isContested) return { code: 'upstream-rebound', step: step.id };
  const binding = overwrites ? entry?.document() : undefined;
  if (binding === undefined) return undefined;
  const upstream = contradictedBy(binding, step, (other, output) => stored.digest(other, output));
  return upstream === undefined ? undefined : { code: 'upstream-rebound', step: traced.step(upstream).id };
}

/**
 * The steps that no run of the cone brings up to date, though what is there of them may come from two executions: those outside of it that
 * contradict each other, and all below them.
 */
export function doubtedSteps(question: ReboundQuestion, cone: Steps): ReadonlySet<number> {
  const { traced, stored } = question;
  const doubted = new Set<number>();
  if (cone instanceof StepSet && cone.isWhole) return doubted;
  for (let index = 0; index < traced.size; index++) {
    const isLookedAt = !cone.has(index) && stored.versions.isKnown(index);
    if (isLookedAt && reboundBecause(index, question) !== undefined) doubted.add(index);
  }
  return closure(doubted, traced.downstream);
}

/** What tells from which steps something was made that is there. */
export interface TraceQuestion extends Pick<ReboundQuestion, 'traced' | 'stored' | 'twins'> {
  readonly missing: MissingOutputs;
  readonly isVolatile: (step: number) => boolean;
}

/** Marks the steps from which something was made that is there, be it by way of others that are not. */
export function tracesIn({ traced, stored, twins, missing, isVolatile }: TraceQuestion): Uint8Array {
  const traces = new Uint8Array(traced.size);
  // A trace of one step is one of all that have its version, those above them included.
  const mark = (step: number): void => {
    if (traces[step] === 1) return;
    for (const twin of twins.of(step)) traces[twin] = 1;
  };
  // Of nothing that is there, nothing was made either.
  if (missing.size === traced.size) return traces;
  for (let step = traced.size - 1; step >= 0; step--) {
    const isThere = stored.versions.isKnown(step) && !missing.has(step) && !isVolatile(step);
    if (isThere || traces[step] === 1) traced.upstream.forEach(step, mark);
  }
  return traces;
}
