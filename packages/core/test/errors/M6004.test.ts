import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { ManualClock, withClock } from '../support/manual-clock.ts';

test('unwrapping a cancelled run says so', async () => {
  const controller = new AbortController();
  const recorder = new EventRecorder();
  const first = op('first', () => {
    controller.abort(new Error('enough'));
    return new Promise<number>(() => undefined);
  });
  const second = op('second', ({ docs }: { docs: number }) => docs);
  const training = job('training', { build: () => second({ docs: first() }) });
  const cancellable = withClock(training, new ManualClock({ skips: true }));
  const result = await cancellable.run({ signal: controller.signal, reporter: recorder.reporter });
  expect(result.status).toBe('cancelled');
  expect(result.failed).toEqual([]);
  expect(result.executed).toEqual([]);
  expect(recorder.log).toContain('first cancelled');
  expect(recorder.of('step.end')[0]?.error?.code).toBe('M6004');
  const error = await caught('M6004', () => result.unwrap());
  expect(error.problem).toContain(result.id);
  expect(error.problem).toContain('"training"');
});
