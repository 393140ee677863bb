import { job, op, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const db = resource('db', { setup: () => [1, 2] });
const load = op('load', { uses: { db }, run: (_, { use }) => use.db });
const count = op('count', ({ docs }: { docs: readonly number[] }) => docs.length);
const sum = op('sum', ({ docs }: { docs: readonly number[] }) => docs.length);

const io = new WatchedManager();
const versions = new SetVersions();
const counting = job('counting', {
  versions,
  io,
  build: () => {
    const docs = load();
    return { count: count({ docs }), sum: sum({ docs }) };
  },
});

test('cold: asked about all, then each value stored once, and loaded once for each reader', async () => {
  await counting.run({ concurrency: 1 });
  expect(io.calls.slice(0, 3).toSorted()).toEqual(['has count.result', 'has load.result', 'has sum.result']);
  const later = io.calls.slice(3).filter((call) => !call.startsWith('has'));
  expect(later[0]).toBe('handle load.result');
  expect(later.toSorted()).toEqual([
    'handle count.result',
    'handle load.result',
    'handle sum.result',
    'load load.result',
    'load load.result',
  ]);
});

test('warm: only asked; a result is loaded when somebody wants it', async () => {
  io.calls.length = 0;
  const warm = await counting.run();
  expect(io.calls.toSorted()).toEqual(['has count.result', 'has load.result', 'has sum.result']);
  io.calls.length = 0;
  expect(await warm.load('count')).toBe(2);
  expect(io.calls).toEqual(['load count.result']);
});

test('with one edit: only that reader loads', async () => {
  versions.set('sum', '2');
  io.calls.length = 0;
  await counting.run();
  expect(io.calls.filter((call) => !call.startsWith('has'))).toEqual(['load load.result', 'handle sum.result']);
});
