import { job, memory, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const load = op('load', () => 'x'.repeat(100));
const other = op('other', () => 'y'.repeat(100));

test('a result that the store lost rejects its load with step and output', async () => {
  const io = new WatchedManager();
  const result = await job('training', { versions: new SetVersions(), io, build: () => load() }).run();
  io.lose('load');
  const error = await caught('M5004', () => result.load('result'));
  expect(error.details).toEqual({ step: 'load', output: 'result' });
});

test('a memory that had to make room has lost what was stored first', async () => {
  const io = memory({ maxBytes: 150 });
  const both = job('both', { versions: new SetVersions(), io, build: () => ({ a: load(), b: other() }) });
  const result = await both.run({ concurrency: 1 });
  const loads = await Promise.allSettled([result.load('a'), result.load('b')]);
  expect(loads.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});
