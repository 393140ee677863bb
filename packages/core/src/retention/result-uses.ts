import type { IOManagers } from '../definitions/job-spec.ts';
import type { Binding } from '../records/binding.ts';
import { addressesOf } from '../records/binding-addresses.ts';
import { runIdToHex } from '../records/run-id.ts';
import { type Inventory, storeParts, takeInventory } from './inventory.ts';

/** A recorded result, and how often it was worth its room. */
export interface ResultUse {
  readonly binding: Binding;
  /** How many runs, beside the one that computed it, counted on it; runs of one job within an hour that used the same count as one. */
  readonly hits: number;
  /** When it was computed or used last, milliseconds since the epoch; to the hour. */
  readonly lastUsed: number;
  /** False where its values are gone. */
  readonly isStored: boolean;
}

/**
 * What is recorded of some stores: one manager, or several by key; in any order.
 *
 * @throws TypeError for managers that cannot list what they hold.
 * @throws MemoError M5002, M5009 when a store or its records cannot be read; the reason of an aborted signal.
 */
export async function resultUses(
  io: IOManagers,
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly ResultUse[]> {
  const inventory = await takeInventory(storeParts(io), options);
  const stored = new Set(inventory.objects.map(({ identifier }) => identifier[4] ?? ''));
  const uses = usesByVersion(inventory);
  return [...inventory.steps.all()].map(({ binding, lastUsed }) => {
    const computedBy = runIdToHex(binding.run);
    const hits = (uses.get(binding.stepVersion) ?? []).filter((run) => run !== computedBy).length;
    return { binding, hits, lastUsed, isStored: isStored(binding, stored) };
  });
}

/** The runs that counted on each step version, as 32 hexadecimal digits. */
function usesByVersion({ history }: Inventory): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  for (const { key, run } of history.uses) {
    for (const version of history.versionsOf(key)) {
      const known = uses.get(version);
      if (known === undefined) uses.set(version, [run]);
      else known.push(run);
    }
  }
  return uses;
}

/** A value of a single output has two possible addresses; one is enough. What gave nothing has nothing to be stored. */
function isStored(binding: Binding, stored: ReadonlySet<string>): boolean {
  const outputs = new Map<string, boolean>();
  for (const { output, version } of addressesOf(binding))
    outputs.set(output, outputs.get(output) === true || stored.has(version));
  return [...outputs.values()].every(Boolean);
}
