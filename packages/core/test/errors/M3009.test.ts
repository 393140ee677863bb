import { job, op, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';

test('a teardown that fails is told, keeps the results, and does not keep others from being torn down', async () => {
  const torn: string[] = [];
  const db = resource('db', {
    setup: () => 'db',
    teardown: () => {
      torn.push('db');
    },
  });
  const cache = resource('cache', {
    uses: { db },
    setup: () => 'cache',
    teardown: () => {
      torn.push('cache');
      throw new Error('still busy');
    },
  });
  const read = op('read', { uses: { cache }, run: () => 'read' });
  const result = await job('reading', { build: () => read() }).run();
  expect(torn).toEqual(['cache', 'db']);
  expect(result.executed).toEqual(['read']);
  expect(await result.load('result')).toBe('read');
  expect(result.errors.map(({ code }) => code)).toEqual(['M3009']);
  expect(result.status).toBe('failure');
  const [error] = result.errors;
  expect(error?.problem).toContain('"cache"');
  expect(error?.fix).toMatch(/\S/);
  expect(error?.cause).toMatchObject({ message: 'still busy' });
  expect(error?.place).toMatchObject(placeOf(import.meta.url, "const cache = resource('cache'"));
  expect((await caught('M6006', () => result.unwrap())).errors).toEqual(result.errors);
});
