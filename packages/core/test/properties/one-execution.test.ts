import fc from 'fast-check';
import { test } from 'vitest';
import { THOUSANDS } from '../support/cases.ts';
import { oneExecution } from './one-execution-property.ts';

test('the values of one result come from one execution of each step version', async () => {
  await fc.assert(oneExecution, THOUSANDS);
});
