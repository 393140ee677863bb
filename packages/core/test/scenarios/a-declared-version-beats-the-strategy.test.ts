import { job, op, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const db = resource('db', { version: '1', setup: () => 1 });
const net = resource('net', { setup: () => 2 });
const pinned = op('pinned', { version: '1', uses: { db }, run: (_, { use }) => use.db });
const followed = op('followed', { uses: { net }, run: (_, { use }) => use.net });

const versions = new SetVersions();
const working = job('working', {
  versions,
  io: new WatchedManager(),
  build: () => ({ pinned: pinned(), followed: followed() }),
});

test('the strategy is not even asked about what is declared', async () => {
  await working.run();
  expect(versions.asked.toSorted()).toEqual(['followed', 'net']);
});

test('another version of the strategy recomputes only what follows it', async () => {
  await working.run();
  for (const name of ['pinned', 'db']) versions.set(name, '2');
  expect(whatRan(await working.run())).toEqual({ reused: ['followed', 'pinned'] });
  versions.set('followed', '2');
  expect(whatRan(await working.run())).toEqual({ ran: ['followed'], reused: ['pinned'] });
  versions.set('net', '2');
  expect(whatRan(await working.run())).toEqual({ ran: ['followed'], reused: ['pinned'] });
});

test('another declared version recomputes', async () => {
  const io = new WatchedManager();
  const over = (version: string) => {
    const declared = op('declared', { version, run: () => version });
    return job('over', { versions, io, build: () => declared() });
  };
  await over('1').run();
  const second = await over('2').run();
  expect(whatRan(second)).toEqual({ ran: ['declared'] });
  expect(await second.load('result')).toBe('2');
  expect(whatRan(await over('1').run())).toEqual({ reused: ['declared'] });
});

test('a version that is declared says another thing than the same text of a strategy', async () => {
  const io = new WatchedManager();
  const over = (version?: string) => {
    const declared = op('declared', { ...(version === undefined ? {} : { version }), run: () => 1 });
    return job('over', { versions: new SetVersions(), io, build: () => declared() });
  };
  await over('1').run();
  expect(whatRan(await over().run())).toEqual({ ran: ['declared'] });
});
