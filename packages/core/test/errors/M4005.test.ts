import { configure, job, op, resource, type VersionStrategy } from '@memo/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { caught } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';
import { placeOf } from '../support/source-line.ts';

const load = op('load', () => 1);

const BROKEN: Readonly<Record<string, Omit<VersionStrategy, 'id'>>> = {
  throws: {
    getOpVersion: () => {
      throw new Error('no git');
    },
  },
  rejects: { getOpVersion: () => Promise.reject(new Error('no git')) },
  'throws for all ops at once': {
    getOpVersion: () => '1',
    getVersions: () => {
      throw new Error('no git');
    },
  },
};

test.each(Object.entries(BROKEN))('a strategy that %s is named, and its error kept', async (_, strategy) => {
  const training = job('training', { versions: { id: 'git@1', ...strategy }, build: () => load() });
  const error = await caught('M4005', () => training.plan());
  expect(error.problem).toContain('"git@1"');
  expect(error.problem).toContain('no git');
  expect(error.cause).toMatchObject({ message: 'no git' });
});

test('a strategy that gives fewer versions than it was asked for is told so', async () => {
  const versions: VersionStrategy = { id: 'git@1', getOpVersion: () => '1', getVersions: () => [] };
  const error = await caught('M4005', () => job('training', { versions, build: () => load() }).plan());
  expect(error.problem).toContain('0 versions for 1 contexts');
});

test('a version function of a resource that throws is placed at the resource', async () => {
  const model = resource('model', {
    config: z.object({ name: z.string() }),
    version: ({ name }) => {
      throw new Error(`no digest for ${name}`);
    },
    setup: () => 1,
  });
  const ask = op('ask', { uses: { model }, run: (_, { use }) => use.model });
  const asking = job('asking', {
    versions: new SetVersions(),
    resources: [configure(model, { name: 'small' })],
    build: () => ask(),
  });
  const error = await caught('M4005', () => asking.plan());
  expect(error.problem).toContain('no digest for small');
  expect(error.place).toMatchObject(placeOf(import.meta.url, "const model = resource('model'"));
});
