import type { CodecHarness } from './codec/harness.ts';
import { planCodec } from './codec/plan-codec.ts';
import type { ConformancePlan } from './conformance-case.ts';
import type { IOManagerHarness } from './io-manager/harness.ts';
import { planIOManager } from './io-manager/plan-io-manager.ts';
import type { VersionStrategyHarness } from './version-strategy/harness.ts';
import { planVersionStrategy } from './version-strategy/plan-version-strategy.ts';

/** The harness of anything that the suite can test. */
export type Harness = IOManagerHarness | VersionStrategyHarness | CodecHarness;

/** The cases for whatever a harness is of. Rejects with a `TypeError` for what is no harness. */
export async function planHarness(harness: Harness): Promise<ConformancePlan> {
  if ('setup' in harness) return planIOManager(harness);
  if ('codec' in harness) return planCodec(harness);
  if ('module' in harness) return planVersionStrategy(harness);
  throw new TypeError('A harness has `setup` (IO managers), `module` (version strategies) or `codec` (codecs).');
}
