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

function listenTo(signal: AbortSignal): Set<() => void> {
  const acts = new Set<() => void>();
  signal.addEventListener('abort', () => run(acts), { once: true });
  listeners.set(signal, acts);
  return acts;
}

function run(acts: ReadonlySet<() => void>): void {
  for (const act of acts) act();
}
