import { type IOManager, job, memory, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';

const plain: IOManager = { name: 'plain', handleOutput: () => undefined, loadInput: () => 1 };
const load = op('load', () => 1);
const table = op('table', { io: 'tables', run: () => 1 });

test('a manager without hasOutput in a memoized job is named with job and output', async () => {
  const training = job('training', { versions: new SetVersions(), io: plain, build: () => load() });
  const error = await caught('M4002', () => training.plan());
  expect(error.details).toEqual({ job: 'training', output: 'load.result', manager: 'plain' });
  for (const name of ['"training"', 'load.result', '"plain"']) expect(error.problem).toContain(name);
});

test('managers that an output names by key are held to the same', async () => {
  const io = { default: memory(), tables: plain };
  const training = job('training', { versions: new SetVersions(), io, build: () => table() });
  expect((await caught('M4002', () => training.run())).details).toMatchObject({ output: 'table.result' });
});

test('a manager that no output uses may be as it likes', async () => {
  const io = { default: memory(), tables: plain };
  const training = job('training', { versions: new SetVersions(), io, build: () => load() });
  expect((await training.run()).executed).toEqual(['load']);
});

test('nothing is asked of managers where nothing is memoized', async () => {
  const training = job('training', { io: plain, build: () => load() });
  expect((await training.run()).executed).toEqual(['load']);
});
