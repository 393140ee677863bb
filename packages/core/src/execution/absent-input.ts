import type { Reason } from '../plan/reason.ts';
import { SOURCE } from '../trace/source-columns.ts';
import type { RunLedger } from './run-ledger.ts';
import type { StepStates } from './step-states.ts';

/** The input for which a step is skipped: an optional output that was left out, or an output of a step that was skipped itself. */
export function absentInputOf(index: number, ledger: RunLedger, states: StepStates): Reason | undefined {
  if (!ledger.mayLeaveOut) return undefined;
  const { plan } = ledger;
  const { sources } = plan;
  let at = sources.first(index);
  for (const input of plan.useOf(index).names) {
    const kind = sources.kind(at);
    if (kind === SOURCE.result || kind === SOURCE.output) {
      const [step, output] = [sources.value(at), sources.output(at)];
      if (states.is(step, 'absent') || ledger.isAbsent(step, output))
        return { code: 'absent-input', input, step: ledger.step(step).id, output };
    }
    at = sources.behind(at);
  }
  return undefined;
}
