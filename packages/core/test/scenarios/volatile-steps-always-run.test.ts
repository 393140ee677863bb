import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

let value = 0;
const now = op('now', { memo: 'off', run: () => value });
const parity = op('parity', ({ at }: { at: number }) => at % 2);
const show = op('show', ({ parity }: { parity: number }) => `parity ${parity}`);
const other = op('other', () => 'other');

const showing = () => {
  const io = new WatchedManager();
  const over = job('showing', {
    versions: new SetVersions(),
    io,
    build: () => ({ shown: show({ parity: parity({ at: now() }) }), other: other() }),
  });
  return { io, job: over };
};

test('what is below is memoized on what they gave', async () => {
  const { io, job } = showing();
  value = 1;
  expect(whatRan(await job.run())).toEqual({ ran: ['now', 'other', 'parity', 'show'] });
  const plan = await job.plan();
  expect(whatIsPlanned(plan)).toEqual({ run: ['now'], pending: ['parity', 'show'], reuse: ['other'] });
  expect(plan.step('now').reasons).toEqual([{ code: 'volatile', because: 'memo-off' }]);
  expect(plan.step('parity').reasons).toEqual([{ code: 'needed-if', step: 'now' }]);
  expect(plan.step('parity').version).toBeUndefined();
  expect(whatRan(await job.run())).toEqual({ ran: ['now'], reused: ['other', 'parity', 'show'] });
  value = 2;
  const changed = await job.run();
  expect(whatRan(changed)).toEqual({ ran: ['now', 'parity', 'show'], reused: ['other'] });
  expect(await changed.load('shown')).toBe('parity 0');
  value = 1;
  expect(whatRan(await job.run())).toEqual({ ran: ['now'], reused: ['other', 'parity', 'show'] });
  expect(io.calls.filter((call) => call === 'has now.result')).toEqual([]);
});

test('their own values are kept for their run only', async () => {
  const { io, job } = showing();
  const addresses: string[] = [];
  io.interference = {
    handle: (context) => {
      addresses.push(context.getOutputIdentifier()[0] ?? '');
    },
  };
  await job.run({ only: 'parity' });
  expect(addresses).toEqual(['runs', 'outputs']);
});

test('an op without a version is one of them, where the job allows that', async () => {
  const versions = new SetVersions({ now: undefined });
  const unversioned = op('now', () => value);
  const allowed = job('allowed', {
    versions,
    unversioned: 'volatile',
    io: new WatchedManager(),
    build: () => parity({ at: unversioned() }),
  });
  await allowed.run();
  const again = await allowed.run();
  expect(whatRan(again)).toEqual({ ran: ['now'], reused: ['parity'] });
  expect(again.plan.step('now').reasons).toEqual([{ code: 'volatile', because: 'unversioned' }]);
});

test('so is an op whose strategy says that its version cannot be trusted', async () => {
  const versions = new SetVersions({ now: { version: '1', volatile: true, certainty: 'untrackable' } });
  const trackless = op('now', () => value);
  const over = job('over', { versions, io: new WatchedManager(), build: () => parity({ at: trackless() }) });
  await over.run();
  const again = await over.run();
  expect(whatRan(again)).toEqual({ ran: ['now'], reused: ['parity'] });
  expect(again.plan.step('now').reasons).toEqual([{ code: 'volatile', because: 'untrackable' }]);
});
