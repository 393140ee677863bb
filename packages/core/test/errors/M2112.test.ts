import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

const load = op('load', () => 1);

test.each([
  ['an error', new RangeError('no such split'), 'no such split'],
  ['a text', 'no such split', 'no such split'],
  ['nothing', undefined, 'undefined'],
])('%s that build() throws is kept as the cause', async (_, thrown, message) => {
  const training = job('training', {
    build: () => {
      load();
      throw thrown;
    },
  });
  const error = await caught('M2112', () => training.plan());
  expect(error.problem).toContain('"training"');
  expect(error.problem).toContain(message);
  expect(error.cause).toBe(thrown);
});

test('a run throws it too, before anything runs', async () => {
  let runs = 0;
  const count = op('count', () => ++runs);
  const training = job('training', {
    build: () => {
      count();
      throw new Error('stop');
    },
  });
  await caught('M2112', () => training.run());
  expect(runs).toBe(0);
});
