import { MemoError } from '../errors/memo-error.ts';
import type { IOManager, MemoizableIOManager } from '../io/io-manager.ts';
import { type ContextScope, StepOutputContext } from '../plan/output-contexts.ts';
import type { PlannedJob } from '../plan/plan-job.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';
import type { NotCopied, OutputCopies } from './output-copies.ts';
import { State, type StepStates } from './step-states.ts';
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
  { index, io, ...address }: ReadAddress,
  { planned, scope, managerFor }: Deletion,
): Promise<void> {
  const producer = planned.traced.steps[index] as ExecutionStep;
  const manager = managerFor(io, address.version) as MemoizableIOManager;
  await manager.deleteOutput?.(new StepOutputContext(scope, producer, address));
}

/** What restoring works with. */
export interface Restoration extends Deletion {
  readonly states: StepStates;
  readonly copies: OutputCopies;
}

/**
 * Copies a value that cannot be read from another manager of the job that has it, so that its step need not run. True when the step counts as
 * settled again, or was sent back; else whoever misses the value goes on waiting.
 */
export async function restoreFromOthers(lost: NotCopied, restoring: Restoration): Promise<boolean> {
  const { states, copies } = restoring;
  const { address, error } = lost;
  const { index } = address;
  const epoch = states.epoch(index);
  const outcome = states.outcome(index);
  states.set(index, State.deciding);
  if (error.code === 'M5003') await deleteDamaged(address, restoring);
  const isCopied = await copies.restore(lost);
  if (epoch !== states.epoch(index)) return true;
  if (isCopied && outcome !== undefined) states.settle(index, outcome);
  return isCopied;
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
