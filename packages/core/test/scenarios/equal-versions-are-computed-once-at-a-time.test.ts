import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

/** An op that waits until it is told to go on, and counts how often its body runs. */
function gated() {
  let runs = 0;
  let open: () => void = () => undefined;
  let arrive: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const slow = op('slow', async ({ x }: { x: number }) => {
    runs++;
    arrive();
    await gate;
    return x;
  });
  return { slow, arrived, open, runs: () => runs };
}

test('by two steps of one run: one runs, the other re-uses', async () => {
  const { slow, arrived, open, runs } = gated();
  const twice = job('twice', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    build: () => ({ a: slow({ x: 1 }, { id: 'a' }), b: slow({ x: 1 }, { id: 'b' }), c: slow({ x: 2 }, { id: 'c' }) }),
  });
  const running = twice.run();
  await arrived;
  open();
  const result = await running;
  expect(runs()).toBe(2);
  expect(result.executed).toHaveLength(2);
  expect(result.executed).toContain('c');
  expect(result.reused).toHaveLength(1);
  expect(await result.loadAll()).toEqual({ a: 1, b: 1, c: 2 });
});

test('by two runs in one process: one runs, the other waits and re-uses', async () => {
  const { slow, arrived, open, runs } = gated();
  const [versions, io] = [new SetVersions(), new WatchedManager()];
  const [first, second] = ['first', 'second'].map((name) => job(name, { versions, io, build: () => slow({ x: 1 }) }));
  const recorder = new EventRecorder();
  const running = first?.run();
  await arrived;
  const waiting = second?.run({ reporter: recorder.reporter });
  open();
  const results = await Promise.all([running, waiting]);
  expect(runs()).toBe(1);
  expect(results.map((result) => result && whatRan(result))).toEqual([{ ran: ['slow'] }, { reused: ['slow'] }]);
  expect(recorder.of('step.start')).toEqual([]);
  expect(await results[1]?.load('result')).toBe(1);
});

test('a run that waits for another one ends when it is cancelled', async () => {
  const { slow, arrived, open, runs } = gated();
  const waiting = job('waiting', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    build: () => slow({ x: 1 }),
  });
  const first = waiting.run();
  await arrived;
  const controller = new AbortController();
  const second = waiting.run({ signal: controller.signal });
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error('enough'));
  const cancelled = await second;
  expect(cancelled.status).toBe('cancelled');
  expect(whatRan(cancelled)).toEqual({ skipped: ['slow'] });
  open();
  expect(whatRan(await first)).toEqual({ ran: ['slow'] });
  expect(runs()).toBe(1);
});

test('where the first fails, the second tries', async () => {
  let runs = 0;
  const flaky = op('flaky', ({ x }: { x: number }) => {
    if (++runs === 1) throw new Error('no');
    return x;
  });
  const twice = job('twice', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    build: () => ({ a: flaky({ x: 1 }, { id: 'a' }), b: flaky({ x: 1 }, { id: 'b' }) }),
  });
  const result = await twice.run({ onFailure: 'continue' });
  expect(runs).toBe(2);
  expect(result.failed).toHaveLength(1);
  expect(result.executed).toHaveLength(1);
});

test.each([
  { fails: false, second: { reused: ['slow'] }, calls: 2 },
  { fails: true, second: { ran: ['slow'] }, calls: 3 },
])('a forced step that waits for one of another run (which fails: $fails) ends as it should', async (expected) => {
  let calls = 0;
  const slow = op('slow', async () => {
    const call = ++calls;
    await new Promise((resolve) => setImmediate(resolve));
    if (expected.fails && call === 2) throw new Error('no');
    return 'value';
  });
  const forced = job('forced', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    build: () => ({ slow: slow() }),
  });
  await forced.run();
  const [first, second] = await Promise.all([forced.run({ force: true }), forced.run({ force: true })]);
  expect(first.failed).toHaveLength(expected.fails ? 1 : 0);
  expect(whatRan(second)).toEqual(expected.second);
  expect(calls).toBe(expected.calls);
  expect(whatRan(await forced.run())).toEqual({ reused: ['slow'] });
});

test('steps of different versions run side by side', async () => {
  let open = 0;
  let most = 0;
  const busy = op('busy', async ({ x }: { x: number }) => {
    most = Math.max(most, ++open);
    await Promise.resolve();
    open--;
    return x;
  });
  await job('many', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    build: () => [1, 2, 3].map((x) => busy({ x })),
  }).run();
  expect(most).toBe(3);
});
