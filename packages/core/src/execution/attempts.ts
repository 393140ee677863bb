import type { Clock } from '../definitions/clock.ts';
import { placeOf } from '../definitions/definition-site.ts';
import { type ResolvedPolicy, retryDelay } from '../definitions/policy.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';
import { onAborted } from './cancel-grace.ts';

/** What running the attempts of a step works with. */
export interface AttemptOptions {
  readonly clock: Clock;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  /** True for errors that no further attempt can mend. */
  readonly isFinal: (error: unknown) => boolean;
  readonly onRetry: (step: ExecutionStep, retry: Retry) => void;
  /** Is told every promise of user code that may still be pending when its attempt is over. */
  readonly onLinger: (promise: Promise<unknown>) => void;
}

/** An attempt that failed, and when the next one comes. */
export interface Retry extends FailedAttempt {
  readonly delayMs: number;
}

/** What is called in each attempt. */
export interface AttemptedWork {
  readonly step: ExecutionStep;
  readonly call: (attempt: number, signal: AbortSignal) => unknown;
}

/** What the attempts of a step gave. */
export type Attempted =
  | { readonly ok: true; readonly value: unknown; readonly attempts: number }
  | { readonly ok: false; readonly error: MemoError; readonly attempts: number; readonly cancelled: boolean };

/**
 * Calls a step's function until it succeeds or its retries are used up. An attempt ends at its timeout or when the run is
 * cancelled, even if the function goes on; what that gives later is dropped. A promise where there is something to wait for.
 */
export function runAttempts(
  work: AttemptedWork,
  options: AttemptOptions,
  attempt: number = 1,
): Attempted | Promise<Attempted> {
  try {
    const ran = runOnce(work, attempt, options);
    if (!(ran instanceof Promise)) return { ok: true, value: ran, attempts: attempt };
    return ran.then(
      (value: unknown): Attempted => ({ ok: true, value, attempts: attempt }),
      (error: unknown) => tryAgain(work, options, { attempt, error }),
    );
  } catch (error) {
    return tryAgain(work, options, { attempt, error });
  }
}

/** An attempt that failed. */
export interface FailedAttempt {
  readonly attempt: number;
  readonly error: unknown;
}

function tryAgain(
  work: AttemptedWork,
  options: AttemptOptions,
  { attempt, error }: FailedAttempt,
): Attempted | Promise<Attempted> {
  const { clock, signal } = options;
  const { step } = work;
  const { retry } = step.policy;
  const ended = { ok: false, attempts: attempt } as const;
  const cancelled = (cause: unknown): Attempted => ({ ...ended, error: cancelledStep(step, cause), cancelled: true });
  if (signal.aborted) return cancelled(error);
  if (attempt > retry.max || options.isFinal(error) || !isRetryable(retry, error))
    return { ...ended, error: failure(step, attempt, error), cancelled: false };
  const delayMs = retryDelay(retry, attempt, clock.random());
  options.onRetry(step, { attempt, delayMs, error });
  return clock.sleep(delayMs, signal).then(() => runAttempts(work, options, attempt + 1), cancelled);
}

function runOnce(work: AttemptedWork, attempt: number, options: AttemptOptions): unknown {
  const { signal, onLinger } = options;
  signal.throwIfAborted();
  const { timeoutMs } = work.step.policy;
  if (timeoutMs !== undefined) return runWithin(timeoutMs, { work, attempt }, options);
  return untilAborted(work.call(attempt, signal), signal, onLinger);
}

async function runWithin(
  timeoutMs: number,
  { work, attempt }: { readonly work: AttemptedWork; readonly attempt: number },
  { clock, signal, onLinger }: AttemptOptions,
): Promise<unknown> {
  const { step, call } = work;
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = new AbortController();
  clock.sleep(timeoutMs, timer.signal, 'timeout').then(
    () => controller.abort(timedOut(step, timeoutMs)),
    () => undefined,
  );
  try {
    return await untilAborted(call(attempt, controller.signal), controller.signal, onLinger);
  } finally {
    timer.abort();
    signal.removeEventListener('abort', onAbort);
  }
}

/** What some work gives, or the reason of an abort that comes first, also during it; what is pending is then told as lingering. */
export function untilAborted(
  work: unknown,
  signal: AbortSignal,
  onLinger: (promise: Promise<unknown>) => void,
): unknown {
  if (!(work instanceof Promise)) {
    signal.throwIfAborted();
    return work;
  }
  return new Promise((resolve, reject) => {
    const stop = onAborted(signal, () => {
      onLinger(
        work.then(
          () => undefined,
          () => undefined,
        ),
      );
      reject(signal.reason);
    });
    work.then(
      (value) => {
        stop();
        resolve(value);
      },
      (error: unknown) => {
        stop();
        reject(error);
      },
    );
  });
}

function isRetryable(retry: ResolvedPolicy['retry'], error: unknown): boolean {
  if (retry.when === undefined) return true;
  try {
    return retry.when(error);
  } catch {
    return false;
  }
}

function timedOut(step: ExecutionStep, timeoutMs: number): MemoError {
  return new MemoError('M6003', `Step "${step.id}" passed its timeout of ${timeoutMs} ms.`, {
    fix: 'Raise `timeout`, or pass `signal` on to what the op waits for so that it stops in time.',
    place: placeOf(step.op.site),
    details: { step: step.id, op: step.op.name, timeoutMs },
  });
}

function failure(step: ExecutionStep, attempts: number, cause: unknown): MemoError {
  if (MemoError.is(cause) && cause.details.step === step.id) return cause;
  const tries = attempts === 1 ? '' : ` (attempt ${attempts} of ${attempts})`;
  return new MemoError('M6001', `Step "${step.id}" failed${tries}: ${messageOf(cause)}`, {
    fix: 'Fix the op, or its input; nothing of this step was stored.',
    place: placeOf(step.op.site),
    details: { step: step.id, op: step.op.name, attempts },
    cause,
  });
}

/** The error for a step that ended with its run. */
export function cancelledStep(step: ExecutionStep, cause: unknown): MemoError {
  return new MemoError('M6004', `Step "${step.id}" was cancelled.`, {
    fix: 'Run the job again: what was stored is re-used.',
    details: { step: step.id, op: step.op.name },
    cause,
  });
}
