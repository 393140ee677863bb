import { job, MemoError, op } from '@memo/core';
import { expect, test } from 'vitest';
import { failureOf } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

test('a store that cannot be written fails the step with what the manager said', async () => {
  const io = new WatchedManager();
  const thrown = new MemoError('M5006', 'Cannot write /store: ENOSPC', { fix: 'free space' });
  io.interference = {
    handle: () => {
      throw thrown;
    },
  };
  const load = op('load', () => 1);
  const result = await job('training', { versions: new SetVersions(), io, build: () => load() }).run();
  expect(failureOf('M5006', result, 'load')).toBe(thrown);
  expect(result.executed).toEqual([]);
});
