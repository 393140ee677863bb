import { contradictedBy, readsNothing } from '../plan/consumed.ts';
import type { Binding } from '../records/binding.ts';
import type { Committer } from './write-binding.ts';

/*
 * Two writers may compute one step version at once, and one content wins. Whoever comes second goes on with the other's only where that was made from
 * what it read itself: a value above may have been lost and computed again between the two.
 */

/** What another writer has stored or bound where a run has something else. */
export interface TheirResult {
  readonly output: string;
  readonly digest: string;
}

/** True when a run may go on with what another writer stored under the version of a step that it has computed too. */
export async function mayAdopt(index: number, theirs: TheirResult, committer: Committer): Promise<boolean> {
  const { ledger, memoized } = committer;
  if (readsNothing(ledger.step(index))) return true;
  if (isBound(index, theirs, committer)) return true;
  await memoized.log.refresh();
  return isBound(index, theirs, committer);
}

function isBound(index: number, { output, digest }: TheirResult, committer: Committer): boolean {
  const { ledger, memoized } = committer;
  const version = ledger.versions?.version(index) as string;
  const entry = memoized.log.table.live().get(version, ledger.versions?.pub(index));
  const binding = entry?.isContested === true ? undefined : entry?.document();
  const bound = binding?.outputs[output];
  if (binding === undefined || bound === undefined || bound === 'absent' || bound.digest !== digest) return false;
  return wasMadeFromOurs(binding, index, committer);
}

/** True when a binding consumed what a run holds now. */
export function wasMadeFromOurs(binding: Binding, index: number, { ledger }: Pick<Committer, 'ledger'>): boolean {
  return contradictedBy(binding, ledger.step(index), (step, output) => ledger.digest(step, output)) === undefined;
}
