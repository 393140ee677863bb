import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conformanceBlock, planIOManager } from '../src/index.ts';
import { testIOManager } from '../src/vitest.ts';
import { harness } from './io-fs-harness.ts';

testIOManager(harness);

test('the README of the package says what was tested', async () => {
  const plan = await planIOManager(harness);
  const kept = plan.cases.map(
    ({ id, title, skip }) => ({ id, title, outcome: skip === undefined ? 'kept' : 'skipped' }) as const,
  );
  expect(readFileSync(new URL('../../io-fs/README.md', import.meta.url), 'utf8')).toContain(
    conformanceBlock(plan, kept),
  );
});
