import { MemoError, messageOf } from '../errors/memo-error.ts';

/** The error of a step that would run where nothing may. */
export function wouldRun(step: string, op: string): MemoError {
  return new MemoError('M6008', `Step "${step}" would run, but its memo mode is 'require'.`, {
    fix: 'Run the job where results may be computed, share the store, then run here again.',
    details: { step, op },
  });
}

/** The error of a step whose values are stored, but whose version could not be bound to them. */
export function notCommitted(step: string, cause: unknown): MemoError {
  if (MemoError.is(cause)) return cause;
  return new MemoError('M5009', `The result of step "${step}" could not be committed: ${messageOf(cause)}`, {
    fix: 'Make the records of the store writable, then run again.',
    details: { step },
    cause,
  });
}

/** What ended a whole run, though no step failed by itself: a store that cannot tell what it has, for example. */
export function runEnded(job: string, cause: unknown): MemoError {
  if (MemoError.is(cause)) return cause;
  return new MemoError('M6006', `The run of job "${job}" ended: ${messageOf(cause)}`, {
    fix: 'Look at the cause; what was published until then is kept.',
    details: { job },
    cause,
  });
}
