import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { failureOf } from '../support/caught-error.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { ManualClock, withClock } from '../support/manual-clock.ts';
import { placeOf } from '../support/source-line.ts';

test('an op that never settles ends at its timeout, with its signal aborted', async () => {
  const clock = new ManualClock();
  let aborted: unknown;
  const hanging = op('hanging', {
    timeout: '30s',
    run: (_, { signal }) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = signal.reason;
          reject(new Error('stopped'));
        });
      }),
  });
  const running = withClock(job('training', { build: () => hanging() }), clock).run();
  await clock.asleep();
  clock.advance(30_000);
  const error = failureOf('M6003', await running, 'hanging');
  expect(error.details).toMatchObject({ step: 'hanging', op: 'hanging', timeoutMs: 30_000 });
  expect(error.fix).toContain('signal');
  expect(error.place).toMatchObject(placeOf(import.meta.url, "const hanging = op('hanging'"));
  expect(aborted).toBe(error);
});

test('an op that ignores the signal is waited for no longer than 5 s, and what it gives later is dropped', async () => {
  const clock = new ManualClock({ skips: true });
  let release: (value: string) => void = () => undefined;
  const deaf = op('deaf', {
    timeout: 1,
    run: () =>
      new Promise<string>((resolve) => {
        release = resolve;
      }),
  });
  const result = await withClock(job('training', { build: () => deaf() }), clock).run();
  failureOf('M6003', result);
  expect(clock.sleeps).toEqual([1, 5_000]);
  release('too late');
  expect(result.executed).toEqual([]);
});

test('each attempt has the whole time', async () => {
  const clock = new ManualClock({ skips: true });
  const recorder = new EventRecorder();
  const hanging = op('hanging', {
    timeout: 100,
    retry: { max: 1, delay: 10 },
    run: () => new Promise<never>(() => undefined),
  });
  const result = await withClock(job('training', { build: () => hanging() }), clock).run({
    reporter: recorder.reporter,
  });
  failureOf('M6003', result);
  expect(clock.sleeps).toEqual([100, 10, 100, 5_000]);
  expect(recorder.of('step.retry').map(({ error }) => error.code)).toEqual(['M6003']);
});

test('an op that is in time leaves no timer behind', async () => {
  const clock = new ManualClock();
  const quick = op('quick', { timeout: '1h', run: async () => 'done' });
  const result = await withClock(job('training', { build: () => quick() }), clock).run();
  expect(result.executed).toEqual(['quick']);
  expect(clock.sleepers).toBe(0);
});
