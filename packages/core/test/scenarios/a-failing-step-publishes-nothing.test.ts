import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

type Outputs = { first: number; second: number };

const FAILURES: Readonly<Record<string, () => Outputs | Promise<Outputs>>> = {
  'throws at once': () => {
    throw new Error('no');
  },
  'rejects later': async () => {
    await Promise.resolve();
    throw new Error('no');
  },
  'leaves out an output': () => ({ first: 1 }) as Outputs,
  'gives one that cannot be stored': () => ({ first: 1, second: (() => 2) as never }),
};

test.each(Object.entries(FAILURES))('an op that %s leaves no value and no record, and runs again', async (_, fail) => {
  const io = new WatchedManager();
  let fails = true;
  const split = op('split', { outputs: ['first', 'second'], run: () => (fails ? fail() : { first: 1, second: 2 }) });
  const show = op('show', ({ part }: { part: number }) => part);
  const splitting = job('splitting', { versions: new SetVersions(), io, build: () => show({ part: split().second }) });
  const failed = await splitting.run();
  expect(whatRan(failed)).toEqual({ failed: ['split'], skipped: ['show'] });
  expect(io.calls.filter((call) => call.startsWith('handle'))).toEqual([]);
  expect(await io.bindings()).toEqual([]);
  expect(await io.records.documents('')).toEqual([]);
  fails = false;
  expect(whatRan(await splitting.run())).toEqual({ ran: ['show', 'split'] });
});

test('what was stored before a later store failed does not count', async () => {
  const io = new WatchedManager();
  const split = op('split', { outputs: ['first', 'second'], run: () => ({ first: 1, second: 2 }) });
  const splitting = job('splitting', { versions: new SetVersions(), io, build: () => ({ ...split() }) });
  io.interference = {
    handle: ({ output }) => {
      if (output === 'second') throw new Error('disk full');
    },
  };
  expect(whatRan(await splitting.run())).toEqual({ failed: ['split'] });
  expect(io.calls.filter((call) => call.startsWith('handle'))).toEqual(['handle split.first', 'handle split.second']);
  io.interference = {};
  expect((await splitting.plan()).run).toBe(1);
  const result = await splitting.run();
  expect(whatRan(result)).toEqual({ ran: ['split'] });
  expect(await result.loadAll()).toEqual({ first: 1, second: 2 });
});
