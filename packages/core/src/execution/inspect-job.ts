import { placeOf } from '../definitions/definition-site.ts';
import { MEMOIZED_RUN_TAG } from '../definitions/job-spec.ts';
import type { Place } from '../errors/memo-error.ts';
import { type IOManager, type MemoizableIOManager, managerName } from '../io/io-manager.ts';
import { DEFAULT_MANAGER, managersByKey } from '../plan/managers.ts';
import type { Binding } from '../records/binding.ts';
import { bindingsFor } from '../records/bindings-for.ts';
import { type AnyJob, JOB } from './runnable-job.ts';

/** One IO manager of a job. */
export interface JobStore {
  readonly key: string;
  readonly name: string;
  readonly manager: IOManager;
}

/** What a job is made of, for people and tools. Nothing is traced and nothing is loaded. */
export interface JobInspection {
  readonly name: string;
  /** Where the job is defined. */
  readonly place: Place | undefined;
  /** Id of the version strategy; `undefined` where there is none. */
  readonly strategy: string | undefined;
  readonly memoized: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly pools: Readonly<Record<string, number>>;
  /** True when the job declares a schema for its config. */
  readonly takesConfig: boolean;
  /** The IO managers, `default` first; the in-memory one of the job where it names none. */
  readonly stores: readonly JobStore[];
  /** Every binding of the job's default store, oldest segment first. @throws MemoError M5009 when they cannot be read. */
  bindings(): AsyncGenerator<Binding>;
}

/** Looks at a job. */
export function inspectJob(job: AnyJob): JobInspection {
  const { definition, defaultManager } = job[JOB];
  const managers = new Map([[DEFAULT_MANAGER as string, defaultManager], ...managersByKey(definition.io)]);
  const manager = managers.get(DEFAULT_MANAGER) as MemoizableIOManager;
  return {
    name: job.name,
    place: placeOf(definition.site),
    strategy: definition.versions?.id,
    memoized: definition.versions !== undefined && definition.tags[MEMOIZED_RUN_TAG] !== 'false',
    tags: definition.tags,
    pools: definition.pools,
    takesConfig: definition.config !== undefined,
    stores: [...managers].map(([key, store]) => ({ key, name: managerName(store), manager: store })),
    bindings: () => allBindings(manager),
  };
}

async function* allBindings(manager: IOManager): AsyncGenerator<Binding> {
  const log = bindingsFor(manager);
  await log.refresh();
  yield* log.table.live().bindings();
}
