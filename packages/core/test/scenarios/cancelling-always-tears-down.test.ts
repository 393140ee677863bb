import { job, op, resource } from '@memo/core';
import type { MemoizableIOManager } from '@memo/core/plugin';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { ManualClock, withClock } from '../support/manual-clock.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const enough = new Error('enough');

function cancellable(run: (signal: AbortSignal) => Promise<number>) {
  const calls: string[] = [];
  const controller = new AbortController();
  const db = resource('db', {
    setup: () => calls.push('setup'),
    teardown: () => {
      calls.push('teardown');
    },
  });
  const load = op('load', () => 1);
  const wait = op('wait', {
    uses: { db },
    run: async ({ docs: _ }: { docs: number }, { signal }) => {
      calls.push('run');
      controller.abort(enough);
      return run(signal);
    },
  });
  const show = op('show', ({ x }: { x: number }) => x);
  const [io, clock] = [new WatchedManager(), new ManualClock()];
  const waiting = job('waiting', {
    versions: new SetVersions(),
    io,
    build: () => show({ x: wait({ docs: load() }) }),
  });
  return { calls, controller, io, clock, job: withClock(waiting, clock) };
}

test('an op that listens to its signal', async () => {
  const { calls, controller, io, job } = cancellable(
    (signal) =>
      new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason as Error);
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  );
  const recorder = new EventRecorder();
  const result = await job.run({ signal: controller.signal, reporter: recorder.reporter });
  expect(calls).toEqual(['setup', 'run', 'teardown']);
  expect(result.status).toBe('cancelled');
  expect(whatRan(result)).toEqual({ ran: ['load'], skipped: ['show', 'wait'] });
  expect(recorder.log).toContain('wait cancelled');
  expect(recorder.of('run.end')).toMatchObject([{ status: 'cancelled', failed: 0 }]);
  expect(io.calls.filter((call) => call.startsWith('handle'))).toEqual(['handle load.result']);
});

test('an op that ignores it: it is waited for 5 s, then torn down all the same', async () => {
  const { calls, controller, clock, job } = cancellable(() => new Promise(() => undefined));
  const running = job.run({ signal: controller.signal });
  await clock.asleep();
  expect(calls).toEqual(['setup', 'run']);
  clock.advance(5_000);
  expect((await running).status).toBe('cancelled');
  expect(calls).toEqual(['setup', 'run', 'teardown']);
});

test('an op that ends in time after it: torn down when it has ended', async () => {
  let end: (value: number) => void = () => undefined;
  const { calls, controller, clock, job } = cancellable(
    () =>
      new Promise((resolve) => {
        end = resolve;
      }),
  );
  const running = job.run({ signal: controller.signal });
  await clock.asleep();
  expect(calls).toEqual(['setup', 'run']);
  calls.push('ended');
  end(1);
  await running;
  expect(calls).toEqual(['setup', 'run', 'ended', 'teardown']);
});

test('what was stored before it is re-used by the next run', async () => {
  const { controller, job } = cancellable(async () => 2);
  await job.run({ signal: controller.signal });
  expect(whatRan(await job.run())).toEqual({ ran: ['show', 'wait'], reused: ['load'] });
});

test('a run that is cancelled before it begins runs nothing', async () => {
  const { calls, io, job } = cancellable(async () => 2);
  const result = await job.run({ signal: AbortSignal.abort(enough) });
  expect(result.status).toBe('cancelled');
  expect(whatRan(result)).toEqual({ skipped: ['load', 'show', 'wait'] });
  expect(calls).toEqual([]);
  expect(io.calls.filter((call) => call.startsWith('handle'))).toEqual([]);
});

test('a setup that is under way is told, and its value is torn down', async () => {
  const calls: string[] = [];
  const controller = new AbortController();
  const slow = resource('slow', {
    setup: async ({ signal }) => {
      controller.abort(enough);
      calls.push(`aborted ${signal.aborted}`);
      return 1;
    },
    teardown: () => {
      calls.push('teardown');
    },
  });
  const use = op('use', { uses: { slow }, run: (_, { use }) => calls.push(`run ${use.slow}`) });
  const result = await job('using', { build: () => use() }).run({ signal: controller.signal });
  expect(result.status).toBe('cancelled');
  expect(calls).toEqual(['aborted true', 'teardown']);
});

test('a setup that never ends is given up after 5 s, and what was made before it is torn down', async () => {
  const calls: string[] = [];
  const controller = new AbortController();
  const clock = new ManualClock();
  let end: (value: number) => void = () => undefined;
  const before = resource('before', {
    setup: () => calls.push('setup before'),
    teardown: () => void calls.push('teardown before'),
  });
  const slow = resource('slow', {
    uses: { before },
    setup: () => {
      controller.abort(enough);
      return new Promise<number>((resolve) => {
        end = resolve;
      });
    },
    teardown: () => void calls.push('teardown slow'),
  });
  const last = resource('last', { uses: { slow }, setup: () => calls.push('setup last') });
  const use = op('use', { uses: { last }, run: () => calls.push('run') });
  const running = withClock(job('using', { build: () => use() }), clock).run({ signal: controller.signal });
  await clock.asleep();
  clock.advance(5_000);
  const result = await running;
  expect(result.status).toBe('cancelled');
  expect(whatRan(result)).toEqual({ skipped: ['use'] });
  expect(calls).toEqual(['setup before', 'teardown before']);
  end(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(calls).toEqual(['setup before', 'teardown before', 'teardown slow']);
});

test('a wait between two attempts ends at once', async () => {
  const controller = new AbortController();
  const clock = new ManualClock();
  const flaky = op('flaky', {
    retry: { max: 5, delay: '1h' },
    run: () => {
      throw new Error('no');
    },
  });
  const running = withClock(job('waiting', { build: () => flaky() }), clock).run({ signal: controller.signal });
  await clock.asleep();
  controller.abort(enough);
  const result = await running;
  expect(result.status).toBe('cancelled');
  expect(clock.sleepers).toBe(0);
});

test.each(['plan', 'run'] as const)('a store that is asked while a %s is made is told', async (act) => {
  const controller = new AbortController();
  const hanging: MemoizableIOManager = {
    handleOutput: () => undefined,
    loadInput: () => undefined,
    hasOutput: ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        controller.abort(enough);
      }),
  };
  const load = op('load', () => 1);
  const loading = job('loading', { versions: new SetVersions(), io: hanging, build: () => load() });
  const error = await caught('M6004', () => loading[act]({ signal: controller.signal }));
  expect(error.cause).toBe(enough);
  expect(error.details).toEqual({ job: 'loading' });
});

test('an op that cancels its run and returns at once is cancelled: what it returned is not stored', async () => {
  const controller = new AbortController();
  const io = new WatchedManager();
  const stop = op('stop', () => {
    controller.abort(enough);
    return 1;
  });
  const stopping = job('stopping', { versions: new SetVersions(), io, build: () => stop() });
  const result = await stopping.run({ signal: controller.signal });
  expect([result.status, result.executed, result.failed]).toEqual(['cancelled', [], []]);
  expect(io.calls).toEqual(['has stop.result']);
});
