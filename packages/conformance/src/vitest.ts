import { describe, test } from 'vitest';
import type { ConformancePlan } from './conformance-case.ts';
import type { IOManagerHarness } from './io-manager/harness.ts';
import { planIOManager } from './io-manager/plan-io-manager.ts';
import { planTitle } from './plan-title.ts';

/** Tests that an IO manager keeps its promises: one vitest test a case. Cases that do not apply are named in the title of the suite. */
export function testIOManager(harness: IOManagerHarness): void {
  describe(harness.name, async () => register(await planIOManager(harness)));
}

function register(plan: ConformancePlan): void {
  describe(planTitle(plan), () => {
    for (const { id, title, skip, run } of plan.cases) {
      if (skip === undefined) test(`${id}: ${title}`, run, TIMEOUT);
    }
  });
}

/** Longer than the time limit of a case, which tells more. */
const TIMEOUT = 90_000;
