import type { Reason } from '../plan/reason.ts';
import type { RunLedger } from './run-ledger.ts';
import type { StepStates } from './step-states.ts';

/** The input for which a step is skipped: an optional output that was left out, or an output of a step that was skipped itself. */
export function absentInputOf(index: number, ledger: RunLedger, states: StepStates): Reason | undefined {
  const { names, sources } = ledger.step(index);
  for (const [at, source] of sources.entries()) {
    if (source.kind !== 'output') continue;
    if (states.is(source.step, 'absent') || ledger.isAbsent(source.step, source.output)) {
      return {
        code: 'absent-input',
        input: names[at] as string,
        step: ledger.step(source.step).id,
        output: source.output,
      };
    }
  }
  return undefined;
}
