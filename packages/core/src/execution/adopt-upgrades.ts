import { bindAlias, executionOf } from './alias-step.ts';
import type { Committer } from './write-binding.ts';

/**
 * Binds what earlier releases left to the versions that this one gives the same steps, before anything runs; in the order of the steps, because
 * a binding names the contents that are above it.
 */
export async function adoptUpgrades(committer: Committer): Promise<void> {
  const { ledger, memoized } = committer;
  for (let index = 0; index < ledger.plan.size; index++) {
    const binding = memoized.stored.upgradeOf(index)?.entry.document();
    const execution = binding === undefined ? undefined : executionOf(binding, index, ledger);
    if (execution !== undefined) await bindAlias(index, execution, committer);
  }
}
