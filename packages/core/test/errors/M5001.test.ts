import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { failureOf } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

class Model {}

const REFUSED: Readonly<Record<string, readonly [value: unknown, path: string]>> = {
  'a function': [{ train: [0, { score: () => 1 }] }, 'learn.result.train[1].score'],
  'a class instance': [{ model: new Model() }, 'learn.result.model'],
  'a stream': [{ body: new ReadableStream() }, 'learn.result.body'],
  'a symbol': [[Symbol('x')], 'learn.result[0]'],
};

test.each(Object.entries(REFUSED))(
  '%s in an output fails the step with its path, and nothing is stored',
  async (_, [value, path]) => {
    const io = new WatchedManager();
    const learn = op('learn', () => value);
    const result = await job('training', { versions: new SetVersions(), io, build: () => learn() }).run();
    const error = failureOf('M5001', result);
    expect(error.problem).toContain(path);
    expect(io.calls.filter((call) => call.startsWith('handle'))).toEqual([]);
  },
);

test('where one output of several cannot be stored, none is', async () => {
  const io = new WatchedManager();
  const split = op('split', { outputs: ['train', 'test'], run: () => ({ train: 1, test: () => 2 }) });
  const splitting = job('splitting', { versions: new SetVersions(), io, build: () => ({ ...split() }) });
  const result = await splitting.run();
  expect(failureOf('M5001', result).problem).toContain('split.test');
  expect(io.calls.filter((call) => call.startsWith('handle'))).toEqual([]);
});

test('it is the same where nothing is memoized', async () => {
  const learn = op('learn', () => ({ score: () => 1 }));
  const result = await job('training', { build: () => learn() }).run();
  expect(failureOf('M5001', result).problem).toContain('learn.result.score');
});
