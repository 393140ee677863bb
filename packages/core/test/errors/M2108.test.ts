import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

const load = op('load', ({ seed }: { seed?: number }) => seed ?? 0);
const other = op('other', ({ seed }: { seed?: number }) => seed ?? 0);

const counting = (): (() => number) => {
  let calls = 0;
  return () => calls++;
};

test('a step that exists only the second time is named', async () => {
  const call = counting();
  const drifting = job('drifting', {
    build: () => ({ steps: Array.from({ length: call() + 1 }, () => load({})) }),
  });
  const error = await caught('M2108', () => drifting.plan());
  expect(error.problem).toContain('"drifting"');
  expect(error.problem).toContain('"load_2" is wired only the second time');
});

test('a step that exists only the first time is named', async () => {
  const call = counting();
  const drifting = job('drifting', {
    build: () => ({ steps: Array.from({ length: 3 - call() }, () => load({})) }),
  });
  expect((await caught('M2108', () => drifting.plan())).problem).toContain('"load_3" is wired only the first time');
});

test('an input that differs from call to call is found', async () => {
  const call = counting();
  const drifting = job('drifting', { build: () => load({ seed: call() }) });
  const error = await caught('M2108', () => drifting.plan());
  expect(error.problem).toContain('"load" is wired differently the second time');
});

test('a salt that differs from call to call is found', async () => {
  const call = counting();
  const drifting = job('drifting', { build: () => load({}, { salt: `${call()}` }) });
  expect((await caught('M2108', () => drifting.plan())).details).toMatchObject({ job: 'drifting', step: 'load' });
});

test('outputs of the job that differ from call to call are found', async () => {
  const call = counting();
  const drifting = job('drifting', {
    build: () => {
      const [a, b] = [load({}), other({})];
      return { chosen: call() === 0 ? a : b };
    },
  });
  const error = await caught('M2108', () => drifting.plan());
  expect(error.problem).toContain('"drifting"');
});

test('a build that fails only sometimes is not taken for one that fails', async () => {
  const call = counting();
  const flaky = job('flaky', {
    build: () => {
      if (call() === 0) throw new Error('not yet');
      return load({});
    },
  });
  const error = await caught('M2108', () => flaky.plan());
  expect(error.because).toContain('not yet');
});

test('nothing runs', async () => {
  let runs = 0;
  const call = counting();
  const noisy = op('noisy', ({ seed }: { seed: number }) => {
    runs++;
    return seed;
  });
  await caught('M2108', () => job('drifting', { build: () => noisy({ seed: call() }) }).run());
  expect(runs).toBe(0);
});
