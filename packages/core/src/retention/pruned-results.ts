import type { IOManagers } from '../definitions/job-spec.ts';
import type { MemoizableIOManager } from '../io/io-manager.ts';
import { DEFAULT_MANAGER, managersByKey } from '../plan/managers.ts';
import { recordsOf } from '../records/bindings-for.ts';
import { UseHistory } from './use-history.ts';

/**
 * Since when the values of a step version are gone because a prune saw to it, milliseconds since the epoch; `undefined` where none did.
 *
 * @throws MemoError M5009 when the records cannot be read.
 */
export async function prunedSince(io: IOManagers, stepVersion: string): Promise<number | undefined> {
  const main = managersByKey(io).get(DEFAULT_MANAGER) as MemoizableIOManager | undefined;
  const records = main === undefined ? undefined : recordsOf(main);
  return records === undefined ? undefined : (await UseHistory.read(records)).prunedAt(stepVersion);
}
