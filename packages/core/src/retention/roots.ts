import { runIdFromHex, runIdToHex } from '../records/run-id.ts';
import type { Inventory } from './inventory.ts';
import type { PruneLimits } from './prune-limits.ts';
import type { UsedSet } from './use-history.ts';

/** Why a step version is kept: a run that is kept used it, or somebody named it. */
type Root = 'pinned-run' | 'recent-run' | 'named';

/** What some runs used, so that it is kept. */
export interface Roots {
  /** By step version, why. */
  readonly versions: ReadonlyMap<string, Root>;
  /** Ids of the runs. */
  readonly runs: ReadonlySet<string>;
  /** Pinned runs of which nothing is known. */
  readonly unknown: readonly string[];
}

/** What the pinned and the newest runs used and what was named, with the values that aliases stand for. */
export function rootsOf({ steps, history }: Omit<Inventory, 'objects'>, limits: PruneLimits): Roots {
  const { pinned, keepRuns, keep: named } = limits;
  const versions = new Map<string, Root>();
  const keep = (stepVersion: string, why: Root): void => {
    for (let open = [stepVersion]; open.length > 0; ) {
      const version = open.pop() as string;
      if (versions.has(version)) continue;
      versions.set(version, why);
      for (const { binding } of steps.byVersion.get(version) ?? [])
        if (binding.of !== undefined) open = [...open, binding.of];
    }
  };
  const wanted = new Set(pinned);
  const known = new Set<string>();
  for (const { run, key } of history.uses) {
    const id = runIdFromHex(run);
    if (!wanted.has(id)) continue;
    known.add(id);
    for (const version of history.versionsOf(key)) keep(version, 'pinned-run');
  }
  // What a run computed is known even where its use was noted by another one that used the same.
  for (const { binding } of steps.all()) {
    if (!wanted.has(binding.run)) continue;
    known.add(binding.run);
    keep(binding.stepVersion, 'pinned-run');
  }
  const recent = newestOfEachJob(history.uses, keepRuns);
  for (const { key } of recent) for (const version of history.versionsOf(key)) keep(version, 'recent-run');
  for (const version of named) keep(version, 'named');
  const runs = new Set([...wanted, ...recent.map(({ run }) => runIdFromHex(run))]);
  const unknown = pinned.filter((id) => !known.has(id) || runIdToHex(id) === '0'.repeat(32));
  return { versions, runs, unknown };
}

/** The newest runs of each job. */
export function newestOfEachJob(newestFirst: readonly UsedSet[], count: number): readonly UsedSet[] {
  const counts = new Map<string, number>();
  return newestFirst.filter(({ site }) => {
    const nth = (counts.get(site) ?? 0) + 1;
    counts.set(site, nth);
    return nth <= count;
  });
}
