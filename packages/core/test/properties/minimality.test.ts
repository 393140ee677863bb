import fc from 'fast-check';
import { test } from 'vitest';
import { THOUSANDS } from '../support/cases.ts';
import { minimality } from './minimality-property.ts';

test('a run executes exactly what is demanded and was never computed, volatile steps, and effects that are not the last ones', async () => {
  await fc.assert(minimality, THOUSANDS);
});
