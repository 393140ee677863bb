import { configure, job, op, resource } from '@memo/core';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { caught } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';

const load = op('load', () => 1);

const SCHEMAS = {
  zod: z.strictObject({ source: z.string(), model: z.strictObject({ layers: z.array(z.number()) }) }),
  valibot: v.strictObject({ source: v.string(), model: v.strictObject({ layers: v.array(v.number()) }) }),
};

const WRONG: Readonly<Record<string, readonly [config: unknown, path: string, message: RegExp]>> = {
  'a missing value': [{ model: { layers: [] } }, 'source', /string|source/i],
  'a value of another type': [{ source: 5, model: { layers: [] } }, 'source', /string.*got 5/i],
  'a value of another type deep inside': [
    { source: 'a', model: { layers: [1, '2'] } },
    'model.layers.1',
    /number.*got "2"/i,
  ],
  'an unknown value': [{ source: 'a', model: { layers: [], layer: 1 } }, 'model', /layer/],
};

const cases = Object.entries(SCHEMAS).flatMap(([library, config]) =>
  Object.entries(WRONG).map(([what, wrong]) => [what, library, config, ...wrong] as const),
);

test.each(cases)('%s in the config of a job (%s) is named by its path', async (_, __, config, given, path, message) => {
  const training = job('training', { config: config as (typeof SCHEMAS)['zod'], build: () => load() });
  const error = await caught('M3001', () => training.plan({ config: given as never }));
  expect(error.problem).toContain('job "training"');
  expect(error.problem).toContain(`\`${path}`);
  expect(error.problem).toMatch(message);
  expect(error.place).toMatchObject(placeOf(import.meta.url, "const training = job('training'"));
});

test.each(Object.entries(SCHEMAS))('every issue of a %s schema is in one error', async (_, config) => {
  const training = job('training', { config: config as (typeof SCHEMAS)['zod'], build: () => load() });
  const error = await caught('M3001', () => training.run({ config: { model: { layers: ['a', 1, 'b'] } } as never }));
  expect(error.details).toEqual({
    owner: 'job "training"',
    paths: ['source', 'model.layers.0', 'model.layers.2'],
  });
});

test('no config at all is validated like an empty one', async () => {
  const training = job('training', { config: z.object({ source: z.string() }), build: () => load() });
  const error = await caught('M3001', () => training.plan(undefined as never));
  expect(error.problem).toContain('`source`');
});

test('a config where none is declared is refused with its keys', async () => {
  const training = job('training', { build: () => load() });
  const error = await caught('M3001', () => training.plan({ config: { source: 'a', ratio: 1 } as never }));
  expect(error.problem).toBe('Job "training" takes no config, but got "source", "ratio".');
});

test('the config of a step is placed at the step', async () => {
  const chunk = op('chunk', { config: z.object({ size: z.number() }), run: (_, { config }) => config.size });
  const training = job('training', {
    build: () => ({
      right: chunk({}, { config: { size: 1 } }),
      wrong: chunk({}, { config: { size: 'large' as never } }), // wrong
    }),
  });
  const error = await caught('M3001', () => training.plan());
  expect(error.problem).toContain('step "chunk_2"');
  expect(error.problem).toContain('`size`');
  expect(error.problem).toContain('got "large"');
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// wrong'));
});

test('the config of a resource is placed at the resource', async () => {
  const llm = resource('llm', { config: z.object({ model: z.string() }), setup: ({ config }) => config.model });
  const ask = op('ask', { uses: { llm }, run: (_, { use }) => use.llm });
  const asking = job('asking', { resources: [configure(llm, { model: 5 as never })], build: () => ask() });
  const error = await caught('M3001', () => asking.plan());
  expect(error.problem).toContain('resource "llm"');
  expect(error.problem).toContain('`model`');
  expect(error.place).toMatchObject(placeOf(import.meta.url, "const llm = resource('llm'"));
});

test('a schema that throws is named, with what it threw', async () => {
  const broken = z.object({}).transform(() => {
    throw new RangeError('bad schema');
  });
  const training = job('training', { config: broken, build: () => load() });
  const error = await caught('M3001', () => training.plan());
  expect(error.cause).toMatchObject({ message: 'bad schema' });
});

test('a schema of a step that answers later is refused; that of a job may', async () => {
  const later = z.object({ size: z.number().refine(async () => true) });
  const chunk = op('chunk', { config: later, run: (_, { config }) => config.size });
  const wrong = job('wrong', { build: () => chunk({}, { config: { size: 1 } }) });
  const error = await caught('M3001', () => wrong.plan());
  expect(error.problem).toContain('promise');
  const right = job('right', { config: later, build: () => load() });
  expect((await right.run({ config: { size: 1 } })).ok).toBe(true);
});

const SECRETS: Readonly<Record<string, readonly [secret: string, config: unknown]>> = {
  'a secret': ['token', { token: 48151623 }],
  'a secret behind a wildcard': ['keys.*.token', { keys: { a: { token: 48151623 } } }],
  'a value inside a secret': ['keys', { keys: { a: { token: 48151623 } } }],
};

test.each(Object.entries(SECRETS))('%s of the wrong type is not shown', async (_, [secret, given]) => {
  const config = z.object({
    token: z.string().optional(),
    keys: z.record(z.string(), z.object({ token: z.string() })).optional(),
  });
  const training = job('training', { config, secret: [secret], build: () => load() });
  const error = await caught('M3001', () => training.plan({ config: given as never }));
  expect(error.message).not.toContain('48151623');
  expect(JSON.stringify(error)).not.toContain('48151623');
  expect(error.problem).toContain('token`');
});
