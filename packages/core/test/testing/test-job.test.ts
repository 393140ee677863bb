import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { job, memory, op, provide, resource } from '@memo/core';
import { functionIdentity, TestClock, testJob } from '@memo/core/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { type Alphabet, alphabet, calls, counting } from './count-letters.ts';

beforeEach(() => Object.assign(calls, { read: 0, clean: 0, count: 0, report: 0 }));

describe('testJob', () => {
  test('memoizes a job that names no strategy, and runs nothing again that has not changed', async () => {
    const tested = testJob(counting);
    const first = await tested.run({ config: { text: 'abcd' } });
    expect(first.log).toEqual(['read run', 'clean run', 'count run', 'report run']);
    const second = await tested.rerun();
    expect(second.log).toEqual(['read reuse', 'clean reuse', 'count reuse', 'report reuse']);
    expect(calls).toEqual({ read: 1, clean: 1, count: 1, report: 1 });
    expect(await second.load('report')).toBe('letters: 3');
    expect(await second.loadAll()).toEqual({ total: 3, report: 'letters: 3' });
  });

  test('runs what a changed config concerns, and nothing else', async () => {
    const tested = testJob(counting);
    await tested.run({ config: { text: 'abcd' } });
    const second = await tested.rerun({ config: { text: 'abcd', title: 'characters' } });
    expect(second.executed).toEqual(['report']);
    const third = await tested.rerun({ config: { text: 'abcd', atLeast: 9 } });
    expect(third.executed).toEqual(['count', 'report']);
    expect(await third.load('report')).toBe('letters: 9');
  });

  test('keeps nothing from one tested job to the next', async () => {
    await testJob(counting).run({ config: { text: 'a' } });
    const other = await testJob(counting).run({ config: { text: 'a' } });
    expect(other.reused).toEqual([]);
    const real = await counting.run({ config: { text: 'a' }, memo: 'off' });
    expect(real.executed).toHaveLength(4);
  });

  test('takes provided values without a version: the same object counts as the same, another as another', async () => {
    const all: Alphabet = { has: () => true };
    const none: Alphabet = { has: () => false };
    const tested = testJob(counting);
    const first = await tested.run({ config: { text: 'xyz' }, resources: [provide(alphabet, all)] });
    expect(await first.load('total')).toBe(3);
    const same = await tested.rerun();
    expect(same.executed).toEqual([]);
    const other = await tested.rerun({ resources: [provide(alphabet, none)] });
    expect(other.executed).toEqual(['clean', 'count', 'report']);
    expect(await other.load('total')).toBe(0);
    const again = await tested.rerun({ resources: [provide(alphabet, all)] });
    expect(again.executed).toEqual([]);
  });

  test('plans with the config and resources of the last run, and writes nothing', async () => {
    const tested = testJob(counting);
    await tested.run({ config: { text: 'abcd' } });
    const plan = await tested.plan();
    expect(plan.steps.map(({ action }) => action)).toEqual(['reuse', 'reuse', 'reuse', 'reuse']);
    const other = await tested.plan({ config: { text: 'abcd', title: 'x' } });
    expect(other.step('report').action).toBe('run');
    expect((await tested.rerun()).executed).toEqual([]);
  });

  test('repeats neither selection nor force', async () => {
    const tested = testJob(counting);
    const first = await tested.run({ config: { text: 'a' }, only: 'count', force: true });
    expect(first.executed).toEqual(['read', 'clean', 'count']);
    expect((await tested.rerun()).executed).toEqual(['report']);
  });

  test("keeps the outputs of all of the job's managers in its store, and leaves those alone", async () => {
    const [values, large] = [memory(), memory()];
    const split = op('split', {
      outputs: { small: {}, big: { io: 'large' } },
      run: () => ({ small: 1, big: 'x'.repeat(100) }),
    });
    const stored = job('stored', { io: { default: values, large }, build: () => split() });
    const tested = testJob(stored);
    const result = await tested.run();
    expect(await result.loadAll()).toEqual({ small: 1, big: 'x'.repeat(100) });
    expect(tested.store.bytes).toBeGreaterThan(100);
    expect([values.bytes, large.bytes]).toEqual([0, 0]);
    expect((await tested.rerun()).executed).toEqual([]);
  });

  test('asks the strategy of the job, or the one that the test gives, instead of its own', async () => {
    const [own, given] = [new SetVersions(), new SetVersions()];
    const constant = op('constant', () => 1);
    const versioned = job('versioned', { versions: own, build: () => constant() });
    await testJob(versioned).run();
    expect(own.asked).toEqual(['constant']);
    const tested = testJob(versioned, { versions: given });
    await tested.run();
    given.set('constant', '2');
    expect((await tested.rerun()).executed).toEqual(['constant']);
    expect(own.asked).toEqual(['constant']);
  });

  test('does not wait between attempts, and lets results expire when the clock is moved', async () => {
    const clock = new TestClock();
    let failures = 2;
    const flaky = op('flaky', {
      retry: { max: 3, delay: '1m' },
      timeout: '30s',
      maxAge: '1h',
      run: () => {
        if (failures-- > 0) throw new Error('busy');
        return 'done';
      },
    });
    const tested = testJob(job('waiting', { build: () => flaky() }), { clock });
    expect((await tested.run()).log).toEqual(['flaky retry', 'flaky retry', 'flaky run']);
    expect(tested.clock.waits).toEqual([60_000, 60_000]);
    expect((await tested.rerun()).executed).toEqual([]);
    clock.advance('2h');
    expect((await tested.rerun()).executed).toEqual(['flaky']);
  });

  test('gathers the events of each run and of all, and tells the reporters of a run too', async () => {
    const tested = testJob(counting);
    const told: string[] = [];
    const first = await tested.run({ config: { text: 'a' }, reporter: ({ type }) => void told.push(type) });
    const second = await tested.rerun();
    expect(first.events.map(({ type }) => type)).toEqual(told);
    expect(tested.events).toEqual([...first.events, ...second.events]);
    expect(told.at(-1)).toBe('run.end');
  });

  test('has failures in the result, as a real run', async () => {
    const failing = op('failing', (): number => {
      throw new Error('no');
    });
    const result = await testJob(job('broken', { build: () => failing() })).run();
    expect(result.failed.map(({ step, error }) => [step, error.code])).toEqual([['failing', 'M6001']]);
    expect(() => result.unwrap()).toThrow('M6006');
  });

  test('takes jobs only', () => {
    expect(() => testJob({} as never)).toThrow(TypeError);
  });

  describe('in a directory of its own', () => {
    const directory = mkdtempSync(join(tmpdir(), 'memo-test-job-'));
    const before = process.cwd();
    beforeEach(() => process.chdir(directory));
    afterEach(() => {
      process.chdir(before);
      rmSync(directory, { recursive: true, force: true });
    });

    test('writes no file, whatever store the job names', async () => {
      const durable = Object.assign(memory(), { capabilities: { durable: true, atomicCreate: true } });
      const constant = op('constant', () => 1);
      await testJob(job('durable', { io: durable, build: () => constant() })).run();
      expect(readdirSync(directory)).toEqual([]);
    });
  });
});

describe('functionIdentity', () => {
  test('gives a function the same version each time, and another function another one', async () => {
    const make = (factor: number) => op('scale', { namespace: `n${factor}`, run: () => factor });
    const [one, two] = [make(1), make(2)];
    const clock = resource('clock', { setup: () => 1 });
    const timed = op('timed', { uses: { clock }, run: () => 2 });
    const versions = functionIdentity();
    const tested = testJob(job('scaled', { build: () => ({ one: one(), two: two(), timed: timed() }) }), { versions });
    const first = await tested.run();
    const [a, b] = [first.plan.step('scale').version, first.plan.step('scale_2').version];
    expect(a).not.toBe(b);
    expect((await tested.plan()).step('scale').version).toBe(a);
    expect((await tested.rerun()).executed).toEqual([]);
  });
});
