import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const io = new WatchedManager();
const versions = new SetVersions();
const inHouse = op('measure', { namespace: 'in-house', run: ({ x }: { x: number }) => x });
const foreign = op('measure', { namespace: 'foreign', run: ({ x }: { x: number }) => -x });
const weigh = op('weigh', { namespace: 'in-house', run: ({ x }: { x: number }) => x * 2 });

test("ops of equal code, config and inputs do not take each other's results", async () => {
  const measuring = job('measuring', {
    versions,
    io,
    build: () => ({ a: inHouse({ x: 1 }), b: foreign({ x: 1 }), c: weigh({ x: 1 }) }),
  });
  const result = await measuring.run();
  expect(await result.loadAll()).toEqual({ a: 1, b: -1, c: 2 });
  expect(whatRan(result)).toEqual({ ran: ['measure', 'measure_2', 'weigh'] });
});

test('two jobs, and two steps of one job, share what they both compute', async () => {
  const other = job('other', {
    versions,
    io,
    build: () => ({ a: inHouse({ x: 1 }, { id: 'mine' }), b: inHouse({ x: 1 }, { id: 'yours' }) }),
  });
  expect(whatRan(await other.run())).toEqual({ reused: ['mine', 'yours'] });
});

test('a salt keeps a step from sharing', async () => {
  const salted = job('other', { versions, io, build: () => inHouse({ x: 1 }, { salt: 'mine' }) });
  expect(whatRan(await salted.run())).toEqual({ ran: ['measure'] });
  expect(whatRan(await salted.run())).toEqual({ reused: ['measure'] });
});
