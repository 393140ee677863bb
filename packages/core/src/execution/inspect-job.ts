import { isBranded } from '../definitions/brand.ts';
import { placeOf } from '../definitions/definition-site.ts';
import { MEMOIZED_RUN_TAG } from '../definitions/job-spec.ts';
import { MemoError, type Place } from '../errors/memo-error.ts';
import { type IOManager, type MemoizableIOManager, managerName } from '../io/io-manager.ts';
import { StoredOutputContext } from '../io/stored-output-context.ts';
import { DEFAULT_MANAGER, managersByKey } from '../plan/managers.ts';
import type { Binding } from '../records/binding.ts';
import { addressesOf } from '../records/binding-addresses.ts';
import { bindingsFor } from '../records/bindings-for.ts';
import { contextOf } from '../tiers/write-back.ts';
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
  /**
   * Every binding of the job's default store, oldest segment first.
   *
   * @throws MemoError M5009 when they cannot be read; the reason of an aborted signal.
   */
  bindings(options?: InspectOptions): AsyncGenerator<Binding>;
  /**
   * The value of an output as a run left it: of a binding, or at the address that an event of the run names.
   *
   * @throws MemoError M5004 when it is not there, M5003 and M5002 as loading does; the reason of an aborted signal.
   */
  load(place: Binding | StoredAddress, output: string, options?: InspectOptions): Promise<unknown>;
}

/** What the methods of a {@link JobInspection} take that read a store. */
export interface InspectOptions {
  /** Ends the reading. Default: never. */
  readonly signal?: AbortSignal | undefined;
}

/** Where an event says that an output was stored. */
export interface StoredAddress {
  readonly step: string;
  readonly identifier: readonly string[];
}

/**
 * Looks at a job.
 *
 * @throws MemoError M9001 for a job that another copy of the package made.
 */
export function inspectJob(job: AnyJob): JobInspection {
  isBranded(job, 'job');
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
    bindings: (options = {}) => allBindings(manager, options),
    load: async (place, output, { signal } = {}) => {
      signal?.throwIfAborted();
      return loadOutput([...managers.values()], contextsOf(job.name, place, { output, signal }));
    },
  };
}

/** An output that somebody asks for. */
interface AskedOutput extends InspectOptions {
  readonly output: string;
}

/** The contexts of everywhere that an output may be. */
function contextsOf(
  job: string,
  place: Binding | StoredAddress,
  { output, signal }: AskedOutput,
): readonly StoredOutputContext[] {
  if (!('identifier' in place))
    return addressesOf(place)
      .filter((address) => address.output === output)
      .map((address) => contextOf(place, address, signal));
  const { step, identifier } = place;
  if (!identifier.every((segment) => SAFE_SEGMENT.test(segment))) return [];
  const op = { namespace: identifier[1] ?? '', name: identifier[2] ?? '' };
  return [new StoredOutputContext({ identifier, job, step, op, output, version: undefined, signal })];
}

/** What core writes in addresses; journals are files that others may have written. */
const SAFE_SEGMENT = /^[A-Za-z0-9][\w.~-]{0,127}$/;

async function loadOutput(managers: readonly IOManager[], contexts: readonly StoredOutputContext[]): Promise<unknown> {
  let missing: unknown = new MemoError('M5004', 'Nothing is stored of that output.', {
    fix: 'Run its job again: memo run.',
  });
  for (const context of contexts) {
    for (const manager of managers) {
      try {
        return await manager.loadInput(context);
      } catch (error) {
        if (!MemoError.is(error, 'M5004')) throw error;
        missing = error;
      }
    }
  }
  throw missing;
}

async function* allBindings(manager: IOManager, { signal }: InspectOptions): AsyncGenerator<Binding> {
  signal?.throwIfAborted();
  const log = bindingsFor(manager);
  await log.refresh({ signal });
  for (const binding of log.table.live().bindings()) {
    signal?.throwIfAborted();
    yield binding;
  }
}
