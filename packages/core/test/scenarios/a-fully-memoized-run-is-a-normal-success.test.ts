import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { ManualClock, withClock } from '../support/manual-clock.ts';
import { SetVersions } from '../support/set-versions.ts';

const clock = new ManualClock();
const load = op('load', () => {
  clock.advance(2_000);
  return 1;
});
const clean = op('clean', ({ docs }: { docs: number }) => {
  clock.advance(500);
  return docs + 1;
});
const cleaning = withClock(
  job('cleaning', { versions: new SetVersions(), build: () => clean({ docs: load() }) }),
  clock,
);

test('it ends like any other, with the time that it saved', async () => {
  const cold = await cleaning.run();
  const recorder = new EventRecorder();
  const warm = await cleaning.run({ reporter: recorder.reporter });
  expect(warm.ok).toBe(true);
  expect(warm.status).toBe('success');
  expect(warm.unwrap()).toBe(warm);
  expect(warm.executed).toEqual([]);
  expect(warm.reused).toEqual(['load', 'clean']);
  expect(warm.savedMs).toBe(2_500);
  expect(cold.savedMs).toBe(0);
  expect(await warm.loadAll()).toEqual(await cold.loadAll());
  const types = recorder.events.map(({ type }) => type).filter((type) => type !== 'warning');
  expect(types).toEqual(['run.start', 'plan', 'step.reuse', 'step.reuse', 'run.end']);
  expect(recorder.of('run.end')).toMatchObject([{ status: 'success', ran: 0, reused: 2, failed: 0, savedMs: 2_500 }]);
});

test('every event of it is numbered without gaps', async () => {
  const recorder = new EventRecorder();
  await cleaning.run({ reporter: recorder.reporter });
  expect(recorder.events.map(({ seq }) => seq)).toEqual(recorder.events.map((_, index) => index + 1));
});

test('what it saved is what it was, however late somebody asks', async () => {
  let tookMs = 300;
  const slow = op('slow', () => clock.advance(tookMs));
  const waiting = withClock(job('waiting', { versions: new SetVersions(), build: () => slow() }), clock);
  await waiting.run();
  const warm = await waiting.run();
  tookMs = 7_000;
  await waiting.run({ force: true });
  expect((await waiting.run()).savedMs).toBe(7_000);
  expect(warm.savedMs).toBe(300);
});
