import { job, op } from '@memo/core';
import { describe, expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { ManualClock, withClock } from '../support/manual-clock.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

let source = 'a b';
const load = op('load', () => source);
const split = op('split', ({ text }: { text: string }) => text.split(' '));
const count = op('count', ({ words }: { words: readonly string[] }) => words.length);
const show = op('show', ({ count }: { count: number }) => `${count} words`);

function showing(versions: SetVersions, io: WatchedManager = new WatchedManager()) {
  source = 'a b';
  return job('showing', {
    versions,
    io,
    build: () => ({ shown: show({ count: count({ words: split({ text: load() }) }) }) }),
  });
}

describe('a step that gives the same under a new version', () => {
  test('is where a change ends: below it everything is re-used, and the next plan re-uses all', async () => {
    const versions = new SetVersions();
    const over = showing(versions);
    await over.run();
    versions.set('load', '2');
    const plan = await over.plan();
    expect(whatIsPlanned(plan)).toEqual({ run: ['load'], pending: ['count', 'show', 'split'] });
    expect(plan.step('split').reasons).toMatchObject([
      { code: 'needed-if', step: 'load' },
      { code: 'changed', changes: [{ kind: 'upstream', step: 'load' }] },
    ]);
    const result = await over.run();
    expect(whatRan(result)).toEqual({ ran: ['load'], reused: ['count', 'show', 'split'] });
    expect(await result.load('shown')).toBe('2 words');
    const next = await over.plan();
    expect(whatIsPlanned(next)).toEqual({ reuse: ['count', 'load', 'show', 'split'] });
    expect(await (await over.run()).load('shown')).toBe('2 words');
  });

  test('ends a change further down too, where less is left of it', async () => {
    const versions = new SetVersions();
    const over = showing(versions);
    await over.run();
    source = 'b a';
    versions.set('load', '2');
    const result = await over.run();
    expect(whatRan(result)).toEqual({ ran: ['count', 'load', 'split'], reused: ['show'] });
  });

  test('says in events which version was computed, once', async () => {
    const versions = new SetVersions();
    const over = showing(versions);
    const before = (await over.run()).plan.step('show').version;
    versions.set('load', '2');
    const [first, second] = [new EventRecorder(), new EventRecorder()];
    await over.run({ reporter: first.reporter });
    await over.run({ reporter: second.reporter });
    expect(first.of('step.reuse').find(({ step }) => step === 'show')).toMatchObject({ computedAs: before });
    for (const event of second.of('step.reuse')) expect(event).not.toHaveProperty('computedAs');
  });

  test('leaves aliases of what was computed, never of another alias', async () => {
    const [versions, io] = [new SetVersions(), new WatchedManager()];
    const over = showing(versions, io);
    const first = (await over.run()).plan.step('show').version;
    for (const version of ['2', '3']) {
      versions.set('load', version);
      await over.run();
    }
    const aliases = (await io.bindings()).filter(({ by, step }) => by === 'alias' && step === 'show');
    expect(aliases.map(({ of }) => of)).toEqual([first, first]);
  });

  test('leaves alone what is below even if a value between is gone', async () => {
    const [versions, io] = [new SetVersions(), new WatchedManager()];
    const over = showing(versions, io);
    await over.run();
    versions.set('load', '2');
    await over.run({ only: 'load' });
    for (const step of ['load', 'split']) io.lose(step);
    versions.set('load', '1');
    expect(whatRan(await over.run())).toEqual({ reused: ['count', 'show'], skipped: ['load', 'split'] });
    versions.set('load', '2');
    const result = await over.run({ only: 'count' });
    expect(whatRan(result)).toEqual({ ran: ['load', 'split'], reused: ['count'], skipped: ['show'] });
  });

  test('ends a change in a later run as well as in its own', async () => {
    const versions = new SetVersions();
    const over = showing(versions);
    await over.run();
    versions.set('load', '2');
    await over.run({ only: 'load' });
    const plan = await over.plan();
    expect(whatIsPlanned(plan)).toEqual({ pending: ['count', 'show', 'split'], reuse: ['load'] });
    expect(plan.step('split').reasons).toMatchObject([{ code: 'changed' }]);
    expect(whatRan(await over.run())).toEqual({ reused: ['count', 'load', 'show', 'split'] });
  });
});

test('what is aliased and then lost is computed again', async () => {
  const [versions, io] = [new SetVersions(), new WatchedManager()];
  const over = showing(versions, io);
  await over.run();
  versions.set('load', '2');
  await over.run();
  for (const step of ['show', 'count', 'split']) io.lose(step);
  const result = await over.run();
  expect(whatRan(result)).toEqual({ ran: ['count', 'show', 'split'], reused: ['load'] });
  expect(whatIsPlanned(await over.plan())).toEqual({ reuse: ['count', 'load', 'show', 'split'] });
});

test('one output of several that is the same leaves its readers alone', async () => {
  let right = 1;
  const both = op('both', { outputs: ['left', 'right'], run: () => ({ left: 0, right: right++ }) });
  const pass = op('pass', {
    outputs: { value: { optional: true } },
    run: ({ value }: { value: number }) => ({ value }),
  });
  const total = op('total', ({ values }: { values: readonly number[] }) => values.reduce((a, b) => a + b));
  const versions = new SetVersions();
  const over = job('over', {
    versions,
    io: new WatchedManager(),
    build: () => {
      const { left, right } = both();
      const [first, second] = [pass({ value: left }, { id: 'first' }), pass({ value: right }, { id: 'second' })];
      return {
        lefts: total({ values: [first.value] }, { id: 'lefts' }),
        all: total({ values: [first.value, second.value] }),
      };
    },
  });
  await over.run();
  versions.set('both', '2');
  const result = await over.run();
  expect(whatRan(result)).toEqual({ ran: ['both', 'second', 'total'], reused: ['first', 'lefts'] });
  expect(await result.loadAll()).toEqual({ lefts: 0, all: 2 });
});

test('an effect is done again: to have been given the same before is not to be done', async () => {
  const published: string[] = [];
  const publish = op('publish', { effect: true, run: ({ text }: { text: string }) => published.push(text) });
  const check = op('check', () => `checked ${published.length}`);
  const versions = new SetVersions();
  const over = job('over', {
    versions,
    io: new WatchedManager(),
    build: () => {
      const done = publish({ text: load() });
      return { checked: check({}, { after: done }) };
    },
  });
  await over.run();
  versions.set('load', '2');
  const result = await over.run();
  expect(whatRan(result)).toEqual({ ran: ['check', 'load', 'publish'] });
  expect(await result.load('checked')).toBe('checked 2');
});

test('what comes after a step that did not have to run is re-used; after one that ran, it runs', async () => {
  const keep = op('keep', { outputs: [], run: (_: { text: string }) => undefined });
  const versions = new SetVersions();
  const over = job('over', {
    versions,
    io: new WatchedManager(),
    build: () => ({ words: split({ text: 'a b' }, { after: keep({ text: load() }) as never }) }),
  });
  await over.run();
  versions.set('load', '2');
  expect(whatRan(await over.run())).toEqual({ ran: ['load'], reused: ['keep', 'split'] });
  versions.set('keep', '2');
  expect(whatRan(await over.run())).toEqual({ ran: ['keep', 'split'], reused: ['load'] });
});

test('age counts from when something was computed, not from when it was found again', async () => {
  const clock = new ManualClock();
  const [versions, io] = [new SetVersions(), new WatchedManager()];
  const kept = op('kept', { maxAge: '1m', run: ({ text }: { text: string }) => text });
  const over = withClock(job('over', { versions, io, build: () => ({ kept: kept({ text: load() }) }) }), clock);
  await over.run();
  clock.advance(40_000);
  versions.set('load', '2');
  expect(whatRan(await over.run())).toEqual({ ran: ['load'], reused: ['kept'] });
  clock.advance(40_000);
  expect((await over.plan()).step('kept').reasons).toEqual([{ code: 'expired', ageMs: 80_000, maxAgeMs: 60_000 }]);
  expect(whatRan(await over.run())).toEqual({ ran: ['kept'], reused: ['load'] });
  clock.advance(60_001);
  versions.set('load', '3');
  expect(whatRan(await over.run())).toEqual({ ran: ['kept', 'load'] });
});

test('where nothing may run, what reads the same is re-used all the same', async () => {
  const versions = new SetVersions();
  const over = showing(versions);
  await over.run();
  versions.set('load', '2');
  await over.run({ only: 'load' });
  expect((await over.run({ memo: 'require' })).unwrap().executed).toEqual([]);
});

test('a plan says what a run takes at least, and what with all that is pending', async () => {
  const versions = new SetVersions();
  const clock = new ManualClock();
  const slow = op('load', () => {
    clock.advance(2_000);
    return 'a';
  });
  const slower = op('show', ({ of }: { of: string }) => {
    clock.advance(3_000);
    return of;
  });
  const io = new WatchedManager();
  const over = withClock(job('timed', { versions, io, build: () => slower({ of: slow() }) }), clock);
  await over.run();
  expect((await over.plan()).savedMs).toBe(5_000);
  versions.set('load', '2');
  const plan = await over.plan();
  expect([plan.estimateMs, plan.savedMs]).toEqual([{ least: 2_000, most: 5_000 }, 0]);
});
