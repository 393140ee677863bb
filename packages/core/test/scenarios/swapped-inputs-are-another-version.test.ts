import { job, op, type Ref } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const seven = op('seven', () => 7);
const three = op('three', () => 3);
const subtract = op('subtract', ({ a, b }: { a: number; b: number }) => a - b);
const split = op('split', { outputs: ['left', 'right'], run: () => ({ left: 7, right: 3 }) });

const io = new WatchedManager();
const subtracting = (wire: (x: Ref<number>, y: Ref<number>) => { a: Ref<number>; b: Ref<number> }) =>
  job('subtracting', { versions: new SetVersions(), io, build: () => subtract(wire(seven(), three())) });

test('swapping two steps between two inputs runs the reader again', async () => {
  const straight = await subtracting((a, b) => ({ a, b })).run();
  expect(whatRan(straight)).toEqual({ ran: ['seven', 'subtract', 'three'] });
  const swapped = await subtracting((b, a) => ({ a, b })).run();
  expect(whatRan(swapped)).toEqual({ ran: ['subtract'], reused: ['seven', 'three'] });
  expect([await straight.load('result'), await swapped.load('result')]).toEqual([4, -4]);
});

test('swapping two outputs of one step runs the reader again', async () => {
  const own = new WatchedManager();
  const over = (swap: boolean) =>
    job('over', {
      versions: new SetVersions(),
      io: own,
      build: () => {
        const { left, right } = split();
        return subtract(swap ? { a: right, b: left } : { a: left, b: right });
      },
    });
  expect(await (await over(false).run()).load('result')).toBe(4);
  const swapped = await over(true).run();
  expect(whatRan(swapped)).toEqual({ ran: ['subtract'], reused: ['split'] });
  expect(await swapped.load('result')).toBe(-4);
});
