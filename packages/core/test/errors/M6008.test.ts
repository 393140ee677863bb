import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { failureOf } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';

function counting(memo: 'on' | 'require' = 'on') {
  let runs = 0;
  const load = op('load', { memo, run: () => ++runs });
  return { runs: () => runs, job: job('counting', { versions: new SetVersions(), build: () => load() }) };
}

test('a run that requires results fails the step that would run, and runs nothing', async () => {
  const { job, runs } = counting();
  const error = failureOf('M6008', await job.run({ memo: 'require' }), 'load');
  expect(error.details).toEqual({ step: 'load', op: 'load' });
  expect(runs()).toBe(0);
});

test('so does an op that requires them', async () => {
  const { job, runs } = counting('require');
  failureOf('M6008', await job.run(), 'load');
  expect(runs()).toBe(0);
});

test('what is there is enough', async () => {
  const { job, runs } = counting();
  await job.run();
  const result = await job.run({ memo: 'require' });
  expect(result.reused).toEqual(['load']);
  expect(result.ok).toBe(true);
  expect(runs()).toBe(1);
});
