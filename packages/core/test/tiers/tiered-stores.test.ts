import { job, memory, op, tiered } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { flakyStore } from '../support/flaky-store.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const load = op('load', () => [3, 1, 2]);
const split = op('split', {
  outputs: { low: {}, high: {}, none: { optional: true } },
  run: ({ all }: { all: readonly number[] }) => ({ low: all.filter((n) => n < 2), high: all.filter((n) => n >= 2) }),
});
const count = op(
  'count',
  ({ low, high }: { low: readonly number[]; high: readonly number[] }) => low.length + high.length,
);

function counting(io: ReturnType<typeof tiered> | WatchedManager, versions = new SetVersions()) {
  return job('counting', {
    versions,
    io,
    build: () => {
      const { low, high } = split({ all: load() });
      return { total: count({ low, high }), low };
    },
  });
}

/** A shared store to which one machine has published a run. */
async function published() {
  const shared = new WatchedManager();
  const ci = counting(tiered(new WatchedManager(), shared));
  expect((await ci.run()).executed).toEqual(['load', 'split', 'count']);
  return shared;
}

test('an empty machine re-uses what another one published: values, several outputs and reasons', async () => {
  const shared = await published();
  const local = new WatchedManager();
  const laptop = counting(tiered(local, shared, { policy: 'read-only' }));
  const plan = await laptop.plan();
  expect(plan.steps.map(({ action }) => action)).toEqual(['reuse', 'reuse', 'reuse']);
  expect(plan.step('split').producedBy).toBeDefined();
  const result = await laptop.run();
  expect(whatRan(result)).toEqual({ reused: ['count', 'load', 'split'] });
  expect(await result.load('total')).toBe(3);
  expect(await result.load('low')).toEqual([1]);
  expect(local.calls.filter((call) => call.startsWith('handle'))).toEqual(['handle count.result', 'handle split.low']);
});

test('what was read once is there when the shared store is gone, and so is what it was made from', async () => {
  const shared = await published();
  const local = new WatchedManager();
  await (await counting(tiered(local, shared)).run()).load('total');
  expect((await local.bindings()).map(({ step }) => step)).toEqual(['load', 'split', 'count']);
  const alone = counting(local);
  expect((await alone.plan({ only: 'count' })).step('count').action).toBe('reuse');
});

test('an edit on an empty machine runs what it reaches, and reads the rest from the shared store', async () => {
  const shared = await published();
  const versions = new SetVersions();
  versions.set('count', '2');
  const laptop = counting(tiered(new WatchedManager(), shared, { policy: 'read-only' }), versions);
  expect(whatRan(await laptop.run())).toEqual({ ran: ['count'], reused: ['load', 'split'] });
});

test('a read-only tier is never written', async () => {
  const shared = await published();
  const before = shared.calls.length;
  const versions = new SetVersions();
  versions.set('load', '2');
  const bindings = await shared.bindings();
  await counting(tiered(new WatchedManager(), shared, { policy: 'read-only' }), versions).run();
  expect(shared.calls.slice(before).filter((call) => !/^(has|load)/.test(call))).toEqual([]);
  expect(await shared.bindings()).toEqual(bindings);
});

test('a shared store that fails costs one warning and no run', async () => {
  const shared = await published();
  const laptop = counting(
    tiered(
      new WatchedManager(),
      flakyStore(shared, () => true),
    ),
  );
  const recorder = new EventRecorder();
  const result = await laptop.run({ reporter: recorder.reporter });
  expect(result.status).toBe('success');
  expect(result.executed).toEqual(['load', 'split', 'count']);
  const warnings = recorder.of('warning').filter(({ code }) => code !== 'nothing-kept');
  expect(warnings.map(({ code }) => code)).toEqual(['shared-store-failed']);
  expect(warnings[0]?.message).toContain('no connection');
});

test('a shared store that fails after planning makes the steps run whose values it had', async () => {
  const shared = await published();
  const versions = new SetVersions();
  versions.set('count', '2');
  const laptop = counting(
    tiered(
      new WatchedManager(),
      flakyStore(shared, (what) => what === 'before load'),
    ),
    versions,
  );
  const result = await laptop.run();
  expect(result.status).toBe('success');
  expect([...result.executed].sort()).toEqual(['count', 'load', 'split']);
  expect(await result.load('total')).toBe(3);
});

test('a value that many read at once is fetched once', async () => {
  const shared = new WatchedManager();
  const sum = op('sum', ({ all, by }: { all: readonly number[]; by: number }) => all.length + by);
  const versions = new SetVersions();
  const summing = (io: ReturnType<typeof tiered>) =>
    job('summing', {
      versions,
      io,
      build: () => {
        const all = load();
        return [1, 2, 3, 4].map((by) => sum({ all, by }, { id: `sum${by}` }));
      },
    });
  await summing(tiered(new WatchedManager(), shared)).run();
  versions.set('sum', '2');
  shared.calls.length = 0;
  const slow = flakyStore(shared, () => false);
  expect((await summing(tiered(new WatchedManager(), slow, { policy: 'read-only' })).run()).executed).toHaveLength(4);
  expect(shared.calls.filter((call) => call.startsWith('load'))).toEqual(['load load.result']);
});

test('a value that is not what its binding says is not used, and is replaced', async () => {
  const shared = await published();
  const versions = new SetVersions();
  versions.set('split', '2');
  const intact = shared.loadInput.bind(shared);
  shared.loadInput = (context) => (context.step === 'load' ? [9, 9, 9] : intact(context));
  const recorder = new EventRecorder();
  const result = await counting(tiered(new WatchedManager(), shared), versions).run({ reporter: recorder.reporter });
  expect(result.executed).toContain('load');
  expect(await result.load('low')).toEqual([1]);
  expect(recorder.of('warning').map(({ code }) => code)).toContain('shared-value-damaged');
  expect(shared.calls).toContain('delete load.result');
});

test('where another machine has published another content, ours counts here and stays here', async () => {
  let draw = 0;
  const toss = op('toss', () => ++draw);
  const twice = op('twice', ({ n }: { n: number }) => n * 2);
  const thrice = op('thrice', ({ n }: { n: number }) => n * 3);
  const versions = new SetVersions();
  const tossing = (io: ReturnType<typeof tiered>) =>
    job('tossing', {
      versions,
      io,
      build: () => {
        const n = toss();
        return { n, twice: twice({ n }), thrice: thrice({ n }) };
      },
    });
  const shared = new WatchedManager();
  const local = new WatchedManager();
  let isDown = true;
  const mine = tossing(
    tiered(
      local,
      flakyStore(shared, () => isDown),
    ),
  );
  await mine.run({ only: 'twice' });
  isDown = false;
  await tossing(tiered(new WatchedManager(), shared)).run();
  const recorder = new EventRecorder();
  const result = await mine.run({ reporter: recorder.reporter });
  expect(result.executed).toEqual(['thrice']);
  expect([await result.load('n'), await result.load('twice'), await result.load('thrice')]).toEqual([1, 2, 3]);
  expect(recorder.of('warning').map(({ code }) => code)).toContain('kept-local');
  expect((await shared.bindings()).map(({ step }) => step)).toEqual(['toss', 'twice', 'thrice']);
});

test('what was computed while the shared store could not be reached is published by push', async () => {
  const shared = new WatchedManager();
  let isDown = true;
  const store = tiered(
    new WatchedManager(),
    flakyStore(shared, () => isDown),
  );
  await counting(store).run();
  expect(await shared.bindings()).toEqual([]);
  isDown = false;
  expect(await store.push()).toEqual({ published: 3, kept: 0 });
  const laptop = counting(tiered(new WatchedManager(), shared, { policy: 'read-only' }));
  expect((await laptop.run()).executed).toEqual([]);
});

test('pulling brings everything that others have published, so that nothing of it needs the network', async () => {
  const shared = await published();
  const local = new WatchedManager();
  expect(await tiered(local, shared).pull()).toEqual({ published: 3, kept: 0 });
  const alone = await counting(local).run();
  expect([whatRan(alone), await alone.load('total')]).toEqual([{ reused: ['count', 'load', 'split'] }, 3]);
});

test('three tiers: the shared one of one is tiered itself', async () => {
  const far = await published();
  const near = new WatchedManager();
  const laptop = counting(tiered(new WatchedManager(), tiered(near, far)));
  const result = await laptop.run();
  expect(result.executed).toEqual([]);
  expect(await result.load('total')).toBe(3);
  expect(near.calls).toContain('handle count.result');
});

test('a store that keeps no records, is not memoizable, or a wrong policy is refused', () => {
  const shared = new WatchedManager();
  expect(() => tiered(memory(), memory())).toThrow(TypeError);
  expect(() => tiered(memory(), {} as never)).toThrow(TypeError);
  expect(() => tiered(memory(), shared, { policy: 'write-only' as never })).toThrow(TypeError);
});
