import { describe, expect, test } from 'vitest';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import { planIOManager } from '../src/index.ts';
import { testIOManager } from '../src/vitest.ts';
import { defectHarness } from './defects/defect-harness.ts';
import { DEFECTS } from './defects/defects.ts';

const TRIED = Object.entries(DEFECTS).filter((_, index) => IS_WHOLE || index % 3 === 0);

if (IS_WHOLE) testIOManager(defectHarness());

describe('a manager that', () => {
  test.each(TRIED)('%s is caught', async (defect, { caughtBy }) => {
    const { cases } = await planIOManager(defectHarness(defect));
    const found = cases.find(({ id }) => id === caughtBy);
    expect(found?.skip).toBeUndefined();
    await expect(untilItFails(() => found?.run())).rejects.toThrow(Error);
  });
});

/** A race or a kill hits the defect often, but not always. */
async function untilItFails(run: () => Promise<void> | undefined): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt++) await run();
}

test('memory that a process had before does not hide what an object takes', async () => {
  Buffer.alloc(600 * 1024 * 1024, 1);
  const { cases } = await planIOManager(defectHarness('decompresses before it looks at sizes'));
  const found = cases.find(({ id }) => id === 'size-limit/bombs');
  await expect(found?.run()).rejects.toThrow(/memory grew by/);
});
