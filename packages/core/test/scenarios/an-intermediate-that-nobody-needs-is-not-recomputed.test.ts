import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

const load = op('load', () => 1);
const clean = op('clean', ({ docs }: { docs: number }) => docs + 1);
const count = op('count', ({ docs }: { docs: number }) => docs * 2);

async function pruned() {
  const io = new WatchedManager();
  const versions = new SetVersions();
  const counting = job('counting', { versions, io, build: () => count({ docs: clean({ docs: load() }) }) });
  await counting.run();
  io.lose('load');
  io.lose('clean');
  return { versions, job: counting };
}

test('it is skipped while everything that would read it is there', async () => {
  const { job } = await pruned();
  const plan = await job.plan();
  expect(whatIsPlanned(plan)).toEqual({ reuse: ['count'], skip: ['clean', 'load'] });
  expect(plan.step('clean').reasons).toEqual([{ code: 'not-needed' }]);
  const result = await job.run();
  expect(whatRan(result)).toEqual({ reused: ['count'], skipped: ['clean', 'load'] });
  expect(await result.load('result')).toBe(4);
});

test('it runs when a reader runs, and so does what it needs itself', async () => {
  const { versions, job } = await pruned();
  versions.set('count', '2');
  const plan = await job.plan();
  expect(whatIsPlanned(plan)).toEqual({ run: ['clean', 'count', 'load'] });
  expect(plan.step('clean').reasons).toEqual([{ code: 'missing', outputs: ['result'] }]);
  expect(whatRan(await job.run())).toEqual({ ran: ['clean', 'count', 'load'] });
});

test('it runs when it is asked for', async () => {
  const { job } = await pruned();
  expect(whatRan(await job.run({ only: 'load' }))).toMatchObject({ ran: ['load'] });
});

test('a reader that is decided only while running leaves it alone unless it runs', async () => {
  const io = new WatchedManager();
  const versions = new SetVersions();
  const now = op('now', { memo: 'off', run: () => 1 });
  const both = op('both', ({ docs, at }: { docs: number; at: number }) => docs + at);
  const mixing = job('mixing', { versions, io, build: () => both({ docs: load(), at: now() }) });
  await mixing.run();
  io.lose('load');
  const plan = await mixing.plan();
  expect(whatIsPlanned(plan)).toEqual({ run: ['now'], pending: ['both', 'load'] });
  expect(whatRan(await mixing.run())).toEqual({ ran: ['now'], reused: ['both'], skipped: ['load'] });
  versions.set('both', '2');
  expect(whatRan(await mixing.run())).toEqual({ ran: ['both', 'load', 'now'] });
});
