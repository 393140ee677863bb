import { job, op, provide, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';

const llm = resource('llm', { setup: () => ({ ask: () => 'real' }) });
const ask = op('ask', { uses: { llm }, run: (_, { use }) => use.llm.ask() });
const fake = { ask: () => 'fake' };

test('a provided value without a version in a memoized job is named', async () => {
  const asking = job('asking', { versions: new SetVersions(), resources: [provide(llm, fake)], build: () => ask() });
  const error = await caught('M4008', () => asking.plan());
  expect(error.details).toEqual({ job: 'asking', resource: 'llm' });
  expect(error.fix).toContain("provide(llm, value, { version: '1' })");
});

test('a value that only the run provides is held to the same', async () => {
  const asking = job('asking', { versions: new SetVersions(), build: () => ask() });
  await caught('M4008', () => asking.run({ resources: [provide(llm, fake)] }));
});

test('a version, or no memoization, is enough', async () => {
  const asking = job('asking', { versions: new SetVersions(), build: () => ask() });
  const versioned = await asking.run({ resources: [provide(llm, fake, { version: '1' })] });
  expect(await versioned.load('result')).toBe('fake');
  const plain = job('plain', { resources: [provide(llm, fake)], build: () => ask() });
  expect(await (await plain.run()).load('result')).toBe('fake');
});
