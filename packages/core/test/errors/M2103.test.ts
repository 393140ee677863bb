import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

const load = op('load', () => 1);

test('an async build() is refused with the name of the job', async () => {
  const training = job('training', { build: (async () => load()) as never });
  const error = await caught('M2103', () => training.plan());
  expect(error.problem).toContain('"training"');
  expect(error.fix).toContain('async');
});

test('a promise that rejects later does not go unhandled', async () => {
  const training = job('training', {
    build: (async () => {
      load();
      throw new Error('too late');
    }) as never,
  });
  await caught('M2103', () => training.run());
});
