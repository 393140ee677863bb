import type { RunLedger } from './run-ledger.ts';
import type { StepStates } from './step-states.ts';

/** The step versions whose results count in a run, computed and re-used ones, each once, in the order of the steps. */
export function usedVersions(ledger: RunLedger, states: StepStates): readonly string[] {
  const used = new Set<string>();
  for (let index = 0; index < ledger.plan.size; index++) {
    const outcome = states.outcome(index);
    if ((outcome !== 'ran' && outcome !== 'reused') || ledger.isRunScoped(index)) continue;
    const version = ledger.versions?.version(index);
    if (version !== undefined) used.add(version);
  }
  return [...used];
}
