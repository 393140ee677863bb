import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { ManualClock, withClock } from '../support/manual-clock.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const flaky = (fails: number, retry: object) => {
  const seen: number[] = [];
  const run = op('flaky', {
    retry: { max: 3, ...retry },
    run: (_, { run }) => {
      seen.push(run.attempt);
      if (run.attempt <= fails) throw new Error(`attempt ${run.attempt}`);
      return run.attempt;
    },
  });
  const [io, clock] = [new WatchedManager(), new ManualClock({ skips: true })];
  const retrying = withClock(job('retrying', { versions: new SetVersions(), io, build: () => run() }), clock);
  return { seen, io, clock, job: retrying };
};

test('the failures before it leave nothing, and the next run re-uses it', async () => {
  const { seen, io, job } = flaky(2, {});
  const recorder = new EventRecorder();
  const result = await job.run({ reporter: recorder.reporter });
  expect(recorder.log).toEqual(['flaky retry', 'flaky retry', 'flaky run']);
  expect(recorder.of('step.end')[0]?.attempts).toBe(3);
  expect(seen).toEqual([1, 2, 3]);
  expect(io.calls.filter((call) => call.startsWith('handle'))).toEqual(['handle flaky.result']);
  expect(await result.load('result')).toBe(3);
  expect((await io.bindings()).length).toBe(1);
  expect(whatRan(await job.run())).toEqual({ reused: ['flaky'] });
  expect(seen).toEqual([1, 2, 3]);
});

test.each([
  ['one second', {}, [1_000, 1_000, 1_000]],
  ['as long as it says', { delay: '2s' }, [2_000, 2_000, 2_000]],
  ['twice as long each time', { delay: 100, backoff: 'exponential' }, [100, 200, 400]],
  ['no longer than the longest', { delay: 100, backoff: 'exponential', maxDelay: 150 }, [100, 150, 150]],
  ['by a random factor less', { delay: 100, jitter: true }, [75, 75, 75]],
])('it waits %s', async (_, retry, sleeps) => {
  const { clock, job } = flaky(3, retry);
  expect((await job.run()).ok).toBe(true);
  expect(clock.sleeps).toEqual(sleeps);
});

test('an error that is not worth it is not retried', async () => {
  const { seen, job } = flaky(1, { when: () => false });
  expect(whatRan(await job.run())).toEqual({ failed: ['flaky'] });
  expect(seen).toEqual([1]);
});

test('inputs that cannot be loaded are not retried', async () => {
  const io = new WatchedManager();
  const clock = new ManualClock({ skips: true });
  const load = op('load', () => 1);
  const clean = op('clean', { retry: 3, run: ({ docs }: { docs: number }) => docs });
  io.interference = {
    load: () => {
      throw new Error('AccessDenied');
    },
  };
  const cleaning = job('cleaning', { versions: new SetVersions(), io, build: () => clean({ docs: load() }) });
  expect(whatRan(await withClock(cleaning, clock).run())).toEqual({ ran: ['load'], failed: ['clean'] });
  expect(clock.sleeps).toEqual([]);
});
