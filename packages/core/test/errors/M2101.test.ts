import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';

const load = op('load', () => 1);

test('an op that is called outside build() is named with the line of the call', async () => {
  const error = await caught('M2101', () => {
    load(); // outside
  });
  expect(error.problem).toContain('"load"');
  expect(error.fix).toContain('testOp(load');
  expect(error.place).toMatchObject(placeOf(import.meta.url, 'load(); // outside'));
});

test('an op that is called inside another op is outside build() too', async () => {
  const outer = op('outer', () => load());
  const result = await job('nested', { build: () => outer() }).run();
  expect(result.failed[0]?.error.cause).toMatchObject({ code: 'M2101', details: { op: 'load' } });
});
