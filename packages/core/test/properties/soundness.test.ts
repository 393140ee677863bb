import fc from 'fast-check';
import { test } from 'vitest';
import { THOUSANDS } from '../support/cases.ts';
import { soundness } from './soundness-property.ts';

test('whatever happened before, a run gives what computing everything anew gives', async () => {
  await fc.assert(soundness, THOUSANDS);
});
