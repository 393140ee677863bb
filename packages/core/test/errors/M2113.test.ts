import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { caught } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';

class Model {}
const circle: Record<string, unknown> = {};
circle.self = circle;

const learn = op('learn', ({ opts }: { opts: unknown }) => typeof opts);

const REFUSED: Readonly<Record<string, readonly [value: unknown, path: string, what: string]>> = {
  'a function': [{ a: [() => 1] }, '.a[0]', 'function'],
  'a symbol': [{ kind: Symbol('x') }, '.kind', 'symbol'],
  'a class instance': [{ model: new Model() }, '.model', 'Model'],
  'a promise': [{ later: Promise.resolve(1) }, '.later', 'Promise'],
  'a WeakMap': [{ cache: new WeakMap() }, '.cache', 'WeakMap'],
  'a circle': [{ circle }, '.circle.self', ''],
};

test.each(Object.entries(REFUSED))('%s in a literal is refused with its path', async (_, [opts, path, what]) => {
  const training = job('training', {
    build: () => learn({ opts }), // wires
  });
  const error = await caught('M2113', () => training.plan());
  expect(error.problem).toContain('input "opts" of step "learn"');
  expect(error.problem).toContain(path);
  expect(error.problem).toContain(what);
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// wires'));
});

test('a config that a schema lets through is held to the same', async () => {
  const training = job('training', {
    config: z.object({ hooks: z.array(z.any()) }),
    build: () => learn({ opts: 1 }),
  });
  const error = await caught('M2113', () => training.plan({ config: { hooks: [1, () => 2] } }));
  expect(error.problem).toContain('config of training');
  expect(error.problem).toContain('.hooks[1]');
});

test('that of a step is placed at the step', async () => {
  const chunk = op('chunk', { config: z.any(), run: () => 1 });
  const training = job('training', {
    build: () => chunk({}, { config: { size: () => 1 } }), // configures
  });
  const error = await caught('M2113', () => training.plan());
  expect(error.problem).toContain('config of chunk.size');
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// configures'));
});
