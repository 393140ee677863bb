import { job, op } from '@memo/core';
import { beforeEach, expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

const load = op('load', () => 1);
const clean = op('clean', { tags: { team: 'search' }, run: ({ docs }: { docs: number }) => docs + 1 });
const now = op('now', { memo: 'off', run: () => 5 });
const count = op('count', { tags: { team: 'shop' }, run: ({ docs }: { docs: number }) => docs * 2 });

let io: WatchedManager;
let counting: ReturnType<typeof make>;

function make() {
  return job('counting', {
    versions: new SetVersions(),
    io,
    build: () => ({ count: count({ docs: clean({ docs: load() }) }), now: now() }),
  });
}

beforeEach(() => {
  io = new WatchedManager();
  counting = make();
});

test('the first time it runs with what it needs, the second time nothing runs', async () => {
  expect(whatRan(await counting.run({ only: 'clean' }))).toEqual({ ran: ['clean', 'load'], skipped: ['count', 'now'] });
  expect(whatRan(await counting.run({ only: 'clean' }))).toEqual({
    reused: ['clean', 'load'],
    skipped: ['count', 'now'],
  });
});

test('a missing step before it is planned with it', async () => {
  await counting.run({ only: 'clean' });
  io.lose('load');
  io.lose('clean');
  expect(whatIsPlanned(await counting.plan({ only: 'clean' }))).toEqual({
    run: ['clean', 'load'],
    skip: ['count', 'now'],
  });
});

test('a step that is never memoized runs each time', async () => {
  for (let times = 0; times < 2; times++) {
    expect(whatRan(await counting.run({ only: 'now' }))).toEqual({ ran: ['now'], skipped: ['clean', 'count', 'load'] });
  }
});

test('steps outside it are skipped, even when they would run, or are re-used when they are there', async () => {
  await counting.run({ only: 'clean' });
  const plan = await counting.plan({ only: 'load' });
  expect(whatIsPlanned(plan)).toEqual({ reuse: ['clean', 'load'], skip: ['count', 'now'] });
  expect(plan.step('count').reasons).toEqual([{ code: 'not-selected' }]);
});

test.each([
  ['count', ['clean', 'count', 'load']],
  ['+clean', ['clean', 'load']],
  ['clean+', ['clean', 'count', 'load']],
  ['tag:team=search', ['clean', 'load']],
  ['tag:team', ['clean', 'count', 'load']],
  ['load, now', ['load', 'now']],
  [
    ['clean', 'now'],
    ['clean', 'load', 'now'],
  ],
  ['!count', ['clean', 'load', 'now']],
  [
    ['tag:team', '!count'],
    ['clean', 'load'],
  ],
] as const)('%j runs %j on an empty store', async (only, ran) => {
  expect((await counting.run({ only })).executed.toSorted()).toEqual(ran);
});
