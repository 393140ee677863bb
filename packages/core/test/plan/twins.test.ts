import { job, type MemoizableIOManager, memory, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { SharedStorage } from '../support/shared-storage.ts';
import { FULL_STORE, openSharedStore } from '../support/shared-store.ts';

function countedJob(io: MemoizableIOManager = memory()) {
  let calls = 0;
  const count = op('count', () => ++calls);
  const pass = op('pass', ({ value }: { value: number }) => value);
  return job('twins', {
    versions: new SetVersions(),
    io,
    build: () => {
      const [first, second] = [count({}, { id: 'first' }), count({}, { id: 'second' })];
      return { first, second, passed: pass({ value: first }) };
    },
  });
}

test('a step that shares its version with one that is forced is planned to run, and what is below it waits', async () => {
  const twins = countedJob();
  await twins.run();
  const plan = await twins.plan({ force: 'second' });
  expect(plan.steps.map(({ id, action }) => `${id} ${action}`)).toEqual(['first run', 'second run', 'pass pending']);
  const result = await twins.run({ force: 'second' });
  expect(await result.loadAll()).toEqual({ first: 2, second: 2, passed: 2 });
});

test('a selection that gives something else leaves what is below it alone', async () => {
  const twins = countedJob();
  await twins.run();
  const result = await twins.run({ only: 'first', force: 'first' });
  expect(result.executed).toEqual(['first']);
  expect(await result.load('first')).toBe(2);
  await expect(result.load('passed')).rejects.toMatchObject({ code: 'M6011' });
  expect(await (await twins.run()).loadAll()).toEqual({ first: 2, second: 2, passed: 2 });
});

test('a step whose twin is computed again is planned to wait, though it is there itself', async () => {
  const storage = new SharedStorage();
  const twins = countedJob(openSharedStore(storage, { traits: FULL_STORE, prefix: 'store' }));
  await twins.run();
  storage.objects.delete([...storage.objects.keys()].find((key) => key.includes('/count/')) ?? '');
  const plan = await twins.plan({ only: ['second', 'pass'] });
  expect(plan.steps.map(({ id, action }) => `${id} ${action}`)).toEqual([
    'first pending',
    'second run',
    'pass pending',
  ]);
  const result = await twins.run({ only: ['second', 'pass'] });
  expect(await result.load('passed')).toBe(2);
});
