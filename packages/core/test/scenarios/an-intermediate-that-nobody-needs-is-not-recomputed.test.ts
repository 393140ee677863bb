import { job, op } from '@memo/core';
import { describe, expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

const load = op('load', () => 1);
const clean = op('clean', ({ docs }: { docs: number }) => docs + 1);
const count = op('count', ({ docs }: { docs: number }) => docs * 2);

async function pruned() {
  const io = new WatchedManager();
  const versions = new SetVersions();
  const counting = job('counting', { versions, io, build: () => count({ docs: clean({ docs: load() }) }) });
  await counting.run();
  io.lose('load');
  io.lose('clean');
  return { versions, job: counting };
}

test('it is skipped while everything that would read it is there', async () => {
  const { job } = await pruned();
  const plan = await job.plan();
  expect(whatIsPlanned(plan)).toEqual({ reuse: ['count'], skip: ['clean', 'load'] });
  expect(plan.step('clean').reasons).toEqual([{ code: 'not-needed' }]);
  const result = await job.run();
  expect(whatRan(result)).toEqual({ reused: ['count'], skipped: ['clean', 'load'] });
  expect(await result.load('result')).toBe(4);
});

test('it runs when a reader runs, and so does what it needs itself', async () => {
  const { versions, job } = await pruned();
  versions.set('count', '2');
  const plan = await job.plan();
  expect(whatIsPlanned(plan)).toEqual({ run: ['clean', 'count', 'load'] });
  expect(plan.step('clean').reasons).toEqual([{ code: 'missing', outputs: ['result'] }]);
  expect(whatRan(await job.run())).toEqual({ ran: ['clean', 'count', 'load'] });
});

test('it runs when it is asked for', async () => {
  const { job } = await pruned();
  expect(whatRan(await job.run({ only: 'load' }))).toMatchObject({ ran: ['load'] });
});

test('a reader that is decided only while running leaves it alone unless it runs', async () => {
  const io = new WatchedManager();
  const versions = new SetVersions();
  const now = op('now', { memo: 'off', run: () => 1 });
  const both = op('both', ({ docs, at }: { docs: number; at: number }) => docs + at);
  const mixing = job('mixing', { versions, io, build: () => both({ docs: load(), at: now() }) });
  await mixing.run();
  io.lose('load');
  const plan = await mixing.plan();
  expect(whatIsPlanned(plan)).toEqual({ run: ['now'], pending: ['both', 'load'] });
  expect(whatRan(await mixing.run())).toEqual({ ran: ['now'], reused: ['both'], skipped: ['load'] });
  versions.set('both', '2');
  expect(whatRan(await mixing.run())).toEqual({ ran: ['both', 'load', 'now'] });
});

describe.each(['as an input', 'after it'])('below a step that is forced, read %s', (how) => {
  /** Where the last step is there, and the one between it and the forced one is lost. */
  const chain = (next: () => number) => {
    const io = new WatchedManager();
    const first = op('first', () => next());
    const second = op('second', ({ of }: { of: number }) => `second of ${of}`);
    const third = op('third', ({ of }: { of: string }) => `third of ${of}`);
    const made = job('chain', {
      versions: new SetVersions(),
      io,
      build: () => {
        const given = first();
        return third({ of: how === 'as an input' ? second({ of: given }) : second({ of: 7 }, { after: [given] }) });
      },
    });
    return { io, made };
  };
  const actions = async (made: ReturnType<typeof chain>['made']) =>
    (await made.plan({ force: ['first'] })).steps.map(({ id, action }) => `${id} ${action}`);

  test('it is planned to be decided while running, with what reads it', async () => {
    let count = 0;
    const { io, made } = chain(() => ++count);
    await made.run();
    io.lose('second');
    expect(await actions(made)).toEqual(['first run', 'second pending', 'third pending']);
    const plan = await made.plan({ force: ['first'] });
    expect(plan.step('third').reasons).toEqual([{ code: 'needed-if', step: 'first' }]);
    expect(plan.step('second').reasons[0]).toEqual({ code: 'needed-if', step: 'third' });
    const result = await made.run({ force: ['first'] });
    expect(result.executed).toEqual(how === 'as an input' ? ['first', 'second', 'third'] : ['first', 'second']);
    const text = how === 'as an input' ? 'third of second of 2' : 'third of second of 7';
    expect(await result.load('result')).toBe(text);
  });

  test('it does not run where the forced one gives the same again', async () => {
    const { io, made } = chain(() => 1);
    await made.run();
    io.lose('second');
    const result = await made.run({ force: ['first'] });
    expect(result.executed).toEqual(['first']);
  });
});

describe.each(['one step', 'two steps of one version'])('an intermediate that may be needed, of %s', (how) => {
  test('what else reads it is planned to be decided while running: it may come out different', async () => {
    let count = 0;
    const io = new WatchedManager();
    const first = op('first', () => ++count);
    const chance = op('chance', () => ++count);
    const both = op('both', ({ a, b }: { a: number; b: number }) => a + b);
    const other = op('other', ({ of }: { of: number }) => `other of ${of}`);
    const made = job('shared', {
      versions: new SetVersions(),
      io,
      build: () => {
        const read = chance();
        const also = how === 'one step' ? read : chance();
        return { both: both({ a: first(), b: read }), other: other({ of: also }) };
      },
    });
    await made.run();
    io.lose('chance');
    const plan = await made.plan({ force: ['first'] });
    expect(plan.step('both').reasons).toEqual([{ code: 'needed-if', step: 'first' }]);
    expect(plan.step('chance').reasons[0]).toEqual({ code: 'needed-if', step: 'both' });
    expect(plan.step('other')).toMatchObject({
      action: 'pending',
      reasons: [{ code: 'needed-if', step: expect.stringMatching(/^chance/) }],
    });
    const result = await made.run({ force: ['first'] });
    expect(result.executed).toEqual(expect.arrayContaining(['first', 'both', 'other']));
    expect(await result.loadAll()).toEqual({ both: 7, other: 'other of 4' });
  });
});
