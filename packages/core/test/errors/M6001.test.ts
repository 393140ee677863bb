import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { failureOf } from '../support/caught-error.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { ManualClock, withClock } from '../support/manual-clock.ts';
import { SetVersions } from '../support/set-versions.ts';
import { placeOf } from '../support/source-line.ts';

const unprintable = {
  toString: () => {
    throw new Error('no text');
  },
};

const THROWN: Readonly<Record<string, readonly [thrown: unknown, message: string]>> = {
  'an error': [new RangeError('bad ratio'), 'bad ratio'],
  'a text': ['bad ratio', 'bad ratio'],
  nothing: [undefined, 'undefined'],
  null: [null, 'null'],
  'an object': [{ ratio: 2 }, '[object Object]'],
  'an object without a text': [unprintable, 'a value that cannot be shown'],
};

test.each(Object.entries(THROWN))('%s that an op throws is the cause', async (_, [thrown, message]) => {
  const failing = op('failing', () => {
    throw thrown;
  });
  const result = await job('training', { build: () => failing() }).run();
  const error = failureOf('M6001', result, 'failing');
  expect(error.problem).toContain(message);
  expect(error.cause).toBe(thrown);
  expect(error.details).toMatchObject({ step: 'failing', op: 'failing', attempts: 1 });
  expect(error.place).toMatchObject(placeOf(import.meta.url, "const failing = op('failing'"));
  expect(result.status).toBe('failure');
});

test('a promise that rejects is the same', async () => {
  const failing = op('failing', async () => {
    throw new Error('later');
  });
  const result = await job('training', { build: () => failing() }).run();
  expect(failureOf('M6001', result).cause).toMatchObject({ message: 'later' });
});

test('the last of several attempts counts them', async () => {
  const failing = op('failing', {
    retry: 2,
    run: (_, { run }) => {
      throw new Error(`attempt ${run.attempt}`);
    },
  });
  const clock = new ManualClock({ skips: true });
  const recorder = new EventRecorder();
  const result = await withClock(job('training', { build: () => failing() }), clock).run({
    reporter: recorder.reporter,
  });
  expect(failureOf('M6001', result).problem).toContain('(attempt 3 of 3): attempt 3');
  expect(recorder.log).toEqual(['failing retry', 'failing retry', 'failing failed']);
});

test('a failure is not remembered: the next run tries again', async () => {
  let fails = true;
  const flaky = op('flaky', () => {
    if (fails) throw new Error('not yet');
    return 'done';
  });
  const training = job('training', { versions: new SetVersions(), build: () => flaky() });
  failureOf('M6001', await training.run());
  fails = false;
  const result = await training.run();
  expect(result.executed).toEqual(['flaky']);
  expect(await result.load('result')).toBe('done');
});
