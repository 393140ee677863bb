import { describe, test } from 'node:test';
import type { CodecHarness } from './codec/harness.ts';
import { planCodec } from './codec/plan-codec.ts';
import type { ConformancePlan } from './conformance-case.ts';
import type { IOManagerHarness } from './io-manager/harness.ts';
import { planIOManager } from './io-manager/plan-io-manager.ts';
import { planTitle } from './plan-title.ts';
import type { VersionStrategyHarness } from './version-strategy/harness.ts';
import { planVersionStrategy } from './version-strategy/plan-version-strategy.ts';

/** Tests that an IO manager keeps its promises, with `node --test`: `await testIOManager(harness)`. */
export async function testIOManager(harness: IOManagerHarness): Promise<void> {
  register(await planIOManager(harness));
}

/** The same for a version strategy. */
export async function testVersionStrategy(harness: VersionStrategyHarness): Promise<void> {
  register(await planVersionStrategy(harness));
}

/** The same for a codec. */
export async function testCodec(harness: CodecHarness): Promise<void> {
  register(await planCodec(harness));
}

// Node runs the tests of a suite once it is declared: waiting for them here would wait for ever.
function register(plan: ConformancePlan): void {
  void describe(`${plan.name} ${planTitle(plan)}`, () => {
    for (const { id, title, skip, run } of plan.cases) {
      if (skip === undefined) void test(`${id}: ${title}`, run);
    }
  });
}
