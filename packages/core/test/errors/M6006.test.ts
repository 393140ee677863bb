import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

const fail = op('fail', ({ because }: { because: string }) => {
  throw new Error(because);
});
const load = op('load', () => 1);

test('unwrapping a failed run gives every failure', async () => {
  const training = job('training', {
    build: () => ({ a: fail({ because: 'x' }, { id: 'a' }), b: fail({ because: 'y' }, { id: 'b' }), c: load() }),
  });
  const result = await training.run({ onFailure: 'continue', concurrency: 1 });
  const error = await caught('M6006', () => result.unwrap());
  expect(error.problem).toContain(result.id);
  expect(error.problem).toContain('"training"');
  expect(error.errors.map(({ code, details }) => `${code} ${details.step}`).toSorted()).toEqual(['M6001 a', 'M6001 b']);
  expect(error.message).toContain('x');
  expect(error.message).toContain('y');
});

test('unwrapping a successful run gives the result', async () => {
  const result = await job('training', { build: () => load() }).run();
  expect(result.unwrap()).toBe(result);
});
