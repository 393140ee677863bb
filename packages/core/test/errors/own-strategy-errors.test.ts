import { job, MemoError, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

const load = op('load', () => 1);

test.each(['M4007', 'M4009', 'M4010'] as const)('%s of a strategy ends planning as it is', async (code) => {
  const thrown = new MemoError(code, 'load has no version', { fix: 'restart the process', place: { file: 'load.ts' } });
  const versions = {
    id: 'source@1',
    getOpVersion: () => {
      throw thrown;
    },
  };
  expect(await caught(code, () => job('training', { versions, build: () => load() }).plan())).toBe(thrown);
});
