import type { Reason } from '../plan/reason.ts';
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
  const twins = twinsOf(index, ledger);
  for (const twin of twins) {
    stored.forget(twin);
    ledger.dropComputed(twin);
    states.reset(twin);
  }
  const id = plan.steps[index]?.id as string;
  for (const below of states.below([index, ...twins])) {
    const before = versions.version(below);
    stored.forget(below);
    const after = versions.resolve(below);
    // One without a version is below a volatile step that is decided again, and so has to be decided again itself.
    if (after !== undefined && after === before) continue;
    because(below, [{ code: 'upstream-rebound', step: id }]);
    ledger.dropComputed(below);
    if (ledger.isRunScoped(below)) versions.forgetContent(below);
    states.reset(below);
  }
}

/** Without versions nobody can tell what changed: everything below is computed again. */
function followPlainly(index: number, ledger: RunLedger, states: StepStates): void {
  for (const below of states.below([index])) {
    ledger.dropComputed(below);
    states.reset(below);
  }
}

function twinsOf(index: number, { versions, plan }: RunLedger): readonly number[] {
  if (versions?.pub(index) === undefined) return [];
  const version = versions.version(index);
  return plan.steps.map((step) => step.index).filter((other) => other !== index && versions.version(other) === version);
}
