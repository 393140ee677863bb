import { job, op, type VersionStrategy } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

test('an answer that changes meanwhile counts for the next plan', async () => {
  const versions = new SetVersions();
  const load = op('load', () => {
    versions.set('clean', '2');
    return 1;
  });
  const clean = op('clean', ({ docs }: { docs: number }) => docs);
  const cleaning = job('cleaning', { versions, io: new WatchedManager(), build: () => clean({ docs: load() }) });
  const planned = await cleaning.plan();
  const recorder = new EventRecorder();
  await cleaning.run({ reporter: recorder.reporter });
  const published = recorder.of('step.end').map(({ step, version }) => [step, version]);
  expect(published).toEqual(['load', 'clean'].map((step) => [step, planned.step(step).version]));
  expect(whatRan(await cleaning.run())).toEqual({ ran: ['clean'], reused: ['load'] });
});

test('a strategy that gives another answer each time still runs each step once under one version', async () => {
  let answers = 0;
  const random: VersionStrategy = { id: 'random@1', getOpVersion: () => `v${++answers}` };
  const load = op('load', () => 1);
  const clean = op('clean', ({ docs }: { docs: number }) => docs);
  const cleaning = job('cleaning', {
    versions: random,
    io: new WatchedManager(),
    build: () => clean({ docs: load() }),
  });
  const recorder = new EventRecorder();
  const result = await cleaning.run({ reporter: recorder.reporter });
  expect(answers).toBe(2);
  expect(recorder.log).toEqual(['load run', 'clean run']);
  for (const { step, version } of recorder.of('step.end')) expect(version).toBe(result.plan.step(step).version);
  expect(await result.load('result')).toBe(1);
});
