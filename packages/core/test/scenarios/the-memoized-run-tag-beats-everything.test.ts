import { job, MEMOIZED_RUN_TAG, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

const [off, on] = [{ [MEMOIZED_RUN_TAG]: 'false' }, { [MEMOIZED_RUN_TAG]: 'true' }];
const load = op('load', { version: '1', run: () => 1 });
const clean = op('clean', { version: '1', run: ({ docs }: { docs: number }) => docs + 1 });

const cleaning = (spec: { tags?: Record<string, string>; versions?: SetVersions }) => {
  const io = new WatchedManager();
  return { io, job: job('cleaning', { ...spec, io, build: () => clean({ docs: load() }) }) };
};

const MEMOIZED = {
  'a strategy': { versions: new SetVersions() },
  'a tag of the job': { tags: on },
  both: { versions: new SetVersions(), tags: on },
};

test.each(Object.entries(MEMOIZED))(
  'a run that says no beats %s: all run, nothing is looked for or published',
  async (_, spec) => {
    const { io, job } = cleaning(spec);
    await job.run();
    io.calls.length = 0;
    const recordsBefore = await io.records.segments();
    const result = await job.run({ tags: off });
    expect(whatRan(result)).toEqual({ ran: ['clean', 'load'] });
    expect(result.plan.memoized).toBe(false);
    expect(result.plan.steps.map(({ reasons }) => reasons)).toEqual([[{ code: 'memo-off' }], [{ code: 'memo-off' }]]);
    expect(io.calls).toEqual(['handle load.result', 'load load.result', 'handle clean.result']);
    expect(await io.records.segments()).toEqual(recordsBefore);
    expect(whatRan(await job.run())).toEqual({ reused: ['clean', 'load'] });
  },
);

test('a tag of the job beats its strategy, and a tag of the run beats both', async () => {
  const { job } = cleaning({ tags: off, versions: new SetVersions() });
  for (let times = 0; times < 2; times++) expect(whatRan(await job.run())).toEqual({ ran: ['clean', 'load'] });
  expect(whatRan(await job.run({ tags: on }))).toEqual({ ran: ['clean', 'load'] });
  expect(whatRan(await job.run({ tags: on }))).toEqual({ reused: ['clean', 'load'] });
});

test('a run without memoization is the same', async () => {
  const { job } = cleaning({ tags: on });
  await job.run();
  expect(whatRan(await job.run({ memo: 'off' }))).toEqual({ ran: ['clean', 'load'] });
  expect(whatIsPlanned(await job.plan({ memo: 'off' }))).toEqual({ run: ['clean', 'load'] });
  expect(whatRan(await job.run({ tags: on, memo: 'off' }))).toEqual({ ran: ['clean', 'load'] });
});

test('other tags are labels', async () => {
  const { job } = cleaning({ tags: { ...on, owner: 'search' } });
  await job.run();
  expect(whatRan(await job.run({ tags: { owner: 'shop', 'memo/other': 'false' } }))).toEqual({
    reused: ['clean', 'load'],
  });
});
