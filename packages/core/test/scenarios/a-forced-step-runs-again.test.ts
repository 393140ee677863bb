import { job, op } from '@memo/core';
import { expect, test, vi } from 'vitest';
import { StepVersions } from '../../src/versions/step-versions.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

const load = op('load', () => 1);
const clean = op('clean', ({ docs }: { docs: number }) => docs + 1);
const count = op('count', ({ docs }: { docs: number }) => docs * 2);

async function warmJob() {
  const io = new WatchedManager();
  const counting = job('counting', {
    versions: new SetVersions(),
    io,
    build: () => count({ docs: clean({ docs: load() }) }),
  });
  await counting.run();
  io.calls.length = 0;
  return { io, job: counting };
}

test.each([{ force: true }, { memo: 'refresh' as const }])('all of them by %j', async (how) => {
  const { job } = await warmJob();
  expect(whatIsPlanned(await job.plan(how))).toEqual({ run: ['clean', 'count', 'load'] });
  expect(whatRan(await job.run(how))).toEqual({ ran: ['clean', 'count', 'load'] });
  expect(whatRan(await job.run())).toEqual({ reused: ['clean', 'count', 'load'] });
});

test('a selection of them; what gave the same again changes nothing below', async () => {
  const { io, job } = await warmJob();
  const plan = await job.plan({ force: 'clean' });
  expect(whatIsPlanned(plan)).toEqual({ run: ['clean'], reuse: ['load'], pending: ['count'] });
  expect(plan.step('clean').reasons).toEqual([{ code: 'refreshed', by: 'run' }]);
  expect(plan.step('count').reasons).toEqual([{ code: 'needed-if', step: 'clean' }]);
  const recorder = new EventRecorder();
  expect(whatRan(await job.run({ force: 'clean', reporter: recorder.reporter }))).toEqual({
    ran: ['clean'],
    reused: ['count', 'load'],
  });
  expect(recorder.log).toEqual(['load reuse', 'clean run', 'count reuse']);
  expect(io.calls).not.toContain('handle count.result');
});

test('with what is below, by a selector', async () => {
  const { job } = await warmJob();
  expect(whatRan(await job.run({ force: 'clean+' }))).toEqual({ ran: ['clean', 'count'], reused: ['load'] });
  expect(whatRan(await job.run({ force: ['load', 'count'] }))).toEqual({ ran: ['count', 'load'], reused: ['clean'] });
});

test('an op that refreshes does so in every run', async () => {
  const fresh = op('fresh', { memo: 'refresh', run: () => 1 });
  const refreshing = job('refreshing', { versions: new SetVersions(), build: () => clean({ docs: fresh() }) });
  await refreshing.run();
  const again = await refreshing.run();
  expect(whatRan(again)).toEqual({ ran: ['fresh'], reused: ['clean'] });
  expect(again.plan.step('fresh').reasons).toEqual([{ code: 'refreshed', by: 'op' }]);
});

test('an op that is forced and gives something else takes all below with it', async () => {
  let calls = 0;
  const roll = op('roll', () => ++calls);
  const rolling = job('rolling', { versions: new SetVersions(), build: () => clean({ docs: roll() }) });
  await rolling.run();
  const recorder = new EventRecorder();
  const forced = await rolling.run({ force: 'roll', reporter: recorder.reporter });
  expect(whatRan(forced)).toEqual({ ran: ['clean', 'roll'] });
  expect(await forced.load('result')).toBe(3);
  expect(recorder.of('step.rebound').map(({ step, generation }) => [step, generation])).toEqual([['roll', 2]]);
  expect(recorder.of('step.start').map(({ step, reasons }) => [step, reasons[0]?.code])).toEqual([
    ['roll', 'refreshed'],
    ['clean', 'upstream-rebound'],
  ]);
  const after = await rolling.run();
  expect(whatRan(after)).toEqual({ reused: ['clean', 'roll'] });
  expect(await after.load('result')).toBe(3);
});

const LAYERS = 6;

/** How often versions follow while every step of a graph in layers is forced and gives something else. */
async function timesVersionsFollow(width: number): Promise<number> {
  let calls = 0;
  const roll = op('roll', ({ from }: { from: unknown[] }) => from.length + ++calls);
  const rolling = job('rolling', {
    versions: new SetVersions(),
    build: () => {
      let layer = Array.from({ length: width }, (_, nth) => roll({ from: [-nth] }));
      for (let depth = 1; depth < LAYERS; depth++)
        layer = layer.map((_, nth) =>
          roll({ from: [depth, ...[0, 1, 2].map((next) => layer[(nth * 3 + next) % width])] }),
        );
      return roll({ from: layer });
    },
  });
  await rolling.run();
  const followed = vi.spyOn(StepVersions.prototype, 'resolve');
  try {
    expect((await rolling.run({ force: true })).executed).toHaveLength(LAYERS * width + 1);
    return followed.mock.calls.length;
  } finally {
    followed.mockRestore();
  }
}

test('many that give something else make versions follow as often as there are steps', async () => {
  const [few, many] = [await timesVersionsFollow(10), await timesVersionsFollow(40)];
  expect(many / few, `${few}, ${many}`).toBeLessThan(6);
});
