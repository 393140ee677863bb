import type { Reason } from '../plan/reason.ts';
import type { StepVersions } from '../versions/step-versions.ts';
import type { RunLedger } from './run-ledger.ts';
import type { StepStates } from './step-states.ts';

/** What following a new generation works with. */
export interface GenerationScope {
  readonly ledger: RunLedger;
  readonly states: StepStates;
  /** Told why a step below is decided again. */
  readonly because: (step: number, reasons: readonly Reason[]) => void;
}

/**
 * Follows a step that was computed again and may have given something else: every step of the same version has the new content too,
 * and everything below gets new versions and is decided again, what was settled already included. Before another step starts.
 */
export function followGeneration(index: number, { ledger, states, because }: GenerationScope): void {
  const { versions, stored, plan } = ledger;
  if (versions === undefined || stored === undefined) return followPlainly(index, ledger, states);
  const bound = new Set([index, ...twinsOf(index, ledger)]);
  for (const twin of bound) {
    if (twin === index) continue;
    stored.forget(twin);
    ledger.dropComputed(twin);
    states.reset(twin);
  }
  const id = plan.steps[index]?.id as string;
  for (const below of changedBelow(bound, { ledger, states, because })) {
    stored.forget(below);
    because(below, [{ code: 'upstream-rebound', step: id }]);
    ledger.dropComputed(below);
    if (ledger.isRunScoped(below)) versions.forgetContent(below);
    versions.outdate(below);
    states.reset(below);
  }
}

/**
 * The steps below some that have other versions now, in topological order. What was sent back before and has not moved since is left out,
 * with everything below it: so that following many generations looks at each step a few times, not once for each.
 */
function changedBelow(bound: ReadonlySet<number>, { ledger, states }: GenerationScope): readonly number[] {
  const { downstream } = ledger.plan;
  const versions = ledger.versions as StepVersions;
  const waitsAnyway = (step: number): boolean => versions.isOutdated(step) && !states.hasMoved(step);
  const changed = new Set<number>();
  for (const step of bound)
    for (const reader of downstream.of(step)) {
      if (bound.has(reader) || changed.has(reader) || waitsAnyway(reader)) continue;
      if (versions.isOutdated(reader) || isOther(reader, ledger, versions)) changed.add(reader);
    }
  // A version holds those of everything above: below one that changed, all do.
  for (const step of changed)
    for (const reader of downstream.of(step)) if (!bound.has(reader) && !waitsAnyway(reader)) changed.add(reader);
  return [...changed].sort((a, b) => a - b);
}

function isOther(step: number, { stored }: RunLedger, versions: StepVersions): boolean {
  const before = versions.version(step);
  stored?.forget(step);
  versions.resolve(step);
  const after = versions.version(step);
  // One without a version is below a volatile step that is decided again, and so has to be decided again itself.
  return after === undefined || after !== before;
}

/** Without versions nobody can tell what changed: everything below is computed again. */
function followPlainly(index: number, ledger: RunLedger, states: StepStates): void {
  for (const below of states.below([index])) {
    ledger.dropComputed(below);
    states.reset(below);
  }
}

function twinsOf(index: number, { versions }: RunLedger): readonly number[] {
  const version = versions?.pub(index) === undefined ? undefined : versions.version(index);
  return version === undefined ? [] : [...(versions?.stepsWith(version) ?? [])].filter((other) => other !== index);
}
