import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { ManualClock, withClock } from '../support/manual-clock.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

test('with the version, the run that computed it, when, and the time that it saves', async () => {
  const clock = new ManualClock();
  const load = op('load', () => {
    clock.advance(1_234);
    return 1;
  });
  const note = op('note', {
    outputs: [],
    run: () => {
      clock.advance(10);
    },
  });
  const io = new WatchedManager();
  const loading = withClock(
    job('loading', { versions: new SetVersions(), io, build: () => ({ docs: load(), note: note() }) }),
    clock,
  );
  const cold = await loading.run({ concurrency: 1 });
  const computedAt = clock.now();
  clock.advance(60_000);
  await loading.run();
  const recorder = new EventRecorder();
  const warm = await loading.run({ reporter: recorder.reporter });
  const [docs, noted] = ['load', 'note'].map((step) => recorder.of('step.reuse').find((event) => event.step === step));
  expect(docs).toMatchObject({
    op: 'load',
    version: warm.plan.step('load').version,
    producedBy: cold.id,
    savedMs: 1_234,
  });
  expect(docs?.producedAt).toBeLessThanOrEqual(computedAt);
  expect(noted).toMatchObject({ op: 'note', producedBy: cold.id, savedMs: 10 });
  expect(warm.savedMs).toBe(1_244);
  expect(warm.plan.savedMs).toBe(1_244);
  expect(warm.plan.step('load')).toMatchObject({ producedBy: cold.id, estimateMs: 1_234 });
});
