import { onAbort } from './abort-listeners.ts';

/** The time for something was up. Not an abort: whoever asked still wants it. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Work that ends when its time is up, whoever hangs or drips. The signal that `work` gets is aborted then, and when the caller's is;
 * the promise is settled even where `work` does not listen.
 */
export async function withDeadline<T>(
  { signal, milliseconds }: { readonly signal: AbortSignal; readonly milliseconds: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const { promise, reject } = rejection();
  const end = (reason: unknown) => {
    controller.abort(reason);
    reject(reason);
  };
  const timer = setTimeout(() => end(new DeadlineError(`not done after ${milliseconds} ms`)), milliseconds);
  const stopListening = onAbort(signal, () => end(signal.reason));
  try {
    const working = Promise.resolve(work(controller.signal));
    // What fails after the deadline has nobody left to tell.
    working.catch(() => {});
    return await Promise.race([working, promise]);
  } finally {
    clearTimeout(timer);
    stopListening();
  }
}

function rejection(): { readonly promise: Promise<never>; readonly reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  promise.catch(() => {});
  return { promise, reject };
}
