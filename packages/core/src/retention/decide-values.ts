import type { BoundContents } from './bound-steps.ts';
import type { Inventory, StoredObject } from './inventory.ts';
import type { PruneLimits } from './prune-limits.ts';
import type { KeepReason, PruneReason } from './prune-plan.ts';
import type { Roots } from './roots.ts';

/** An object with what is decided about it. */
export interface Decided<R> {
  readonly object: StoredObject;
  readonly reason: R;
}

/** What is decided about every object. */
export interface Decisions {
  readonly deleted: readonly Decided<PruneReason>[];
  readonly kept: readonly Decided<KeepReason>[];
}

/** Decides about every object of some stores; what no rule names is kept. */
export function decideValues(inventory: Inventory, roots: Roots, limits: PruneLimits): Decisions {
  const deleted: Decided<PruneReason>[] = [];
  const kept: Decided<KeepReason>[] = [];
  for (const object of inventory.objects) {
    const contents = contentsOf(inventory, object);
    const keep =
      contents === undefined
        ? keepUnbound(object, roots, limits)
        : keepBound(inventory, { object, contents, roots }, limits);
    if (keep !== undefined) kept.push({ object, reason: keep });
    else
      deleted.push({ object, reason: contents === undefined ? 'run-over' : contents.counts ? 'unused' : 'superseded' });
  }
  return fitSize(inventory, { deleted, kept }, limits.maxBytes);
}

/**
 * The binding of an object; `undefined` for those of one run, and those that no binding names. In which manager it lies does not matter: another one
 * than the binding names has a copy.
 */
function contentsOf({ steps }: Inventory, { identifier }: StoredObject): BoundContents | undefined {
  const [kind, , , , version] = identifier;
  return kind === 'outputs' && version !== undefined ? steps.at(version)?.contents : undefined;
}

function keepUnbound(
  { identifier, storedAt }: StoredObject,
  roots: Roots,
  limits: PruneLimits,
): KeepReason | undefined {
  const [kind, run] = identifier;
  if (kind !== 'runs') return 'unbound';
  const age = limits.now - storedAt;
  if (age < limits.grace) return 'young';
  if (limits.pinned.includes(run ?? '')) return 'pinned-run';
  return age < limits.olderThan || roots.runs.has(run ?? '') ? 'used' : undefined;
}

interface BoundObject {
  readonly object: StoredObject;
  readonly contents: BoundContents;
  readonly roots: Roots;
}

function keepBound(
  { steps }: Inventory,
  { object, contents, roots }: BoundObject,
  limits: PruneLimits,
): KeepReason | undefined {
  const { binding, lastUsed, counts } = contents;
  if (limits.now - Math.max(lastUsed, object.storedAt) < limits.grace) return 'young';
  if (!counts) return undefined;
  const root = roots.versions.get(binding.stepVersion);
  if (root !== undefined) return root;
  if (binding.record.effect !== undefined) return 'effect';
  if (binding.duration >= limits.slowerThan) return 'expensive';
  if (limits.keepsNonDeterministic && steps.isKnownToChange(binding)) return 'not-deterministic';
  return limits.now - lastUsed < limits.olderThan ? 'used' : undefined;
}

/** Deletes more of what is merely used, cheapest to compute again first, until the rest fits. */
function fitSize(inventory: Inventory, { deleted, kept }: Decisions, maxBytes: number): Decisions {
  let over = bytesOf(kept) - maxBytes;
  if (!(over > 0)) return { deleted, kept };
  const candidates = kept
    .filter(({ object, reason }) => reason === 'used' && contentsOf(inventory, object) !== undefined)
    .map((decided) => ({ decided, worth: worthOf(inventory, decided.object) }))
    .sort((a, b) => a.worth.cost - b.worth.cost || a.worth.lastUsed - b.worth.lastUsed);
  const gone = new Set<Decided<KeepReason>>();
  for (const { decided } of candidates) {
    if (over <= 0) break;
    gone.add(decided);
    over -= decided.object.bytes;
  }
  const more = [...gone].map(({ object }) => ({ object, reason: 'over-size' as const }));
  return { deleted: [...deleted, ...more], kept: kept.filter((decided) => !gone.has(decided)) };
}

/** What computing a value again costs for each byte that it takes. */
function worthOf(inventory: Inventory, object: StoredObject): { readonly cost: number; readonly lastUsed: number } {
  const contents = contentsOf(inventory, object) as BoundContents;
  return { cost: contents.binding.duration / Math.max(1, object.bytes), lastUsed: contents.lastUsed };
}

/** How many bytes some objects take. */
export function bytesOf(decided: readonly Decided<unknown>[]): number {
  return decided.reduce((sum, { object }) => sum + object.bytes, 0);
}
