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

/** The error of a step that goes on although its run was cancelled, and that is not waited for any longer. */
export function stepLeftBehind(step: string, doing: string, graceMs: number): MemoError {
  return new MemoError('M6004', `Step "${step}" was cancelled and left behind: it was still ${doing}.`, {
    because: `It had not ended ${graceMs} ms after its run was cancelled. What it still writes is whole, or counts for nothing.`,
    fix: LEFT_BEHIND_FIX,
    details: { step, doing, cancelGraceMs: graceMs },
  });
}

/** The error of a cancelled run, or plan, that does not wait any longer for something else than a step. */
export function workLeftBehind(doing: string, graceMs: number): MemoError {
  return new MemoError('M6004', `A cancelled run was ended while it was still ${doing}.`, {
    because: `That had not ended ${graceMs} ms after it was cancelled.`,
    fix: LEFT_BEHIND_FIX,
    details: { doing, cancelGraceMs: graceMs },
  });
}

const LEFT_BEHIND_FIX =
  'Make it heed the signal that it is given, or time out; raise `cancelGraceMs` if it only takes longer.';
