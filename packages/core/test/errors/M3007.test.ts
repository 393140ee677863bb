import { configure, job, op, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

test('the whole circle is named', async () => {
  const needsC = resource.required<number>('c');
  const a = resource('a', { uses: { needsC }, setup: ({ use }) => use.needsC });
  const b = resource('b', { uses: { a }, setup: ({ use }) => use.a });
  const c = resource('c', { uses: { b }, setup: ({ use }) => use.b });
  const ask = op('ask', { uses: { c }, run: (_, { use }) => use.c });
  const asking = job('asking', { resources: [configure(c, {})], build: () => ask() });
  const error = await caught('M3007', () => asking.plan());
  expect(error.problem).toContain('c → b → a → c');
  expect(error.details).toEqual({ resources: ['c', 'b', 'a', 'c'] });
  expect(error.place?.file).toMatch(/M3007\.test\.ts$/);
});
