import type { BoundSteps } from './bound-steps.ts';
import type { Decided } from './decide-values.ts';
import type { Inventory } from './inventory.ts';
import type { PruneLimits } from './prune-limits.ts';
import type { ForgottenStep, PruneReason } from './prune-plan.ts';
import type { Roots } from './roots.ts';

/** What a prune does with the records. */
export interface Forgettable {
  readonly forgotten: readonly ForgottenStep[];
  /** Step versions none of whose values are left, to be noted, so that a later prune can forget them. */
  readonly emptied: readonly string[];
}

/** What is forgettable depends on. */
export interface ForgetQuestion {
  readonly inventory: Inventory;
  readonly roots: Roots;
  readonly limits: PruneLimits;
  readonly deleted: readonly Decided<PruneReason>[];
  /** Keys of the managers that were listed. */
  readonly managers: ReadonlySet<string>;
}

/**
 * The step versions that can be forgotten. A binding outlives its values, because what was made from a content must be noticed to be old
 * when another content takes its place. So a step version is forgotten only when a prune noted a grace period ago that no value is
 * left, when nobody used it since, and when no binding that stays refers to it. A run that read a value before it was
 * pruned has bound what it made from it by then.
 */
export function forgettable(question: ForgetQuestion): Forgettable {
  const { inventory, limits } = question;
  const { steps, history } = inventory;
  const idle = idleVersions(question);
  const forgotten = new Set<string>();
  const emptied: string[] = [];
  for (const version of idle) {
    const since = history.prunedAt(version);
    if (since === undefined) emptied.push(version);
    else if (limits.now - since >= limits.grace) forgotten.add(version);
  }
  keepReferred(steps, forgotten);
  return {
    emptied,
    forgotten: [...forgotten].map((stepVersion) => {
      const binding = steps.byVersion.get(stepVersion)?.[0]?.binding;
      return { stepVersion, step: binding?.step ?? '', op: binding?.record.op.name ?? '' };
    }),
  };
}

/** Step versions that nobody used for long, of which no value is left, or will be. */
function idleVersions({ inventory, roots, limits, deleted, managers }: ForgetQuestion): readonly string[] {
  const { objects, steps } = inventory;
  const gone = new Set(deleted.map(({ object }) => object));
  const held = new Set<string>();
  for (const object of objects) {
    const found = gone.has(object) ? undefined : steps.at(object.identifier[4] ?? '');
    if (found !== undefined) held.add(found.contents.binding.stepVersion);
  }
  return [...steps.byVersion].flatMap(([version, all]) => {
    const isIdle = all.every(({ binding, lastUsed }) => {
      const isListed = Object.values(binding.outputs).every(
        (output) => output === 'absent' || managers.has(output.io ?? 'default'),
      );
      const age = limits.now - lastUsed;
      return isListed && binding.record.effect === undefined && age >= limits.olderThan && age >= limits.grace;
    });
    return isIdle && !held.has(version) && !roots.versions.has(version) ? [version] : [];
  });
}

/** Takes out of a set of step versions what a binding outside of it refers to, and what that refers to. */
export function keepReferred(steps: BoundSteps, forgotten: Set<string>): void {
  const open = [...steps.byVersion.keys()].filter((version) => !forgotten.has(version));
  for (let version = open.pop(); version !== undefined; version = open.pop()) {
    for (const { binding } of steps.byVersion.get(version) ?? []) {
      for (const referred of steps.references(binding)) if (forgotten.delete(referred)) open.push(referred);
    }
  }
}
