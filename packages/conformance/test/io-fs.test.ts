import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import { conformanceBlock, planIOManager } from '../src/index.ts';
import { testIOManager } from '../src/vitest.ts';
import { harness } from './io-fs-harness.ts';

// The test of kills in the package itself is a sample of the case about them, which takes most of the time.
if (IS_WHOLE) {
  testIOManager(harness);
} else {
  const { cases } = await planIOManager(harness);
  const applicable = cases.filter(({ id, skip }) => skip === undefined && id !== 'crash/killed-writers');
  test.each(applicable)('$id: $title', ({ run }) => run());
}

test('the README of the package says what was tested', async () => {
  const plan = await planIOManager(harness);
  const kept = plan.cases.map(
    ({ id, title, skip }) => ({ id, title, outcome: skip === undefined ? 'kept' : 'skipped' }) as const,
  );
  expect(readFileSync(new URL('../../io-fs/README.md', import.meta.url), 'utf8')).toContain(
    conformanceBlock(plan, kept),
  );
});
