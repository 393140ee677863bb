import type { AnyJob, IOManagers } from '@memo/core';
import { formatAge, inspectJob } from '@memo/core/inspect';
import { prunedSince } from '@memo/core/retention';

/** A line that says when a prune deleted the values of a step version, if one did. */
export async function prunedText(job: AnyJob, version: string, now: number | undefined): Promise<readonly string[]> {
  const io = Object.fromEntries(inspectJob(job).stores.map(({ key, manager }) => [key, manager])) as IOManagers;
  const since = await prunedSince(io, version);
  if (since === undefined) return [];
  return [`deleted by memo cache prune${now === undefined ? '' : ` ${formatAge(now - since)}`}`];
}
