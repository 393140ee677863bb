import { job, op, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';

const load = op('load', () => 1);
const db = resource('db', { setup: () => 1 });
const read = op('read', { uses: { db }, run: (_, { use }) => use.db });

const ILLEGAL: readonly unknown[] = ['', 'a b', 'ü', '1\n', 'x'.repeat(201), '💾', 5, null, {}, { version: 5 }, []];

test.each(ILLEGAL)('a strategy that gives %j for an op is named with what it gave', async (version) => {
  const versions = new SetVersions({ load: version as string });
  const error = await caught('M4003', () => job('training', { versions, build: () => load() }).plan());
  expect(error.problem).toContain('strategy "set-versions@1" for op "load"');
  if (typeof version === 'string' && version.length < 80) expect(error.problem).toContain(JSON.stringify(version));
  expect(error.because).toContain('[A-Za-z0-9_.:+@/~-]');
});

test('a strategy that gives an illegal version for a resource is named with it', async () => {
  const versions = new SetVersions({ db: 'not a version' });
  const error = await caught('M4003', () => job('training', { versions, build: () => read() }).plan());
  expect(error.problem).toContain('for resource "db" gave "not a version"');
});

test.each(['', 'a b', 'x'.repeat(201)])('%j that is declared on an op is refused', async (version) => {
  const declared = op('declared', { version, run: () => 1 });
  const error = await caught('M4003', () => job('a', { versions: new SetVersions(), build: () => declared() }).plan());
  expect(error.problem).toContain('op "declared"');
});

test('a version function of a resource that gives something else is refused', async () => {
  const remote = resource('remote', { version: () => 5 as never, setup: () => 1 });
  const ask = op('ask', { uses: { remote }, run: (_, { use }) => use.remote });
  const error = await caught('M4003', () => job('a', { versions: new SetVersions(), build: () => ask() }).plan());
  expect(error.problem).toContain('resource "remote"');
});

test.each(['1', '2024-06-01.b', 'sha256:ab+c@d/e~f_g', 'x'.repeat(200)])('%j is a version', async (version) => {
  const versions = new SetVersions({ load: version });
  expect((await job('training', { versions, build: () => load() }).plan()).run).toBe(1);
});
