import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { failureOf } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';
import { placeOf } from '../support/source-line.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const RETURNED: Readonly<Record<string, readonly [returned: unknown, problem: string]>> = {
  nothing: [undefined, 'returned undefined'],
  null: [null, 'returned null'],
  'a number': [5, 'returned number'],
  'too little': [{ train: 1 }, 'returned no "test"'],
  'too much': [{ train: 1, test: 2, rest: 3 }, 'returned "rest", which it does not declare'],
  'a misspelt name': [{ train: 1, tset: 2 }, 'returned no "test" and returned "tset", which it does not declare'],
  'an inherited output': [Object.create({ train: 1, test: 2 }), 'returned no "train", "test"'],
};

test.each(Object.entries(RETURNED))(
  '%s in place of the declared outputs fails the step; nothing is stored',
  async (_, [returned, problem]) => {
    const io = new WatchedManager();
    const split = op('split', { outputs: ['train', 'test'], run: () => returned as { train: number; test: number } });
    const result = await job('training', { versions: new SetVersions(), io, build: () => ({ ...split() }) }).run();
    const error = failureOf('M6002', result, 'split');
    expect(error.problem).toBe(`Step "split" ${problem}; declared outputs: train, test.`);
    expect(error.place).toMatchObject(placeOf(import.meta.url, "const split = op('split'"));
    expect(io.calls.filter((call) => call.startsWith('handle'))).toEqual([]);
  },
);

test('undefined is a value, and a missing optional output is none', async () => {
  const split = op('split', {
    outputs: { train: {}, test: { optional: true } },
    run: () => ({ train: undefined }) as { train: undefined; test?: number },
  });
  const result = await job('training', { build: () => ({ ...split() }) }).run();
  expect(await result.loadAll()).toEqual({ train: undefined });
});

test('what an op without outputs returns is dropped', async () => {
  const note = op('note', { outputs: [], run: () => () => 'not a value' });
  const result = await job('training', { build: (() => note()) as never }).run();
  expect(result.ok).toBe(true);
});
