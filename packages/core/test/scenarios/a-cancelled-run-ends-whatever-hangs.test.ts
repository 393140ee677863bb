import { job, op, type RunResult, resource } from '@memo/core';
import type { VersionStrategy } from '@memo/core/plugin';
import { describe, expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { ManualClock, withClock } from '../support/manual-clock.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

/** What a run waits for and nobody answers; a test may answer late. */
class Hang {
  readonly begun: Promise<void>;
  readonly over: Promise<void>;
  end: () => void = () => undefined;
  begin: () => void = () => undefined;

  constructor() {
    this.begun = new Promise((resolve) => {
      this.begin = resolve;
    });
    this.over = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  /** Does something once the hang is over. */
  async before<T>(act: () => T): Promise<T> {
    this.begin();
    await this.over;
    return act();
  }
}

/** A store that stores an output of a step, and does not say so for long. */
class HangingManager extends WatchedManager {
  hang: Hang | undefined = new Hang();

  override handleOutput(...[context, value]: Parameters<WatchedManager['handleOutput']>): never {
    const stored = super.handleOutput(context, value);
    const hang = context.step === 'split' ? this.hang : undefined;
    return (hang === undefined ? stored : hang.before(() => stored)) as never;
  }
}

const load = op('load', () => 'a b');
const split = op('split', { outputs: { first: {}, rest: { optional: true } }, run: () => ({ first: 'a' }) });
const show = op('show', ({ first }: { first: string }) => first);

function showing() {
  const [io, clock, controller] = [new HangingManager(), new ManualClock(), new AbortController()];
  const over = job('showing', {
    versions: new SetVersions(),
    io,
    build: () => ({ text: load(), shown: show({ first: split().first }) }),
  });
  return { io, clock, controller, job: withClock(over, clock) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Cancels a run when it hangs, and lets the grace period pass. */
async function cancelAt<T>(hang: Hang, running: Promise<T>, { controller, clock }: Cancelling): Promise<T> {
  await hang.begun;
  controller.abort(new Error('enough'));
  await settle();
  clock.advance(4_999);
  await settle();
  clock.advance(1);
  return running;
}

interface Cancelling {
  readonly controller: AbortController;
  readonly clock: ManualClock;
}

describe('a store that hangs while it stores', () => {
  test('is left behind after the grace period, by name, and nothing is bound to what it still stores', async () => {
    const { io, clock, controller, job } = showing();
    const hang = io.hang as Hang;
    const recorder = new EventRecorder();
    const running = job.run({ signal: controller.signal, reporter: recorder.reporter });
    const result = await cancelAt(hang, running, { controller, clock });
    expect(result.status).toBe('cancelled');
    expect(whatRan(result)).toEqual({ ran: ['load'], skipped: ['show', 'split'] });
    expect(result.errors.map(({ code, problem }) => `${code} ${problem}`)).toEqual([
      'M6004 Step "split" was cancelled and left behind: it was still storing split.first in watched.',
    ]);
    expect(result.errors[0]?.details).toMatchObject({ step: 'split', cancelGraceMs: 5_000 });
    expect(recorder.log).toContain('split cancelled');
    expect(recorder.of('run.end')).toMatchObject([{ status: 'cancelled', error: { code: 'M6004' } }]);
    const bound = await io.bindings();
    hang.end();
    await settle();
    expect(await io.bindings()).toEqual(bound);
    expect(result.executed).toEqual(['load']);
  });

  test('is in the way of no later run of the process', async () => {
    const { io, clock, controller, job } = showing();
    const hang = io.hang as Hang;
    await cancelAt(hang, job.run({ signal: controller.signal }), { controller, clock });
    io.hang = undefined;
    const next = job.run();
    expect(whatRan(await next)).toEqual({ ran: ['show', 'split'], reused: ['load'] });
    hang.end();
    await settle();
    expect(whatRan(await job.run())).toEqual({ reused: ['load', 'show', 'split'] });
    expect(await (await next).load('shown')).toBe('a');
  });

  test('may end within the period: then its step counts', async () => {
    const { io, clock, controller, job } = showing();
    const hang = io.hang as Hang;
    const running = job.run({ signal: controller.signal, cancelGraceMs: 100 });
    await hang.begun;
    controller.abort(new Error('enough'));
    await clock.asleep();
    clock.advance(99);
    hang.end();
    const result = await running;
    expect(whatRan(result)).toEqual({ ran: ['load', 'split'], skipped: ['show'] });
    expect(result.errors).toEqual([]);
    expect(clock.sleepers).toBe(0);
  });
});

test('a store that does not say what it has is left behind', async () => {
  const hang = new Hang();
  let asked = 0;
  const io = new (class extends WatchedManager {
    override hasOutput(...[context]: Parameters<WatchedManager['hasOutput']>): never {
      // The first question is that of the plan.
      return (context.step === 'show' && ++asked > 1 ? hang.before(() => false) : super.hasOutput(context)) as never;
    }
  })();
  const now = op('now', { memo: 'off', run: () => ({ first: 'a' }) });
  const [clock, controller] = [new ManualClock(), new AbortController()];
  const shown = op('show', ({ at }: { at: object }) => at);
  const over = job('over', { versions: new SetVersions(), io, build: () => shown({ at: now() }) });
  await over.run();
  const result = await cancelAt(hang, withClock(over, clock).run({ signal: controller.signal }), { controller, clock });
  expect(result.errors.map(({ problem }) => problem)).toEqual([
    'Step "show" was cancelled and left behind: it was still asking what is stored of it.',
  ]);
});

test('a teardown that hangs is left behind, and the others are torn down', async () => {
  const hang = new Hang();
  const calls: string[] = [];
  const [clock, controller] = [new ManualClock(), new AbortController()];
  const first = resource('first', { setup: () => 1, teardown: () => void calls.push('first') });
  const second = resource('second', { uses: { first }, setup: () => 2, teardown: () => hang.before(() => undefined) });
  const use = op('use', { uses: { second }, run: (_, { use }) => use.second });
  const over = withClock(job('over', { build: () => use() }), clock);
  const recorder = new EventRecorder();
  const running = over.run({ signal: controller.signal, reporter: recorder.reporter });
  const result: RunResult<unknown> = await cancelAt(hang, running, { controller, clock });
  expect(result.status).toBe('cancelled');
  expect(result.errors.map(({ code, problem }) => `${code} ${problem}`)).toEqual([
    'M3009 Resource "second" could not be torn down: it had not ended 5000 ms after the run was cancelled',
  ]);
  expect(calls).toEqual(['first']);
  expect(recorder.of('resource.teardown').map(({ resource, error }) => [resource, error !== undefined])).toEqual([
    ['second', true],
    ['first', false],
  ]);
});

test('records that hang are left behind, at the end of the run once more', async () => {
  const hang = new Hang();
  const [io, clock, controller] = [new WatchedManager(), new ManualClock(), new AbortController()];
  const { append } = io.records;
  io.records.append = (...given) => hang.before(() => append.apply(io.records, given)) as never;
  const over = withClock(job('over', { versions: new SetVersions(), io, build: () => load() }), clock);
  const running = over.run({ signal: controller.signal });
  const ended = cancelAt(hang, running, { controller, clock });
  await clock.asleep();
  await settle();
  clock.advance(5_000);
  await settle();
  clock.advance(5_000);
  const result = await ended;
  expect(result.status).toBe('cancelled');
  expect(result.errors.map(({ code, problem }) => `${code} ${problem}`)).toEqual([
    'M6004 Step "load" was cancelled and left behind: it was still having its result checked and recorded.',
    'M6004 A cancelled run was ended while it was still writing its last records.',
  ]);
});

test.each(['plan', 'run'] as const)('a strategy that hangs while a %s is made is left behind', async (act) => {
  const hang = new Hang();
  const [clock, controller] = [new ManualClock(), new AbortController()];
  const versions: VersionStrategy = { id: 'hanging', getOpVersion: () => hang.before(() => '1') };
  const over = withClock(job('over', { versions, build: () => load() }), clock);
  const acting: Promise<unknown> = over[act]({ signal: controller.signal });
  const error = await caught('M6004', () => cancelAt(hang, acting, { controller, clock }));
  expect(error.problem).toContain('planning job "over"');
});

test('a period that is none is refused', async () => {
  const over = job('over', { build: () => load() });
  for (const cancelGraceMs of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    await expect(over.run({ cancelGraceMs })).rejects.toThrow(TypeError);
});
