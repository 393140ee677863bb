import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

const load = op('load', ({ source }: { source: unknown }) => JSON.stringify(source));
const clean = op('clean', ({ docs }: { docs: string }) => docs.trim());
const count = op('count', ({ docs }: { docs: string }) => docs.length);
const other = op('other', () => 'other');

const counting = job('counting', {
  versions: new SetVersions(),
  io: new WatchedManager(),
  config: z.object({ source: z.any() }),
  build: ({ source }) => ({ count: count({ docs: clean({ docs: load({ source }) }) }), other: other() }),
});

test.each([
  ['a text', 'a', 'b'],
  ['a number', 1, 2],
  ['a truth value', true, false],
  ['a value deep inside', { deep: [{ er: 1 }] }, { deep: [{ er: 2 }] }],
])('%s that is wired into an input counts by its content', async (_, before, after) => {
  await counting.run({ config: { source: before } });
  expect(whatRan(await counting.run({ config: { source: before } }))).toEqual({
    reused: ['clean', 'count', 'load', 'other'],
  });
  expect(whatIsPlanned(await counting.plan({ config: { source: after } }))).toEqual({
    run: ['load'],
    pending: ['clean', 'count'],
    reuse: ['other'],
  });
  expect(whatRan(await counting.run({ config: { source: after } }))).toEqual({
    ran: ['clean', 'count', 'load'],
    reused: ['other'],
  });
});
