import type { RecordReading, RecordStore } from '../io/record-store.ts';
import { newSegmentName } from '../records/binding-log.ts';
import { type EntryTest, rewriteSegments } from '../records/compaction.ts';
import { ENTRY_KIND } from '../records/segment-format.ts';
import { keepReferred } from './forgettable.ts';
import { readSteps, type StoreParts } from './inventory.ts';
import type { PruneLimits } from './prune-limits.ts';
import type { ForgottenStep } from './prune-plan.ts';
import { newestOfEachJob } from './roots.ts';

/** What is forgotten, and as of when. The signal ends it while nothing is written yet. */
export interface Forgetting extends RecordReading {
  readonly limits: PruneLimits;
  readonly forgotten: readonly ForgottenStep[];
}

/**
 * Drops the bindings of step versions from ended segments, then their commit marks and pins; gives how many step versions are forgotten.
 * What was bound, used or referred to since the plan was made stays.
 */
export async function forgetSteps(
  parts: StoreParts,
  records: RecordStore,
  { limits, forgotten, signal }: Forgetting,
): Promise<number> {
  const documents = await documentsOf(records, forgotten, { signal });
  const { steps, history } = await readSteps(parts, { signal });
  const cutoff = limits.now - Math.max(limits.olderThan, limits.grace);
  const wanted = new Set(forgotten.map(({ stepVersion }) => stepVersion));
  for (const version of wanted) {
    if (steps.byVersion.get(version)?.some(({ lastUsed }) => lastUsed > cutoff)) wanted.delete(version);
  }
  keepReferred(steps, wanted);
  if (wanted.size === 0) return 0;
  const recent = newestOfEachJob(history.uses, limits.keepRuns);
  const sets = new Set([...recent, ...history.uses.filter(({ when }) => when > cutoff)].map(({ key }) => key));
  const keeps: EntryTest = (offset, reader) => {
    const kind = reader.kind(offset);
    if (kind === ENTRY_KIND.use) return sets.has(reader.key(offset));
    // What was bound anew since stays.
    return kind !== ENTRY_KIND.binding || !wanted.has(reader.key(offset)) || reader.when(offset) > cutoff;
  };
  await rewriteSegments(records, newSegmentName, { keeps, signal });
  for (const { key, tag, stepVersion } of documents) {
    if (wanted.has(stepVersion)) await records.removeDocument?.(key, tag);
  }
  return wanted.size;
}

/** The commit marks and pins as they are before it is decided again what is forgotten: what changes meanwhile keeps its tag no more. */
async function documentsOf(
  records: RecordStore,
  forgotten: readonly ForgottenStep[],
  reading: RecordReading,
): Promise<readonly { readonly key: string; readonly tag: string; readonly stepVersion: string }[]> {
  const found: { key: string; tag: string; stepVersion: string }[] = [];
  if (records.removeDocument === undefined) return found;
  for (const { stepVersion } of forgotten) {
    for (const key of [`commit-${stepVersion}`, `pin-${stepVersion}`]) {
      reading.signal?.throwIfAborted();
      const document = await records.getDocument(key, reading);
      if (document !== undefined) found.push({ key, tag: document.tag, stepVersion });
    }
  }
  return found;
}
