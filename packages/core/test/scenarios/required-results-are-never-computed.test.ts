import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const ran: string[] = [];
const load = op('load', () => ran.push('load'));
const clean = op('clean', ({ docs }: { docs: number }) => ran.push(`clean ${docs > 0}`));
const now = op('now', { memo: 'off', run: () => ran.push('now') });
const show = op('show', ({ docs, at }: { docs: number; at: number }) => docs + at);

test('by a run: nothing runs, not even what always runs', async () => {
  const versions = new SetVersions();
  const io = new WatchedManager();
  const showing = job('showing', { versions, io, build: () => show({ docs: clean({ docs: load() }), at: now() }) });
  await showing.run({ only: 'clean' });
  ran.length = 0;
  expect(whatRan(await showing.run({ memo: 'require', only: 'clean' }))).toMatchObject({ reused: ['clean', 'load'] });
  const all = await showing.run({ memo: 'require', onFailure: 'continue' });
  expect(all.failed.map(({ step, error }) => [step, error.code])).toEqual([['now', 'M6008']]);
  versions.set('clean', '2');
  const edited = await showing.run({ memo: 'require', only: 'clean' });
  expect(whatRan(edited)).toMatchObject({ reused: ['load'], failed: ['clean'] });
  expect(ran).toEqual([]);
});

test('by an op: its step is re-used or fails, the others run', async () => {
  const required = op('required', { memo: 'require', run: () => ran.push('required') });
  const requiring = job('requiring', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    build: () => ({ a: required(), b: load() }),
  });
  ran.length = 0;
  expect(whatRan(await requiring.run({ onFailure: 'continue' }))).toEqual({ ran: ['load'], failed: ['required'] });
  expect(ran).toEqual(['load']);
});

test('where nothing is memoized there is nothing to require', async () => {
  const plain = job('plain', { build: () => load() });
  expect(whatRan(await plain.run({ memo: 'require' }))).toEqual({ ran: ['load'] });
});
