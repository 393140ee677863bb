import type { MemoizableIOManager } from '@memo/core/plugin';
import { type ConformancePlan, skipReason, withinTime } from '../conformance-case.ts';
import { IO_MANAGER_CASES } from './all-cases.ts';
import { featuresOf, IO_MANAGER_FEATURES, type IOManagerFeature, type IOManagerHarness } from './harness.ts';
import { inTrial } from './trial.ts';

/**
 * The cases for a manager, those that do not apply with their reason. Opens one manager to see what it promises.
 *
 * Rejects with a `TypeError` when the harness gives something that is not a memoizable IO manager.
 */
export async function planIOManager(harness: IOManagerHarness): Promise<ConformancePlan> {
  const features = await look(harness);
  return {
    name: harness.name,
    kind: 'IO managers',
    features: IO_MANAGER_FEATURES.filter((feature) => features.has(feature)),
    missing: IO_MANAGER_FEATURES.filter((feature) => !features.has(feature)),
    cases: IO_MANAGER_CASES.map((one) => ({
      id: one.id,
      title: one.title,
      skip: skipReason(one, features),
      run: () => inTrial(harness, features, (trial) => withinTime(one.id, () => one.run(trial))),
    })),
  };
}

async function look(harness: IOManagerHarness): Promise<ReadonlySet<IOManagerFeature>> {
  const storage = await harness.setup();
  try {
    const manager = await storage.open();
    checkManager(harness.name, manager);
    const features = featuresOf(manager, storage);
    await manager.dispose?.();
    return features;
  } finally {
    await storage.dispose?.();
  }
}

function checkManager(name: string, manager: MemoizableIOManager): void {
  for (const method of ['handleOutput', 'loadInput', 'hasOutput'] as const) {
    if (typeof manager?.[method] === 'function') continue;
    throw new TypeError(`${name}: open() must give a memoizable IO manager, and what it gave has no ${method}().`);
  }
}
