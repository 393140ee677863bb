import { type Job, job, op, type VersionStrategy } from '@memo/core';
import { expect, test } from 'vitest';
import { JOB, makeJob } from '../../src/job.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatIsPlanned, whatRan } from '../support/what-ran.ts';

const load = op('load', () => [3, 1, 2]);
const split = op('split', {
  outputs: { low: {}, high: {}, none: { optional: true } },
  run: ({ all }: { all: readonly number[] }) => ({ low: all.filter((n) => n < 2), high: all.filter((n) => n >= 2) }),
});
const count = op('count', ({ low, none }: { low: readonly number[]; none?: unknown }) => [
  low.length,
  none === undefined,
]);
const send = op('send', { effect: true, run: ({ high }: { high: readonly number[] }) => high.length });

/** A strategy whose algorithm 2 calls all code otherwise. */
function algorithm(number: 1 | 2, codes: Readonly<Record<string, string>> = {}): VersionStrategy {
  const versionAt = (at: number, name: string): string => `a${at}-${codes[name] ?? '1'}`;
  return {
    id: `letters@${number}`,
    getOpVersion: ({ name }) => versionAt(number, name),
    ...(number === 1
      ? {}
      : { previous: (asked) => [{ id: 'letters@1', versions: asked.map(({ name }) => versionAt(1, name)) }] }),
  };
}

function counting(io: WatchedManager, versions: VersionStrategy) {
  return job('counting', {
    versions,
    io,
    build: () => {
      const { low, high } = split({ all: load() });
      return { total: count({ low }), sent: send({ high }) };
    },
  });
}

/** The same job in a release whose version records have another schema. */
function nextRelease<C, R>(made: Job<C, R>): Job<C, R> {
  const schemas = { current: 'memo.step-version/2', previous: ['memo.step-version/1'] };
  return makeJob<C, R>({ ...made[JOB], schemas });
}

const EVERYTHING = { reuse: ['count', 'load', 'send', 'split'] };

test.each([
  [
    'the schema of versions',
    () => nextRelease(counting(io, algorithm(1))),
    'memo.step-version/1',
    'memo.step-version/2',
  ],
  ['the algorithm of a strategy', () => counting(io, algorithm(2)), 'letters@1', 'letters@2'],
  [
    'both',
    () => nextRelease(counting(io, algorithm(2))),
    'memo.step-version/1, letters@1',
    'memo.step-version/2, letters@2',
  ],
])(
  'when %s changes, everything is re-used, the plan says so, and the next plan does not',
  async (_what, upgraded, from, to) => {
    io = new WatchedManager();
    await counting(io, algorithm(1)).run();
    const plan = await upgraded().plan();
    expect(whatIsPlanned(plan)).toEqual(EVERYTHING);
    for (const { reasons } of plan.steps) expect(reasons).toEqual([{ code: 'upgraded', from, to }]);
    expect(plan.explain('count').rootCauses.map(({ step, reason }) => [step, reason.code])).toEqual([
      ['count', 'upgraded'],
    ]);
    expect(String(plan)).toContain(`upgraded from ${from} to ${to}`);
    const bindings = (await io.bindings()).length;
    expect(bindings).toBe(4);
    const result = await upgraded().run();
    expect(whatRan(result)).toEqual({ reused: ['count', 'load', 'send', 'split'] });
    expect([await result.load('total'), await result.load('sent')]).toEqual([[1, true], 2]);
    const again = await upgraded().plan();
    expect(whatIsPlanned(again)).toEqual(EVERYTHING);
    expect(again.steps.flatMap(({ reasons }) => reasons)).toEqual([]);
  },
);

let io = new WatchedManager();

test('when code changes with the algorithm, what was not edited is re-used', async () => {
  const io = new WatchedManager();
  await counting(io, algorithm(1)).run();
  const edited = counting(io, algorithm(2, { split: '2' }));
  const plan = await edited.plan();
  expect(plan.step('load').reasons.map(({ code }) => code)).toEqual(['upgraded']);
  expect(plan.step('split').action).toBe('run');
  const result = await edited.run();
  expect(result.executed).toContain('split');
  expect(result.executed).not.toContain('load');
});

test('when an algorithm offers no earlier versions, its steps run, and the upgrade is the root cause', async () => {
  const io = new WatchedManager();
  await counting(io, algorithm(1)).run();
  const { previous: _none, ...silent } = algorithm(2);
  const upgraded = counting(io, silent);
  const plan = await upgraded.plan();
  const reason = { code: 'upgraded', from: 'letters@1', to: 'letters@2' };
  expect(plan.step('load')).toMatchObject({ action: 'run', reasons: [reason] });
  expect(plan.explain('load').rootCauses).toMatchObject([{ step: 'load', reason }]);
  const recorder = new EventRecorder();
  await upgraded.run({ reporter: recorder.reporter });
  expect(recorder.of('step.start').find(({ step }) => step === 'load')?.reasons).toEqual([reason]);
});

test('a generation that was pinned before stays the one that counts', async () => {
  let tossed = 0;
  const toss = op('toss', () => ++tossed);
  const twice = op('twice', ({ n }: { n: number }) => n * 2);
  const io = new WatchedManager();
  const tossing = (versions: VersionStrategy) =>
    job('tossing', {
      versions,
      io,
      build: () => {
        const n = toss();
        return { n, twice: twice({ n }) };
      },
    });
  await tossing(algorithm(1)).run();
  await tossing(algorithm(1)).run({ force: 'toss' });
  const result = await tossing(algorithm(2)).run();
  expect(result.executed).toEqual([]);
  expect([await result.load('n'), await result.load('twice')]).toEqual([2, 4]);
});

test('what two processes bound differently to one version is not upgraded: nobody can say which of them counts', async () => {
  let tossed = 0;
  const toss = op('toss', () => ++tossed);
  const tossing = (io: WatchedManager, versions: VersionStrategy) =>
    job('tossing', { versions, io, build: () => ({ n: toss() }) });
  const [io, other] = [new WatchedManager(), new WatchedManager()];
  await tossing(io, algorithm(1)).run();
  await tossing(other, algorithm(1)).run();
  for (const { name } of await other.records.segments()) {
    await io.records.append(name, await other.records.read(name, 0));
  }
  const plan = await tossing(io, algorithm(2)).plan();
  expect(whatIsPlanned(plan)).toEqual({ run: ['toss'] });
  const result = await tossing(io, algorithm(2)).run();
  expect(result.executed).toEqual(['toss']);
  expect(await result.load('n')).toBe(3);
});

test('a strategy that cannot give earlier versions is named', async () => {
  const io = new WatchedManager();
  await counting(io, algorithm(1)).run();
  const broken: VersionStrategy = { ...algorithm(2), previous: () => Promise.reject(new Error('no table')) };
  await expect(counting(io, broken).plan()).rejects.toMatchObject({ code: 'M4005' });
});
