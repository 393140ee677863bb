import { MemoError } from '../errors/memo-error.ts';
import type { MemoizableIOManager } from '../io/io-manager.ts';
import { managerOf } from '../plan/managers.ts';
import { type ContextScope, StepOutputContext } from '../plan/output-contexts.ts';
import type { PlannedJob } from '../plan/plan-job.ts';
import type { ReadAddress } from './step-task.ts';

/** How often a step is computed again because its stored value cannot be read. */
export const MOST_RECOMPUTATIONS = 3;

/** Publishing never replaces, so a damaged object must go before its step can publish again. */
export async function deleteDamaged(
  { step, output, io, version }: ReadAddress,
  { planned, scope }: { readonly planned: PlannedJob; readonly scope: ContextScope },
): Promise<void> {
  const { steps, indexOf } = planned.traced;
  const producer = steps[indexOf.get(step) as number];
  const manager = managerOf(planned.managers, io) as MemoizableIOManager;
  if (producer !== undefined) await manager.deleteOutput?.(new StepOutputContext(scope, producer, { output, version }));
}

/** The error for a value that cannot be read however often it is computed. */
export function keptVanishing({ step, output }: ReadAddress, cause: MemoError): MemoError {
  return new MemoError(
    'M6009',
    `Output ${step}.${output} could not be read ${MOST_RECOMPUTATIONS + 1} times, though its step ran again each time.`,
    {
      because: cause.problem,
      fix: 'Look at the store: something deletes or damages what is written.',
      details: { step, output },
      cause,
    },
  );
}
