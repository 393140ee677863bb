const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `act` once the signal is aborted; gives what takes it back. A run has one signal for hundreds of requests, and a listener for each would
 * look like a leak to Node.
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  const acts = listeners.get(signal) ?? listenTo(signal);
  acts.add(act);
  return () => acts.delete(act);
}

/** What some work gives, or the reason of the signal once that is aborted: the work goes on, and nobody waits for it. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stopListening: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else stopListening = onAbort(signal, () => reject(signal.reason));
  });
  try {
    // Both are waited for, so that no failure of the work is left that nobody has seen.
    return await Promise.race([aborted, work]);
  } finally {
    stopListening();
  }
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const acts = new Set<() => void>();
  signal.addEventListener('abort', () => run(acts), { once: true });
  listeners.set(signal, acts);
  return acts;
}

function run(acts: ReadonlySet<() => void>): void {
  for (const act of acts) act();
}
