import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { whatRan } from '../support/what-ran.ts';

/** `fail` fails once `slow` runs; `slow` ends when it is told to; `below` and `after` need them; `free` needs nothing. */
function failing() {
  let arrive: () => void = () => undefined;
  let open: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const aborts: unknown[] = [];
  const slow = op('slow', {
    run: async (_, { signal }) => {
      signal.addEventListener('abort', () => {
        aborts.push(signal.reason);
        open();
      });
      arrive();
      await gate;
      return 1;
    },
  });
  const fail = op('fail', async (): Promise<number> => {
    await arrived;
    throw new Error('no');
  });
  const read = op('read', ({ docs }: { docs: number }) => docs);
  const over = job('failing', {
    build: () => ({
      below: read({ docs: fail() }, { id: 'below' }),
      after: read({ docs: slow() }, { id: 'after' }),
    }),
  });
  return { aborts, open, job: over };
}

test('stop, the default: what runs is waited for, nothing new is started', async () => {
  const { aborts, open, job } = failing();
  const recorder = new EventRecorder();
  const running = job.run({
    reporter: [
      recorder.reporter,
      (event) => {
        if (event.type === 'step.end' && event.status === 'failed') open();
      },
    ],
  });
  const result = await running;
  expect(whatRan(result)).toEqual({ ran: ['slow'], failed: ['fail'], skipped: ['after', 'below'] });
  expect(result.status).toBe('failure');
  expect(aborts).toEqual([]);
  expect(recorder.log.slice(0, 2)).toEqual(['fail failed', 'slow run']);
});

test('continue: everything that does not need it runs', async () => {
  const { open, job } = failing();
  open();
  const result = await job.run({ onFailure: 'continue' });
  expect(whatRan(result)).toEqual({ ran: ['after', 'slow'], failed: ['fail'], skipped: ['below'] });
  expect(result.status).toBe('failure');
  expect(await result.load('after')).toBe(1);
});

test('abort: what runs is told to stop, and counts as cancelled', async () => {
  const { aborts, job } = failing();
  const recorder = new EventRecorder();
  const result = await job.run({ onFailure: 'abort', reporter: recorder.reporter });
  expect(whatRan(result)).toEqual({ failed: ['fail'], skipped: ['after', 'below', 'slow'] });
  expect(result.status).toBe('failure');
  expect(aborts).toEqual([result.failed[0]?.error]);
  expect(recorder.log).toContain('slow cancelled');
});

test('several failures are all in the result', async () => {
  const fail = op('fail', ({ because }: { because: string }): string => {
    throw new Error(because);
  });
  const both = job('both', { build: () => [fail({ because: 'a' }), fail({ because: 'b' })] as never });
  const result = await both.run({ onFailure: 'continue' });
  expect(result.failed.map(({ error }) => (error.cause as Error).message).toSorted()).toEqual(['a', 'b']);
});
