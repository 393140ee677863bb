import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

const load = op('load', (): number => {
  throw new Error('no network');
});
const clean = op('clean', ({ docs }: { docs: number }) => docs);
const other = op('other', () => 'other');

const training = job('training', {
  build: () => {
    const docs = load();
    return { docs, cleaned: clean({ docs }), other: other() };
  },
});

test('the output of a failed step says what failed', async () => {
  const result = await training.run({ onFailure: 'continue' });
  const error = await caught('M6011', () => result.load('docs'));
  expect(error.details).toEqual({ step: 'load', output: 'result' });
  expect(error.because).toContain('no network');
  expect(error.cause).toBe(result.failed[0]?.error);
});

test('the output of a step below it says that something before it failed', async () => {
  const result = await training.run({ onFailure: 'continue' });
  const error = await caught('M6011', () => result.load('cleaned'));
  expect(error.details).toEqual({ step: 'clean', output: 'result' });
  expect(error.because).toContain('before it failed');
  await caught('M6011', () => result.loadAll());
  expect(await result.load('other')).toBe('other');
});

test('so does the output of a step that was not selected', async () => {
  const result = await training.run({ only: 'other' });
  expect(result.ok).toBe(true);
  await caught('M6011', () => result.load('docs'));
});
