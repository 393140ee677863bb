import { readJournal } from '@memo/core/inspect';
import { findRun } from '../history/run-history.ts';

/** The steps that failed in a run of the past. @throws MemoError M1006 when there is no such run. */
export async function failedSteps(name: string, job: string): Promise<readonly string[]> {
  const { journal } = await findRun(name, job);
  const failed: string[] = [];
  for await (const event of readJournal(journal))
    if (event.type === 'step.end' && event.status === 'failed') failed.push(event.step);
  return failed;
}
