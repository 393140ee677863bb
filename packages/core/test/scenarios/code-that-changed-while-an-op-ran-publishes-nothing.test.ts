import { job, memory, op } from '@memo/core';
import { expect, test } from 'vitest';

/** A strategy whose version is what `current` says now. */
function strategyOf(current: { version: string }, loadsLate: boolean) {
  return { id: 'edited', getOpVersion: () => ({ version: current.version, loadsLate }) };
}

test('a step whose late-loaded code was edited fails with M4007, and the next run computes it', async () => {
  const current = { version: '1' };
  let edits = 1;
  const read = op('read', () => {
    if (edits-- > 0) current.version = '2';
    return 'value';
  });
  const edited = job('edited', { versions: strategyOf(current, true), io: memory(), build: () => read() });
  const first = await edited.run();
  expect(first.failed.map(({ step, error }) => [step, error.code])).toEqual([['read', 'M4007']]);
  const second = await edited.run();
  expect(second.executed).toEqual(['read']);
  expect((await edited.run()).reused).toEqual(['read']);
});

test('code that is loaded whole before planning is not asked about again', async () => {
  const current = { version: '1' };
  let asked = 0;
  const read = op('read', () => 'value');
  const versions = {
    id: 'counted',
    getOpVersion: () => {
      asked++;
      return { version: current.version };
    },
  };
  await job('whole', { versions, build: () => read() }).run();
  expect(asked).toBe(1);
});
