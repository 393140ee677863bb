import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const rich = {
  date: new Date(0),
  map: new Map([
    ['b', 1],
    ['a', 2],
  ]),
  set: new Set([3, 1]),
  bytes: new Uint8Array([1, 2, 3]),
  numbers: [1, -0, Number.NaN, 10n],
  nothing: undefined,
};
const load = op('load', () => ({ ...rich, list: [{ id: 1 }] }));
const split = op('split', { outputs: ['train', 'test'], run: () => ({ train: [1], test: undefined }) });

const loading = () =>
  job('loading', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    build: () => {
      const { train, test } = split();
      return { docs: load(), nested: { parts: [train, { test }] } };
    },
  });

test('with the same types and orders, each time a copy of its own', async () => {
  const over = loading();
  const cold = await over.run();
  const warm = await over.run();
  expect(whatRan(warm)).toEqual({ reused: ['load', 'split'] });
  for (const result of [cold, warm]) {
    const docs = await result.load('docs');
    expect(docs).toStrictEqual({ ...rich, list: [{ id: 1 }] });
    expect([...docs.map.keys()]).toEqual(['b', 'a']);
    docs.list.push({ id: 2 });
    expect((await result.load('docs')).list).toEqual([{ id: 1 }]);
    expect(await result.load('nested')).toStrictEqual({ parts: [[1], { test: undefined }] });
  }
  expect(await warm.loadAll()).toStrictEqual(await cold.loadAll());
});

test('where the op gives a function that can be waited for, as some query builders do', async () => {
  const rows = Promise.resolve([{ id: 1 }]);
  const query = new Proxy(() => undefined, { get: (_, key) => Reflect.get(rows, key).bind(rows) });
  const asking = op('asking', () => query as unknown as typeof rows);
  const over = job('asking', { versions: new SetVersions(), io: new WatchedManager(), build: () => asking() });
  for (const ran of [{ ran: ['asking'] }, { reused: ['asking'] }]) {
    const result = await over.run();
    expect(whatRan(result)).toEqual(ran);
    expect(await result.loadAll()).toEqual({ result: [{ id: 1 }] });
  }
});

test('where nothing is memoized too', async () => {
  const plain = await loading().run({ memo: 'off' });
  expect(await plain.load('docs')).toStrictEqual({ ...rich, list: [{ id: 1 }] });
});

test('a single reference is the output `result`', async () => {
  const single = job('single', { build: () => split().train });
  expect(await (await single.run()).loadAll()).toEqual({ result: [1] });
});
