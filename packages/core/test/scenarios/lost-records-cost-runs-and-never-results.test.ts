import { job, op, type Reporter } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

/** Two ops that give something else each time. */
function rolling() {
  let rolls = 0;
  const io = new WatchedManager();
  const versions = new SetVersions();
  const load = op('load', () => ++rolls);
  const split = op('split', { outputs: ['a', 'b'], run: ({ docs }: { docs: number }) => ({ a: docs, b: ++rolls }) });
  const show = op('show', ({ a, b }: { a: number; b: number }) => `${a} ${b}`);
  return { io, versions, job: job('rolling', { versions, io, build: () => show(split({ docs: load() })) }) };
}

async function withoutRecords() {
  const { io, versions, job } = rolling();
  await job.run();
  // The same values, as another process finds them that has no records.
  const other = new WatchedManager({ over: io });
  return { versions, other, run: (reporter: Reporter = () => undefined) => job.run({ io: other, reporter }) };
}

test('what its one output commits is re-used all the same, and nobody knows who computed it', async () => {
  const { run, other } = await withoutRecords();
  const recorder = new EventRecorder();
  const result = await run(recorder.reporter);
  expect(whatRan(result)).toEqual({ reused: ['load', 'show'], skipped: ['split'] });
  expect(await result.load('result')).toBe('1 2');
  expect(other.calls.filter((call) => call.startsWith('handle'))).toEqual([]);
  expect(recorder.of('step.reuse').map(({ producedBy }) => producedBy)).toEqual([undefined, undefined]);
});

test('what its binding commits runs again when somebody needs it, and its readers follow', async () => {
  const { versions, run } = await withoutRecords();
  versions.set('show', '2');
  const result = await run();
  expect(whatRan(result)).toEqual({ ran: ['show', 'split'], reused: ['load'] });
  expect(await result.load('result')).toBe('1 3');
  expect(whatRan(await run())).toEqual({ reused: ['load', 'show', 'split'] });
});
