import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const load = op('load', () => 1);
const clean = op('clean', ({ docs }: { docs: number }) => docs + 1);
const count = op('count', ({ docs }: { docs: number }) => docs * 2);

async function warmJob() {
  const io = new WatchedManager();
  const versions = new SetVersions();
  const counting = job('counting', { versions, io, build: () => count({ docs: clean({ docs: load() }) }) });
  await counting.run();
  versions.set('count', '2');
  return { io, versions, job: counting };
}

test('when it goes between planning and reading: that step runs, its readers wait, the rest is re-used', async () => {
  const { io, job } = await warmJob();
  let times = 0;
  io.interference = {
    load: ({ step }) => {
      if (step === 'clean' && times++ === 0) io.lose('clean');
    },
  };
  const recorder = new EventRecorder();
  const result = await job.run({ reporter: recorder.reporter });
  expect(recorder.log).toEqual(['load reuse', 'clean reuse', 'clean run', 'count run']);
  expect(recorder.of('output.lost').map(({ step, output, error }) => [step, output, error.code])).toEqual([
    ['clean', 'result', 'M5004'],
  ]);
  expect(result.ok).toBe(true);
  expect(await result.load('result')).toBe(4);
});

test('when what it needs itself is gone too', async () => {
  const { io, job } = await warmJob();
  let times = 0;
  io.interference = {
    load: ({ step }) => {
      if (step !== 'clean' || times++ > 0) return;
      io.lose('clean');
      io.lose('load');
    },
  };
  const result = await job.run();
  expect(result.executed).toEqual(['load', 'clean', 'count']);
  expect(await result.load('result')).toBe(4);
});

test('when it goes while it is planned, it is planned to run', async () => {
  const { io, job } = await warmJob();
  io.lose('clean');
  expect(whatRan(await job.run())).toEqual({ ran: ['clean', 'count'], reused: ['load'] });
});

test('what has no reader that runs may stay away', async () => {
  const { io, versions, job } = await warmJob();
  versions.set('count', '1');
  io.lose('clean');
  expect(whatRan(await job.run())).toEqual({ reused: ['count', 'load'], skipped: ['clean'] });
});
