import { readFileSync } from 'node:fs';
import { conformanceBlock, planIOManager } from '@memo/conformance';
import { testIOManager } from '@memo/conformance/vitest';
import { expect, test } from 'vitest';
import { harness } from './harness.ts';

testIOManager(harness);

test('the README says what was tested', async () => {
  const plan = await planIOManager(harness);
  const kept = plan.cases.map(
    ({ id, title, skip }) => ({ id, title, outcome: skip === undefined ? 'kept' : 'skipped' }) as const,
  );
  expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(conformanceBlock(plan, kept));
});
