import { job, MEMOIZED_RUN_TAG, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';
import { placeOf } from '../support/source-line.ts';

const clean = op('clean', () => 1); // unversioned
const versions = new SetVersions({ clean: undefined });

test('an op without a version in a memoized job is named, with its line and all remedies', async () => {
  const training = job('training', { versions, build: () => clean() });
  const error = await caught('M4001', () => training.plan());
  expect(error.problem).toContain('"clean"');
  expect(error.problem).toContain('"training"');
  expect(error.because).toContain('"set-versions@1"');
  for (const remedy of ['version:', "memo: 'off'", "unversioned: 'volatile'"]) expect(error.fix).toContain(remedy);
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// unversioned'));
});

test('a job that is memoized by its tag alone has nobody to ask', async () => {
  const training = job('training', { tags: { [MEMOIZED_RUN_TAG]: 'true' }, build: () => clean() });
  expect((await caught('M4001', () => training.plan())).because).toContain('no version strategy');
});

test('each remedy is one', async () => {
  const declared = op('clean', { version: '1', run: () => 1 });
  const off = op('clean', { memo: 'off', run: () => 1 });
  expect((await job('a', { versions, build: () => declared() }).plan()).run).toBe(1);
  expect((await job('b', { versions, build: () => off() }).plan()).run).toBe(1);
  expect((await job('c', { versions, unversioned: 'volatile', build: () => clean() }).plan()).run).toBe(1);
});

test('an op without a version is fine where nothing is memoized', async () => {
  const training = job('training', { versions, build: () => clean() });
  expect((await training.run({ memo: 'off' })).executed).toEqual(['clean']);
});
