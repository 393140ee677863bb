import { configure, defineConfig, job, memory, op, provide, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';

const load = op('load', () => 1);
const db = resource('db', { setup: () => 1 });
const training = job('training', { build: () => load() });
const wrong = (value: unknown): never => value as never;

const CALLS: Readonly<Record<string, readonly [call: () => unknown, message: string]>> = {
  'op without a name': [() => op('', () => 1), 'op(name, …)'],
  'op with a name that is too long': [() => op('x'.repeat(201), () => 1), '200 characters'],
  'op without a function': [() => op('a', wrong({})), 'op("a", …)'],
  'op with nothing': [() => op('a', wrong(null)), 'op("a", …)'],
  'op with an output that is no name': [() => op('a', { outputs: ['b c'], run: () => wrong({}) }), '"b c"'],
  'op with an output that is no property': [
    () => op('a', { outputs: ['__proto__'], run: () => wrong({}) }),
    '__proto__',
  ],
  'op with a repeated output': [() => op('a', { outputs: ['b', 'b'], run: () => wrong({}) }), '"b"'],
  'op that uses something else': [() => op('a', { uses: { db: wrong({}) }, run: () => 1 }), 'uses.db of op "a"'],
  'op with a wrong timeout': [() => op('a', { timeout: wrong('5 minutes'), run: () => 1 }), 'timeout of op "a"'],
  'op with a negative maxAge': [() => op('a', { maxAge: -1, run: () => 1 }), 'maxAge of op "a"'],
  'op with half a retry': [() => op('a', { retry: 0.5, run: () => 1 }), 'retry of op "a"'],
  'op with an unknown memo mode': [() => op('a', { memo: wrong('no'), run: () => 1 }), `memo of op "a" must be 'on'`],
  'op with one secret path': [() => op('a', { secret: wrong('key'), run: () => 1 }), '`secret` of op "a"'],
  'op with a config that is no schema': [() => op('a', { config: wrong({}), run: () => 1 }), '`config` of op "a"'],
  'resource with one secret path': [
    () => resource('a', { secret: wrong('key'), setup: () => 1 }),
    '`secret` of resource "a"',
  ],
  'job with a secret that is no path': [
    () => job('a', { secret: [wrong(5)], build: () => load() }),
    '`secret` of job "a"',
  ],
  'job without a name': [() => job('', { build: () => load() }), 'job(name, …)'],
  'job without build': [() => job('a', wrong({})), 'job("a", …)'],
  'job with wrong defaults': [() => job('a', { defaults: { retry: -1 }, build: () => load() }), 'job "a"'],
  'job with an empty pool': [() => job('a', { pools: { gpu: 0 }, build: () => load() }), 'Pool "gpu" of job "a"'],
  'run with half a pool': [() => training.run({ pools: { gpu: 1.5 } }), 'Pool "gpu" of a run'],
  'resource without a name': [() => resource('', { setup: () => 1 }), 'resource(name, …)'],
  'resource without setup': [() => resource('a', wrong({})), 'resource("a")'],
  'configure of something else': [() => configure(wrong(load), {}), 'configure(resource, …)'],
  'provide of something else': [() => provide(wrong('db'), 1), 'provide(resource, …)'],
  'run with no concurrency': [() => training.run({ concurrency: 0 }), 'concurrency must be a whole number'],
  'run with a binding that is none': [() => training.run({ resources: [wrong(db)] }), 'configure(…) and provide(…)'],
  'run with a manager that is none': [() => training.run({ io: { default: wrong({}) } }), 'IO manager "default"'],
  'plan with an unknown memo mode': [() => training.plan({ memo: wrong('no') }), `memo of a run must be 'on'`],
  'run with an unknown failure mode': [() => training.run({ onFailure: wrong('no') }), `onFailure must be 'stop'`],
  'defineConfig with one name twice': [() => defineConfig({ jobs: [training, training] }), '"training"'],
  'defineConfig with something else': [() => defineConfig({ jobs: [wrong({ name: 'a' })] }), 'made by job(…)'],
};

test.each(Object.entries(CALLS))('%s is a TypeError that says what is wrong', async (_, [call, message]) => {
  const calling = async (): Promise<unknown> => call();
  await expect(calling()).rejects.toThrow(TypeError);
  await expect(calling()).rejects.toThrow(message);
});

test('a step option of the wrong shape fails the build with the same words', async () => {
  const wrongStep = job('wrong', { build: () => load({}, { retry: -1 }) });
  await expect(wrongStep.plan()).rejects.toMatchObject({ code: 'M2112', cause: expect.any(TypeError) });
});

test('a project fills in what its jobs leave open, and keeps what they say', async () => {
  const versions = new SetVersions();
  const open = job('open', { build: () => load() });
  const own = job('own', { versions: new SetVersions(), io: memory(), build: () => load() });
  const project = defineConfig({ jobs: [open, own], versions, io: memory() });
  expect(project.jobs.map(({ name }) => name)).toEqual(['open', 'own']);
  const [first, second] = project.jobs;
  expect((await first.plan()).memoized).toBe(true);
  expect(versions.asked).toEqual(['load']);
  expect((await second.plan()).memoized).toBe(true);
  expect(versions.asked).toEqual(['load']);
  expect((await open.plan()).memoized).toBe(false);
});
