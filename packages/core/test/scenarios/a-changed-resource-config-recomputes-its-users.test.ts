import { configure, job, op, resource } from '@memo/core';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const config = z.object({ url: z.string().default('local') });
const db = resource('db', { config, setup: (given) => given.config.url });
const index = resource('index', { uses: { db }, setup: ({ use }) => `index of ${use.db}` });
const llm = resource('llm', { config, setup: (given) => given.config.url });

const read = op('read', { uses: { db }, run: (_, { use }) => use.db });
const search = op('search', { uses: { index }, run: (_, { use }) => use.index });
const ask = op('ask', { uses: { llm }, run: (_, { use }) => use.llm });
const both = op('both', ({ a, b }: { a: string; b: string }) => a + b);

const versions = new SetVersions();
const answering = job('answering', {
  versions,
  io: new WatchedManager(),
  resources: [configure(db, { url: 'job' })],
  build: () => ({ read: both({ a: read(), b: 'x' }), found: search(), answer: ask() }),
});

beforeEach(async () => {
  for (const name of ['db', 'index', 'llm']) versions.set(name, '1');
  await answering.run();
});

test('its users and all below run again, also where a resource requires it; nothing else does', async () => {
  const changed = await answering.run({ resources: [configure(db, { url: 'other' })] });
  expect(await changed.loadAll()).toEqual({ read: 'otherx', found: 'index of other', answer: 'local' });
  expect(whatRan(changed)).toEqual({ ran: ['both', 'read', 'search'], reused: ['ask'] });
});

test('the same config given by the run runs nothing', async () => {
  const same = await answering.run({ resources: [configure(db, { url: 'job' })] });
  expect(whatRan(same)).toEqual({ reused: ['ask', 'both', 'read', 'search'] });
});

test('a default and the same value written out are one config', async () => {
  const written = await answering.run({ resources: [configure(llm, { url: 'local' })] });
  expect(whatRan(written)).toEqual({ reused: ['ask', 'both', 'read', 'search'] });
});

test('the config of a resource that no step requires does not count', async () => {
  const unused = resource('unused', { config, setup: () => 1 });
  const result = await answering.run({ resources: [configure(unused, { url: 'new' })] });
  expect(whatRan(result)).toEqual({ reused: ['ask', 'both', 'read', 'search'] });
});

test('the code of a resource counts like its config, for those who require it', async () => {
  versions.set('index', '2');
  expect(whatRan(await answering.run())).toEqual({ ran: ['search'], reused: ['ask', 'both', 'read'] });
  versions.set('db', '2');
  expect(whatRan(await answering.run())).toEqual({ ran: ['read', 'search'], reused: ['ask', 'both'] });
});
