import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { whatRan } from '../support/what-ran.ts';

const load = op('load', () => ({ docs: [1, 2] }));
const loading = () => job('loading', { versions: new SetVersions(), build: () => load() });

test('a job without a store memoizes in memory, and says in each run that nothing is kept', async () => {
  const kept = loading();
  const recorder = new EventRecorder();
  expect(whatRan(await kept.run({ reporter: recorder.reporter }))).toEqual({ ran: ['load'] });
  const again = await kept.run();
  expect(whatRan(again)).toEqual({ reused: ['load'] });
  expect(await again.load('result')).toEqual({ docs: [1, 2] });
  expect(recorder.of('warning').map(({ code }) => code)).toEqual(['nothing-kept']);
});

test('another job does not see it', async () => {
  await loading().run();
  expect(whatRan(await loading().run())).toEqual({ ran: ['load'] });
});

test('a job that is not memoized says nothing', async () => {
  const recorder = new EventRecorder();
  await job('plain', { build: () => load() }).run({ reporter: recorder.reporter });
  expect(recorder.of('warning')).toEqual([]);
});
