import { systemClock } from '../definitions/clock.ts';
import type { IOManagers } from '../definitions/job-spec.ts';
import { bytesOf, type Decided, decideValues } from './decide-values.ts';
import { type Forgettable, forgettable } from './forgettable.ts';
import { type Inventory, type StoredObject, type StoreParts, storeParts, takeInventory } from './inventory.ts';
import { limitsOf, type PruneLimits } from './prune-limits.ts';
import type { KeepReason, PrunedValue, PruneOptions, PrunePlan, PruneReason } from './prune-plan.ts';
import { pruneText } from './prune-text.ts';
import { rootsOf } from './roots.ts';

/** What applying a plan needs beside the plan. */
export interface PlannedPrune extends Forgettable {
  readonly parts: StoreParts;
  readonly limits: PruneLimits;
}

const planned = new WeakMap<PrunePlan, PlannedPrune>();

/**
 * Plans what to delete of some stores: one manager, or several by key; the records of `default` say what the values are. Deletes nothing.
 *
 * A value is deleted only if its binding is known, if no run that is kept used it, and if it is not younger than the grace period.
 *
 * @throws TypeError for managers that cannot list what they hold, and wrong options.
 * @throws MemoError M5002, M5009 when a store or its records cannot be read; the reason of an aborted signal.
 */
export async function planPrune(io: IOManagers, options: PruneOptions = {}): Promise<PrunePlan> {
  const limits = limitsOf(options, systemClock.now());
  return planPruneAt(io, limits, options);
}

/** @internal The same at a given time. */
export async function planPruneAt(
  io: IOManagers,
  limits: PruneLimits,
  { signal }: Pick<PruneOptions, 'signal'> = {},
): Promise<PrunePlan> {
  const parts = storeParts(io);
  const inventory = await takeInventory(parts, { signal });
  const roots = rootsOf(inventory, limits);
  const { deleted, kept } = decideValues(inventory, roots, limits);
  const steps = forgettable({ inventory, roots, limits, deleted, managers: new Set(parts.managers.keys()) });
  const facts: Omit<PrunePlan, 'toString'> = {
    at: limits.now,
    values: deleted.map(({ object, reason }) => prunedValue(inventory, object, reason)),
    forgotten: steps.forgotten,
    freedBytes: bytesOf(deleted),
    keptBytes: bytesOf(kept),
    kept: countKept(kept),
    unknownRuns: roots.unknown,
  };
  const plan: PrunePlan = Object.defineProperty({ ...facts, toString: () => pruneText(facts) }, 'toString', {
    enumerable: false,
  });
  planned.set(plan, { parts, limits, ...steps });
  return plan;
}

/** @internal What a plan was made from. @throws TypeError for anything that `planPrune` did not give. */
export function plannedPrune(plan: PrunePlan): PlannedPrune {
  const known = planned.get(plan);
  if (known === undefined) throw new TypeError('applyPrune takes a plan of planPrune.');
  return known;
}

function prunedValue(inventory: Inventory, object: StoredObject, reason: PruneReason): PrunedValue {
  const { io, identifier, bytes, storedAt } = object;
  const found = reason === 'run-over' ? undefined : inventory.steps.at(identifier[4] ?? '');
  const binding = found?.contents.binding;
  return {
    io,
    identifier,
    bytes,
    reason,
    step: binding?.step,
    op: binding?.record.op.name,
    output: found?.address.output,
    lastUsed: found?.contents.lastUsed ?? storedAt,
    costMs: binding?.duration,
  };
}

function countKept(kept: readonly Decided<KeepReason>[]): PrunePlan['kept'] {
  const counts: Partial<Record<KeepReason, { values: number; bytes: number }>> = {};
  for (const { object, reason } of kept) {
    const { values = 0, bytes = 0 } = counts[reason] ?? {};
    counts[reason] = { values: values + 1, bytes: bytes + object.bytes };
  }
  return counts;
}
