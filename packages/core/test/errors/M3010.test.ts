import { configure, job, op, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';

test('two resources of one name are both placed', async () => {
  const ours = resource('db', { setup: () => 1 }); // ours
  const theirs = resource('db', { setup: () => 2 }); // theirs
  const a = op('a', { uses: { db: ours }, run: (_, { use }) => use.db });
  const b = op('b', { uses: { db: theirs }, run: (_, { use }) => use.db });
  const mixed = job('mixed', { build: () => ({ a: a(), b: b() }) });
  const error = await caught('M3010', () => mixed.plan());
  const { file, line } = placeOf(import.meta.url, '// ours');
  expect(error.because).toContain(`${file}:${line}`);
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// theirs'));
  expect(error.details).toEqual({ resource: 'db' });
});

test.each([true, false])('a resource that is only required by name is met by the one that is bound', async (first) => {
  const db = resource('db', { setup: () => 1 });
  const a = op('a', { uses: { db }, run: (_, { use }) => use.db });
  const b = op('b', { uses: { db: resource.required<number>('db') }, run: (_, { use }) => use.db });
  const mixed = job('mixed', {
    resources: [configure(db, {})],
    build: () => (first ? { a: a(), b: b() } : { b: b(), a: a() }),
  });
  expect(await (await mixed.run()).loadAll()).toEqual({ a: 1, b: 1 });
});

test('two resources of one name that use each other are no definition of one', async () => {
  const inner = resource('db', { setup: () => 1 });
  const outer = resource('db', { uses: { inner }, setup: ({ use }) => use.inner + 1 });
  const a = op('a', { uses: { outer }, run: (_, { use }) => use.outer });
  await caught('M3010', () => job('mixed', { build: () => a() }).plan());
});
