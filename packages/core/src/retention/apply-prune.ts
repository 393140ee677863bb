import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { RecordReading } from '../io/record-store.ts';
import { StoredOutputContext } from '../io/stored-output-context.ts';
import { BindingLog } from '../records/binding-log.ts';
import { removeSilentLeases } from '../records/record-leases.ts';
import { forgetSteps } from './forget-steps.ts';
import { readSteps, type StoreParts } from './inventory.ts';
import { type PlannedPrune, plannedPrune } from './plan-prune.ts';
import type { PrunedValue, PrunePlan, PruneResult } from './prune-plan.ts';

/** Options of {@link applyPrune}. */
export interface ApplyOptions {
  /** Ends it at once, and the request that is under way; what is deleted by then stays deleted. */
  readonly signal?: AbortSignal;
  /** Is told after each value. */
  readonly onDeleted?: (value: PrunedValue, done: number, of: number) => void;
}

/**
 * Deletes what a plan says, except what was used since. Runs that are going on are not disturbed: a value that vanishes makes its step run
 * again.
 *
 * @throws TypeError for anything that `planPrune` did not give, and managers that cannot delete.
 * @throws MemoError M5009 when the records cannot be read or written; the reason of an aborted signal.
 */
export async function applyPrune(plan: PrunePlan, options: ApplyOptions = {}): Promise<PruneResult> {
  const prune = plannedPrune(plan);
  const now = await readSteps(prune.parts, { signal: options.signal });
  const result = {
    deleted: 0,
    freedBytes: 0,
    skipped: 0,
    failed: [] as { identifier: PrunedValue['identifier']; message: string }[],
  };
  const kept = new Set<string>();
  for (const [at, value] of plan.values.entries()) {
    options.signal?.throwIfAborted();
    const found = now.steps.at(value.identifier[4] ?? '');
    const isUsed = value.reason !== 'run-over' && (found === undefined || found.contents.lastUsed > value.lastUsed);
    const outcome = isUsed ? 'used' : await deleteValue(prune.parts, value, options.signal);
    if (outcome === 'deleted') {
      result.deleted++;
      result.freedBytes += value.bytes;
    } else if (typeof outcome === 'object') result.failed.push(outcome);
    else result.skipped++;
    if (outcome !== 'deleted' && outcome !== 'gone' && found !== undefined)
      kept.add(found.contents.binding.stepVersion);
    options.onDeleted?.(value, at + 1, plan.values.length);
  }
  options.signal?.throwIfAborted();
  const forgotten = await settleRecords(prune, { kept, signal: options.signal });
  return { ...result, forgotten };
}

async function deleteValue(
  { managers }: StoreParts,
  value: PrunedValue,
  signal: AbortSignal | undefined,
): Promise<'deleted' | 'gone' | { identifier: PrunedValue['identifier']; message: string }> {
  const { identifier, step = 'none', output = 'none' } = value;
  const op = { namespace: identifier[1] ?? '', name: value.op ?? 'none' };
  const manager = managers.get(value.io);
  if (manager?.deleteOutput === undefined) throw new TypeError(`The manager "${value.io}" cannot delete.`);
  const context = new StoredOutputContext({
    identifier,
    job: 'prune',
    step,
    op,
    output,
    version: identifier[4],
    signal,
  });
  try {
    return (await manager.deleteOutput(context)) ? 'deleted' : 'gone';
  } catch (error) {
    signal?.throwIfAborted();
    if (!MemoError.is(error) && !(error instanceof Error)) throw error;
    return { identifier, message: messageOf(error) };
  }
}

/** Notes what is empty now, and forgets what was empty for long; values first, so that a kill in between leaves bindings too many. */
async function settleRecords(
  { parts, limits, emptied, forgotten }: PlannedPrune,
  { kept, signal }: { readonly kept: ReadonlySet<string> } & RecordReading,
): Promise<number> {
  const { records } = parts;
  if (records === undefined) return 0;
  const versions = emptied.filter((version) => !kept.has(version));
  if (versions.length > 0) {
    const log = new BindingLog(records);
    log.notePruned({ job: '', run: '0'.repeat(32), when: limits.now, versions });
    await log.close();
  }
  await removeSilentLeases(records, limits.now - limits.grace, { signal });
  return forgotten.length === 0 ? 0 : forgetSteps(parts, records, { limits, forgotten, signal });
}
