import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

const load = op('load', () => [3, 1, 2]);
const clean = op('clean', {
  config: z.object({ drop: z.number() }),
  run: ({ docs }: { docs: readonly number[] }, { config }) => docs.filter((doc) => doc !== config.drop),
});
const sort = op('sort', ({ docs }: { docs: readonly number[] }) => docs.toSorted());

const sorting = job('sorting', {
  versions: new SetVersions(),
  io: new WatchedManager(),
  config: z.object({ drop: z.number().default(1) }),
  build: ({ drop }) => {
    const docs = load();
    return { cleaned: clean({ docs }, { config: { drop } }), sorted: sort({ docs }) };
  },
});

test('an empty store plans every step; what ran is planned no more', async () => {
  expect(whatIsPlanned(await sorting.plan())).toEqual({ run: ['clean', 'load', 'sort'] });
  expect(whatRan(await sorting.run())).toEqual({ ran: ['clean', 'load', 'sort'] });
  expect(whatIsPlanned(await sorting.plan())).toEqual({ reuse: ['clean', 'load', 'sort'] });
});

test('a changed config plans that step alone, which then reads what is stored', async () => {
  await sorting.run();
  const recorder = new EventRecorder();
  const config = { drop: 2 };
  expect(whatIsPlanned(await sorting.plan({ config }))).toEqual({ run: ['clean'], reuse: ['load', 'sort'] });
  const edited = await sorting.run({ config, reporter: recorder.reporter });
  expect(whatRan(edited)).toEqual({ ran: ['clean'], reused: ['load', 'sort'] });
  expect(await edited.load('cleaned')).toEqual([3, 1]);
  expect(recorder.of('output.loaded').map(({ step, by }) => `${step} by ${by}`)).toEqual(['load by clean']);
  expect(whatIsPlanned(await sorting.plan({ config }))).toEqual({ reuse: ['clean', 'load', 'sort'] });
});

test('going back to an earlier version runs nothing', async () => {
  await sorting.run();
  await sorting.run({ config: { drop: 3 } });
  const back = await sorting.run();
  expect(whatRan(back)).toEqual({ reused: ['clean', 'load', 'sort'] });
  expect(await back.load('cleaned')).toEqual([3, 2]);
});
