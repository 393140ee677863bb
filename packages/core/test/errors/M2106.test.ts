import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { caught } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';

const load = op('load', () => 1);
const split = op('split', { outputs: ['train', 'test'], run: () => ({ train: 1, test: 2 }) });
const learn = op('learn', (input: object) => Object.keys(input));

const NESTED: Readonly<Record<string, readonly [path: string, make: () => unknown]>> = {
  'in an object': ['.a.b', () => ({ a: { b: load() } })],
  'in a list in an object': ['.items.1', () => ({ items: [0, load()] })],
  'in a list of objects': ['.0.doc', () => [{ doc: load() }]],
  'in a Map': ['.key', () => new Map([['key', load()]])],
  'in a Set': ['.0', () => new Set([load()])],
};

test.each(Object.entries(NESTED))('a reference %s is placed with its path', async (_, [path, make]) => {
  const nested = job('nested', {
    build: () => {
      const opts = make();
      return learn({ opts } as never); // wires
    },
  });
  const error = await caught('M2106', () => nested.plan());
  expect(error.problem).toContain('"opts"');
  expect(error.problem).toContain(path);
  expect(error.details).toMatchObject({ step: 'learn', input: 'opts' });
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// wires'));
});

test('all outputs of a step at once are no input', async () => {
  const nested = job('nested', { build: () => learn({ parts: split() } as never) });
  const error = await caught('M2106', () => nested.plan());
  expect(error.details).toMatchObject({ step: 'learn', input: 'parts' });
});

test.each([
  ['', () => load()],
  [' at .size', () => ({ size: load() })],
])('a reference in a config is placed%s', async (where, config) => {
  const chunk = op('chunk', { config: z.any(), run: (_, given) => given.config });
  const nested = job('nested', {
    build: () => chunk({}, { config: config() }), // configures
  });
  const error = await caught('M2106', () => nested.plan());
  expect(error.problem).toBe(`The config of step "chunk" holds a reference${where}.`);
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// configures'));
});

test('a list that is an input may hold references', async () => {
  const listed = job('listed', { build: () => learn({ list: [load(), 2] } as never) });
  expect(await (await listed.run()).load('result')).toEqual(['list']);
});
