import { type ConformancePlan, skipReason, withinTime } from '../conformance-case.ts';
import { DETERMINISM } from './cases/determinism.ts';
import { PRECISION } from './cases/precision.ts';
import { SENSITIVITY } from './cases/sensitivity.ts';
import { VERSION_STRATEGY_FEATURES, type VersionStrategyFeature, type VersionStrategyHarness } from './harness.ts';
import type { VersionStrategyCase } from './strategy-case.ts';
import { inProject } from './strategy-trial.ts';

/** Every promise of version strategies, area by area. */
const VERSION_STRATEGY_CASES: readonly VersionStrategyCase[] = [...DETERMINISM, ...SENSITIVITY, ...PRECISION];

/** The cases for a version strategy, those that do not apply with their reason. Asks it once to see what it offers. */
export async function planVersionStrategy(harness: VersionStrategyHarness): Promise<ConformancePlan> {
  const features = await look(harness);
  return {
    name: harness.name,
    kind: 'version strategies',
    features: VERSION_STRATEGY_FEATURES.filter((feature) => features.has(feature)),
    missing: VERSION_STRATEGY_FEATURES.filter((feature) => !features.has(feature)),
    cases: VERSION_STRATEGY_CASES.map((one) => ({
      id: one.id,
      title: one.title,
      skip: skipReason(one, features),
      run: () => inProject(harness, (trial) => withinTime(one.id, () => one.run(trial))),
    })),
  };
}

async function look(harness: VersionStrategyHarness): Promise<ReadonlySet<VersionStrategyFeature>> {
  const { methods, ops } = await inProject(harness, ({ ask }) => ask());
  const features = new Set<VersionStrategyFeature>(harness.ignores ?? []);
  if (methods.includes('getResourceVersion')) features.add('resources');
  if (methods.includes('getVersions')) features.add('bulk');
  const hasManifests = Object.values(ops).some(({ manifest }) => manifest !== undefined);
  if (methods.includes('diffManifests') && hasManifests) features.add('manifests');
  return features;
}
