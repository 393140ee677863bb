import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { ManualClock, withClock } from '../support/manual-clock.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

const HOUR = 3_600_000;

function fetching() {
  const clock = new ManualClock();
  let page = 'old';
  const fetchPage = op('fetch', { maxAge: '1h', run: () => page });
  const measure = op('measure', ({ page }: { page: string }) => page.length);
  const over = job('fetching', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    build: () => measure({ page: fetchPage() }),
  });
  return {
    clock,
    job: withClock(over, clock),
    publish: (next: string) => {
      page = next;
    },
  };
}

test('it is re-used up to its age, and computed again past it', async () => {
  const { clock, job } = fetching();
  await job.run();
  clock.advance(HOUR);
  expect(whatRan(await job.run())).toEqual({ reused: ['fetch', 'measure'] });
  clock.advance(1);
  const plan = await job.plan();
  expect(whatIsPlanned(plan)).toEqual({ run: ['fetch'], pending: ['measure'] });
  expect(plan.step('fetch').reasons).toEqual([{ code: 'expired', ageMs: HOUR + 1, maxAgeMs: HOUR }]);
  expect(whatRan(await job.run())).toEqual({ ran: ['fetch'], reused: ['measure'] });
});

test('age counts from when it was computed, not from when it was re-used', async () => {
  const { clock, job } = fetching();
  await job.run();
  clock.advance(HOUR - 1);
  await job.run();
  clock.advance(2);
  expect(whatRan(await job.run())).toMatchObject({ ran: ['fetch'] });
  clock.advance(HOUR);
  expect(whatRan(await job.run())).toEqual({ reused: ['fetch', 'measure'] });
});

test('what changed meanwhile takes all below with it', async () => {
  const { clock, job, publish } = fetching();
  await job.run();
  publish('newer');
  expect(await (await job.run()).load('result')).toBe(3);
  clock.advance(HOUR + 1);
  const result = await job.run();
  expect(whatRan(result)).toEqual({ ran: ['fetch', 'measure'] });
  expect(await result.load('result')).toBe(5);
  expect(whatRan(await job.run())).toEqual({ reused: ['fetch', 'measure'] });
});

test('nothing that was never computed is expired', async () => {
  const { job } = fetching();
  expect((await job.plan()).step('fetch').reasons).toEqual([{ code: 'first-run' }]);
});

test('the age of a step is set where it is used', async () => {
  const clock = new ManualClock();
  const load = op('load', { maxAge: '1h', run: () => 1 });
  const over = job('over', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    defaults: { maxAge: '1d' },
    build: () => ({ own: load({}, { id: 'own' }), shorter: load({}, { id: 'shorter', maxAge: 10, salt: 's' }) }),
  });
  const timed = withClock(over, clock);
  await timed.run();
  clock.advance(11);
  expect(whatRan(await timed.run())).toEqual({ ran: ['shorter'], reused: ['own'] });
  clock.advance(HOUR);
  expect(whatRan(await timed.run())).toEqual({ ran: ['own', 'shorter'] });
});
