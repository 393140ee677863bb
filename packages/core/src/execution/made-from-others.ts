import { contradictedBy } from '../plan/consumed.ts';
import type { MemoizedJob } from '../plan/plan-job.ts';
import type { BindingEntry } from '../records/binding-entry.ts';
import type { RunLedger } from './run-ledger.ts';

/** What telling works with. */
export interface MadeFromScope {
  readonly ledger: RunLedger;
  readonly memoized: MemoizedJob;
  /** True for steps that this run has brought up to date: what they hold does not depend on what is above them any more. */
  readonly isSettled: (step: number) => boolean;
}

/**
 * Why what is there of a step does not belong to a run: the step of which it, or something between, was made from another content than the run holds; the
 * step itself where nobody can say what it was made from, because its record is not to be seen yet. `undefined` where it does.
 */
export async function madeFromOthers(index: number, scope: MadeFromScope): Promise<number | undefined> {
  const { ledger, memoized } = scope;
  if (ledger.stored?.entry(index) === undefined && appearedMeanwhile(index, scope)) {
    await memoized.log.refresh();
    ledger.stored?.forget(index);
    if (ledger.stored?.entry(index) === undefined) return index;
  }
  const seen = new Set<number>();
  const open = [index];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const entry = ledger.stored?.entry(next);
    if (entry === undefined) continue;
    const because = contradiction(next, entry, ledger);
    if (because !== undefined) return because;
    for (const above of ledger.plan.upstream.of(next)) if (!scope.isSettled(above)) open.push(above);
  }
  return undefined;
}

function contradiction(index: number, entry: BindingEntry, ledger: RunLedger): number | undefined {
  if (entry.isContested) return index;
  const binding = entry.document();
  if (binding === undefined) return undefined;
  return contradictedBy(binding, ledger.step(index), (step, output) => ledger.digest(step, output));
}

/** True for what was stored since the plan was made, by another process: it tells what that was made from, soon after. */
function appearedMeanwhile(index: number, { ledger, memoized }: MadeFromScope): boolean {
  if (!memoized.log.isShared) return false;
  const { missing, stored } = memoized;
  return missing.has(index) || stored.versions.version(index) !== ledger.versions?.version(index);
}
