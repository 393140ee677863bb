import { MemoError } from '../errors/memo-error.ts';
import type { IOManager, MemoizableIOManager } from '../io/io-manager.ts';
import { type ContextScope, StepOutputContext } from '../plan/output-contexts.ts';
import type { PlannedJob } from '../plan/plan-job.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';
import type { ReadAddress } from './step-task.ts';

/** How often a step is computed again because its stored value cannot be read. */
export const MOST_RECOMPUTATIONS = 3;

/** What deleting works with. */
export interface Deletion {
  readonly planned: PlannedJob;
  readonly scope: ContextScope;
  readonly managerFor: (io: string, version: string | undefined) => IOManager;
}

/** Publishing never replaces, so a damaged object must go before its step can publish again. */
export async function deleteDamaged(
  { step, io, ...address }: ReadAddress,
  { planned, scope, managerFor }: Deletion,
): Promise<void> {
  const { steps, indexOf } = planned.traced;
  const producer = steps[indexOf.get(step) as number] as ExecutionStep;
  const manager = managerFor(io, address.version) as MemoizableIOManager;
  await manager.deleteOutput?.(new StepOutputContext(scope, producer, address));
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
