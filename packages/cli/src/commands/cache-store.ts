import type { IOManagers } from '@memo/core';
import { inspectJob, type JobInspection } from '@memo/core/inspect';
import { usageError } from '../failures/usage-error.ts';
import { jobOf, openProject, type Project } from '../project/project.ts';
import type { Invocation } from './command.ts';

/** The stores of a job, in the form that pruning and checking take. */
export interface CacheStore {
  readonly project: Project;
  readonly inspected: JobInspection;
  readonly io: IOManagers;
  readonly names: string;
}

/**
 * The stores of the job of `--job`, which can list what they hold.
 *
 * @throws MemoError M1002 for a store that cannot.
 */
export async function cacheStore(invocation: Invocation): Promise<CacheStore> {
  const stores = await jobStores(invocation);
  for (const { name, manager } of stores.inspected.stores)
    if (!('listOutputs' in manager)) throw usageError(`${name} cannot list what it holds.`);
  return stores;
}

/** The stores of the job of `--job`. Where several jobs share one store, any of them stands for it. @throws MemoError M1003. */
export async function jobStores(invocation: Invocation): Promise<CacheStore> {
  const project = await openProject(invocation);
  const name = invocation.flags.text('job');
  const same = new Set(
    project.jobs.map((job) =>
      inspectJob(job)
        .stores.map((store) => store.name)
        .join(),
    ),
  );
  const job = name === undefined && same.size === 1 ? project.jobs[0] : jobOf(project, name);
  if (job === undefined) throw usageError('The project has no jobs.');
  const inspected = inspectJob(job);
  const names = inspected.stores.map((store) => store.name).join(', ');
  return {
    project,
    inspected,
    io: Object.fromEntries(inspected.stores.map(({ key, manager }) => [key, manager])),
    names,
  };
}
