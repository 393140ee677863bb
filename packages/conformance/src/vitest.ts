import { describe, test } from 'vitest';
import type { CodecHarness } from './codec/harness.ts';
import { planCodec } from './codec/plan-codec.ts';
import type { ConformancePlan } from './conformance-case.ts';
import type { IOManagerHarness } from './io-manager/harness.ts';
import { planIOManager } from './io-manager/plan-io-manager.ts';
import { planTitle } from './plan-title.ts';
import type { VersionStrategyHarness } from './version-strategy/harness.ts';
import { planVersionStrategy } from './version-strategy/plan-version-strategy.ts';

/**
 * Tests that an IO manager keeps its promises: one vitest test a case. Cases that do not apply are not registered; what they need is
 * named in the title of the suite.
 */
export function testIOManager(harness: IOManagerHarness): void {
  describe(harness.name, async () => register(await planIOManager(harness)));
}

/** The same for a version strategy. Each case starts processes and takes about a second. */
export function testVersionStrategy(harness: VersionStrategyHarness): void {
  describe(harness.name, async () => register(await planVersionStrategy(harness)));
}

/** The same for a codec. */
export function testCodec(harness: CodecHarness): void {
  describe(harness.name, async () => register(await planCodec(harness)));
}

function register(plan: ConformancePlan): void {
  describe(planTitle(plan), () => {
    for (const { id, title, skip, run } of plan.cases) {
      if (skip === undefined) test(`${id}: ${title}`, run, TIMEOUT);
    }
  });
}

/** Longer than the time limit of a case, which tells more. */
const TIMEOUT = 150_000;
