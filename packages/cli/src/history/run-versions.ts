import { readJournal } from '@memo/core/inspect';
import type { PastRun } from './run-history.ts';

/** The version that each step had in a run, computed or re-used; steps without one are left out. */
export async function versionsOfRun({ journal }: PastRun): Promise<ReadonlyMap<string, string>> {
  const versions = new Map<string, string>();
  for await (const event of readJournal(journal))
    if ((event.type === 'step.end' || event.type === 'step.reuse') && event.version !== undefined)
      versions.set(event.step, event.version);
  return versions;
}
