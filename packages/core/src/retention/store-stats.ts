import type { IOManagers } from '../definitions/job-spec.ts';
import { storeParts, takeInventory } from './inventory.ts';

/** Values of one op. */
export interface OpStats {
  readonly namespace: string;
  readonly op: string;
  readonly values: number;
  readonly bytes: number;
  /** How long it takes to compute them all again, milliseconds. */
  readonly costMs: number;
}

/** What is in some stores. */
export interface StoreStats {
  readonly values: number;
  readonly bytes: number;
  /** Largest first. */
  readonly ops: readonly OpStats[];
  /** Values of one run only. */
  readonly ofRuns: { readonly values: number; readonly bytes: number };
  /** Memoized values of which no binding is known; they are re-used, and never pruned. */
  readonly unbound: { readonly values: number; readonly bytes: number };
  /** Contents that are known, whether their values are there or not. */
  readonly bindings: number;
  readonly records: { readonly segments: number; readonly bytes: number };
  /** When values were used first and last, milliseconds since the epoch; to the hour. */
  readonly lastUsed: { readonly oldest: number; readonly newest: number } | undefined;
}

/**
 * Counts what is in some stores: one manager, or several by key.
 *
 * @throws TypeError for managers that cannot list what they hold.
 * @throws MemoError M5002, M5009 when a store or its records cannot be read; the reason of an aborted signal.
 */
export async function storeStats(io: IOManagers, options: { readonly signal?: AbortSignal } = {}): Promise<StoreStats> {
  const parts = storeParts(io);
  const { objects, steps } = await takeInventory(parts, options);
  const ops = new Map<string, { -readonly [K in keyof OpStats]: OpStats[K] }>();
  const ofRuns = { values: 0, bytes: 0 };
  const unbound = { values: 0, bytes: 0 };
  let [oldest, newest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { identifier, bytes } of objects) {
    const contents = identifier[0] === 'outputs' ? steps.at(identifier[4] ?? '')?.contents : undefined;
    if (contents === undefined) {
      const sums = identifier[0] === 'outputs' ? unbound : ofRuns;
      sums.values++;
      sums.bytes += bytes;
      continue;
    }
    const { namespace, name } = contents.binding.record.op;
    const key = JSON.stringify([namespace, name]);
    const sums = ops.get(key) ?? { namespace, op: name, values: 0, bytes: 0, costMs: 0 };
    sums.values++;
    sums.bytes += bytes;
    sums.costMs += contents.binding.duration;
    ops.set(key, sums);
    [oldest, newest] = [Math.min(oldest, contents.lastUsed), Math.max(newest, contents.lastUsed)];
  }
  const segments = (await parts.records?.segments()) ?? [];
  return {
    values: objects.length,
    bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    ops: [...ops.values()].sort((a, b) => b.bytes - a.bytes),
    ofRuns,
    unbound,
    bindings: [...steps.all()].length,
    records: { segments: segments.length, bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0) },
    lastUsed: newest < oldest ? undefined : { oldest, newest },
  };
}
