import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { SharedStorage } from '../support/shared-storage.ts';
import { FULL_STORE, openSharedStore } from '../support/shared-store.ts';

/** A step by chance and one that reads it, both returned; each call is as by another process. */
function chain(storage: SharedStorage, roll: () => number) {
  const chance = op('chance', roll);
  const pass = op('pass', ({ value }: { value: number }) => value);
  const more = op('more', ({ value }: { value: number }) => value + 1);
  return job('chain', {
    versions: new SetVersions(),
    io: openSharedStore(storage, { traits: FULL_STORE, prefix: 'store' }),
    build: () => {
      const value = chance();
      return { value, more: more({ value: pass({ value }) }) };
    },
  });
}

function lose(storage: SharedStorage, ...ops: readonly string[]): void {
  storage.segments.clear();
  for (const key of storage.objects.keys())
    if (ops.some((name) => key.includes(`/${name}/`))) storage.objects.delete(key);
}

test.each([
  { lost: ['chance'], executed: ['chance', 'pass', 'more'] },
  { lost: ['chance', 'pass'], executed: ['chance', 'pass', 'more'] },
])(
  'what was made from a value that is lost with its record ($lost) is made again, when that comes out different',
  async ({ lost, executed }) => {
    let rolled = 0;
    const storage = new SharedStorage();
    await chain(storage, () => ++rolled).run();
    lose(storage, ...lost);
    const result = await chain(storage, () => ++rolled).run();
    expect(result.executed).toEqual(executed);
    expect(await result.loadAll()).toEqual({ value: 2, more: 3 });
    const again = await chain(storage, () => ++rolled).run();
    expect(again.executed).toEqual([]);
    expect(await again.loadAll()).toEqual({ value: 2, more: 3 });
  },
);

test('what was made from a value that comes back the same is left alone, where its own record says what it was made from', async () => {
  const storage = new SharedStorage();
  await chain(storage, () => 1).run({ only: 'chance' });
  const first = [...storage.segments.keys()];
  await chain(storage, () => 1).run();
  const kept = [...storage.segments].filter(([name]) => !first.includes(name));
  lose(storage, 'chance');
  for (const [name, bytes] of kept) storage.segments.set(name, bytes);
  const result = await chain(storage, () => 1).run();
  expect(result.executed).toEqual(['chance']);
  expect(result.reused).toEqual(['pass', 'more']);
});

/** Two steps of one version, of which one is read; each call is as by another process. */
function twins(storage: SharedStorage, roll: () => number) {
  const chance = op('chance', roll);
  const pass = op('pass', ({ value }: { value: number }) => value);
  return job('twins', {
    versions: new SetVersions(),
    io: openSharedStore(storage, { traits: FULL_STORE, prefix: 'store' }),
    build: () => {
      const [read, alone] = [chance(), chance()];
      return { alone, passed: pass({ value: read }) };
    },
  });
}

test.each(['chance', 'chance_2'])(
  'what was made from a value that is lost with its record is made again, whichever step of its version gives it (%s alone first)',
  async (first) => {
    let rolled = 0;
    const storage = new SharedStorage();
    await twins(storage, () => ++rolled).run();
    lose(storage, 'chance');
    await twins(storage, () => ++rolled).run({ only: first });
    const result = await twins(storage, () => ++rolled).run();
    expect(await result.loadAll()).toEqual({ alone: 2, passed: 2 });
    expect(result.executed).toEqual(['pass']);
  },
);

test('what a run has made from a value without a record is made again, when that is lost meanwhile and comes out different', async () => {
  let rolled = 0;
  const storage = new SharedStorage();
  const chance = op('chance', () => ++rolled);
  const seen = op('seen', ({ value }: { value: number }) => {
    if (rolled === 1) lose(storage, 'chance');
    return value;
  });
  const pair = op('pair', ({ value, before }: { value: number; before: number }) => ({ value, before }));
  const io = (): ReturnType<typeof openSharedStore> =>
    openSharedStore(storage, { traits: FULL_STORE, prefix: 'store' });
  const build = () => {
    const value = chance();
    return { paired: pair({ value, before: seen({ value }) }) };
  };
  await job('lost', { versions: new SetVersions(), io: io(), build }).run({ only: 'chance' });
  storage.segments.clear();
  const result = await job('lost', { versions: new SetVersions(), io: io(), build }).run();
  expect(await result.loadAll()).toEqual({ paired: { value: 2, before: 2 } });
});

test('what may have been made already from what a lost step will give is not planned to run for certain', async () => {
  const storage = new SharedStorage();
  const chance = op('chance', () => 1);
  const near = op('near', ({ value }: { value: number }) => value);
  const far = op('far', ({ value }: { value: number }) => value);
  const pair = () =>
    job('pair', {
      versions: new SetVersions(),
      io: openSharedStore(storage, { traits: { ...FULL_STORE, records: false }, prefix: 'store' }),
      build: () => {
        const value = chance();
        return { value, near: near({ value }), far: far({ value }) };
      },
    });
  await pair().run();
  lose(storage, 'chance', 'far');
  expect((await pair().run()).executed).toEqual(['chance', 'near', 'far']);
  lose(storage, 'chance');
  const plan = await pair().plan();
  expect(plan.steps.map(({ id, action }) => [id, action])).toEqual([
    ['chance', 'run'],
    ['near', 'pending'],
    ['far', 'pending'],
  ]);
  expect((await pair().run()).executed).toEqual(['chance']);
});

test('what others may have made, where a store keeps no records, is not planned to run for certain', async () => {
  const storage = new SharedStorage();
  let rolled = 1;
  const chance = op('chance', () => rolled);
  const pass = op('pass', ({ value }: { value: number }) => value);
  const opened = () =>
    job('shared', {
      versions: new SetVersions(),
      io: openSharedStore(storage, { traits: { ...FULL_STORE, records: false }, prefix: 'store' }),
      build: () => pass({ value: chance() }),
    });
  const mine = opened();
  await mine.run();
  const ofMine = [...storage.objects.keys()];
  rolled = 2;
  expect((await opened().run({ force: ['chance'] })).executed).toEqual(['chance', 'pass']);
  for (const key of ofMine) storage.objects.delete(key);
  const plan = await mine.plan();
  expect(plan.steps.map(({ id, action }) => [id, action])).toEqual([
    ['chance', 'run'],
    ['pass', 'pending'],
  ]);
  expect((await mine.run()).executed).toEqual(['chance']);
});
