import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const one = op('one', () => 1);
const two = op('two', () => 2);
const join = op('join', ({ parts }: { parts: readonly number[] | number }) => JSON.stringify(parts));

const io = new WatchedManager();
const joining = (wire: () => Parameters<typeof join>[0]) =>
  job('joining', { versions: new SetVersions(), io, build: () => join(wire()) });

test('a fan-in in another order runs again, and gives the other order', async () => {
  const first = await joining(() => ({ parts: [one(), two()] })).run();
  expect(await first.load('result')).toBe('[1,2]');
  const second = await joining(() => {
    const [a, b] = [one(), two()];
    return { parts: [b, a] };
  }).run();
  expect(whatRan(second)).toEqual({ ran: ['join'], reused: ['one', 'two'] });
  expect(await second.load('result')).toBe('[2,1]');
});

test('the order in which the steps were wired does not count', async () => {
  await joining(() => ({ parts: [one(), two()] })).run();
  const again = await joining(() => {
    const b = two();
    return { parts: [one(), b] };
  }).run();
  expect(whatRan(again)).toEqual({ reused: ['join', 'one', 'two'] });
});

test('a literal among the items counts by its content and place', async () => {
  await joining(() => ({ parts: [one(), 5] })).run();
  expect(whatRan(await joining(() => ({ parts: [one(), 5] })).run())).toEqual({ reused: ['join', 'one'] });
  expect(whatRan(await joining(() => ({ parts: [one(), 6] })).run())).toEqual({ ran: ['join'], reused: ['one'] });
  expect(whatRan(await joining(() => ({ parts: [5, one()] })).run())).toEqual({ ran: ['join'], reused: ['one'] });
});

test('a list of one is not the one, and both stay what they are', async () => {
  const [list, direct] = [joining(() => ({ parts: [two()] })), joining(() => ({ parts: two() }))];
  expect(await (await list.run()).load('result')).toBe('[2]');
  const other = await direct.run();
  expect(whatRan(other)).toEqual({ ran: ['join'], reused: ['two'] });
  expect(await other.load('result')).toBe('2');
  expect(whatRan(await list.run())).toEqual({ reused: ['join', 'two'] });
});
