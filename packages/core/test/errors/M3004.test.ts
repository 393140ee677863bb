import { job, op, provide, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';

const db = resource.required<{ rows: number }>('db');
const load = op('load', { uses: { db }, run: (_, { use }) => use.db.rows });

test('a required resource that nothing provides is named with the op that requires it', async () => {
  const training = job('training', { build: () => load() });
  const error = await caught('M3004', () => training.plan());
  expect(error.problem).toContain('Op "load" requires resource "db"');
  expect(error.fix).toContain('provide(db');
  expect(error.place).toMatchObject(placeOf(import.meta.url, 'const db ='));
});

test('a resource of nearly the same name is suggested', async () => {
  const dbs = resource.required<{ rows: number }>('dbs');
  const training = job('training', { resources: [provide(dbs, { rows: 1 })], build: () => load() });
  expect((await caught('M3004', () => training.run())).problem).toContain('Did you mean "dbs"?');
});

test('a resource that another resource requires is asked for in its name', async () => {
  const index = resource('index', { uses: { db }, setup: ({ use }) => use.db.rows });
  const search = op('search', { uses: { index }, run: (_, { use }) => use.index });
  const searching = job('searching', { build: () => search() });
  expect((await caught('M3004', () => searching.plan())).problem).toContain('Resource "index" requires resource "db"');
});

test('what the run provides is enough', async () => {
  const training = job('training', { build: () => load() });
  expect(await (await training.run({ resources: [provide(db, { rows: 7 })] })).load('result')).toBe(7);
});

test.each([true, false])(
  'a resource that is required by name is not met by one that another op defines',
  async (first) => {
    const own = resource('db', { setup: () => ({ rows: 1 }) });
    const other = op('other', { uses: { own }, run: (_, { use }) => use.own.rows });
    const training = job('training', {
      build: () => (first ? { a: load(), b: other() } : { b: other(), a: load() }),
    });
    await caught('M3004', () => training.plan());
  },
);
