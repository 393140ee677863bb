import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { ManualClock, withClock } from '../support/manual-clock.ts';
import { SetVersions } from '../support/set-versions.ts';

const pass = op('pass', { maxAge: '1m', run: ({ value }: { value: string }) => value });

test('a result below a volatile step is re-used until it has expired', async () => {
  const clock = new ManualClock();
  const often = op('often', { memo: 'off', run: () => 'same' });
  const expiring = withClock(
    job('expiring', { versions: new SetVersions(), build: () => ({ passed: pass({ value: often() }) }) }),
    clock,
  );
  expect((await expiring.run()).executed).toEqual(['often', 'pass']);
  clock.advance(60_000);
  expect((await expiring.run()).executed).toEqual(['often']);
  clock.advance(1);
  expect((await expiring.run()).executed).toEqual(['often', 'pass']);
  expect((await expiring.run()).executed).toEqual(['often']);
});

test('an expired result that comes back the same leaves what is below it re-used', async () => {
  const clock = new ManualClock();
  const first = op('first', { maxAge: '1m', run: () => 'same' });
  const second = op('second', ({ value }: { value: string }) => value);
  const expiring = withClock(
    job('expiring', { versions: new SetVersions(), build: () => ({ value: second({ value: first() }) }) }),
    clock,
  );
  await expiring.run();
  clock.advance(60_001);
  const plan = await expiring.plan();
  expect(plan.steps.map(({ id, action }) => `${id} ${action}`)).toEqual(['first run', 'second pending']);
  expect((await expiring.run()).executed).toEqual(['first']);
});
