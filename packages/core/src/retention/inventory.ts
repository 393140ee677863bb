import type { IOManagers } from '../definitions/job-spec.ts';
import type { MemoizableIOManager, StoredOutputInfo } from '../io/io-manager.ts';
import { managerName } from '../io/io-manager.ts';
import type { RecordReading, RecordStore } from '../io/record-store.ts';
import { DEFAULT_MANAGER, managersByKey } from '../plan/managers.ts';
import { BindingLog } from '../records/binding-log.ts';
import type { Bindings } from '../records/bindings.ts';
import { bindingsFor, recordsOf } from '../records/bindings-for.ts';
import { BoundSteps } from './bound-steps.ts';
import { UseHistory } from './use-history.ts';

/** The stores of jobs and the records of what is in them. */
export interface StoreParts {
  readonly managers: ReadonlyMap<string, MemoizableIOManager>;
  readonly bindings: Bindings;
  /** `undefined` where bindings live in memory. */
  readonly records: RecordStore | undefined;
}

/** One stored object. */
export interface StoredObject extends StoredOutputInfo {
  /** Key of its manager. */
  readonly io: string;
}

/** Everything that is in some stores, at one time. */
export interface Inventory {
  readonly objects: readonly StoredObject[];
  readonly steps: BoundSteps;
  readonly history: UseHistory;
}

/** @throws TypeError for managers that cannot list what they hold. */
export function storeParts(io: IOManagers): StoreParts {
  const managers = managersByKey(io) as ReadonlyMap<string, MemoizableIOManager>;
  for (const manager of managers.values()) {
    if (manager.listOutputs === undefined) throw new TypeError(`${managerName(manager)} cannot list what it holds.`);
  }
  const main = managers.get(DEFAULT_MANAGER);
  if (main === undefined) throw new TypeError('The manager "default" is missing: its records say what the values are.');
  const records = recordsOf(main);
  return { managers, records, bindings: records === undefined ? bindingsFor(main) : new BindingLog(records) };
}

/**
 * Lists the stores, then reads the records: what was stored meanwhile is bound later, and counts as unbound, which is safe.
 *
 * @throws the reason of an aborted signal
 */
export async function takeInventory(parts: StoreParts, reading: RecordReading = {}): Promise<Inventory> {
  const objects: StoredObject[] = [];
  for (const [io, manager] of parts.managers) {
    for await (const object of manager.listOutputs?.(reading) ?? []) {
      reading.signal?.throwIfAborted();
      objects.push({ ...object, io });
    }
  }
  return { objects, ...(await readSteps(parts, reading)) };
}

/** What the records say now. @throws the reason of an aborted signal */
export async function readSteps(
  { bindings, records }: StoreParts,
  reading: RecordReading = {},
): Promise<Omit<Inventory, 'objects'>> {
  await bindings.refresh(reading);
  const uses = bindings instanceof BindingLog ? bindings.uses : [];
  const history = records === undefined ? UseHistory.of(uses) : await UseHistory.read(records, reading);
  return { steps: new BoundSteps(bindings, history), history };
}
