import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const nothing = { outputs: { value: { optional: true } }, run: () => ({}) } as const;
const pass = op('pass', ({ value }: { value: unknown }) => value);
const count = op('count', ({ values }: { values: readonly unknown[] }) => values.length);
const after = op('after', () => 'done');

test('a step that is skipped again, because the records say that its input is absent, is absent in the result', async () => {
  const maybe = op('maybe', nothing);
  const skipping = job('skipping', {
    versions: new SetVersions(),
    build: () => ({ passed: pass({ value: maybe().value }) }),
  });
  const first = await skipping.run();
  await expect(first.load('passed')).rejects.toMatchObject({ code: 'M5005' });
  const second = await skipping.run();
  expect(second.reused).toEqual(['maybe']);
  expect(second.skipped).toEqual(['pass']);
  await expect(second.load('passed')).rejects.toMatchObject({ code: 'M5005' });
  expect(await second.loadAll()).toEqual({});
});

test('what comes after a skipped step below a volatile one has a version, and is re-used', async () => {
  const maybe = op('maybe', { ...nothing, memo: 'off' });
  const skipping = job('skipping', {
    versions: new SetVersions(),
    build: () => {
      const passed = pass({ value: maybe().value });
      return { count: count({ values: [passed] }), after: after({}, { after: passed }) };
    },
  });
  for (const executed of [['maybe', 'count', 'after'], ['maybe']]) {
    const result = await skipping.run();
    expect(result.failed).toEqual([]);
    expect([...result.executed].sort()).toEqual([...executed].sort());
    expect(await result.loadAll()).toEqual({ count: 0, after: 'done' });
  }
});

test('what drops the output of a skipped volatile step has a version, and is re-used', async () => {
  const maybe = op('maybe', nothing);
  const often = op('often', { memo: 'off', run: ({ value }: { value: unknown }) => value });
  const skipping = job('skipping', {
    versions: new SetVersions(),
    build: () => ({ count: count({ values: [often({ value: maybe().value })] }) }),
  });
  for (const executed of [['maybe', 'count'], []]) {
    const result = await skipping.run();
    expect(result.failed).toEqual([]);
    expect([...result.executed].sort()).toEqual([...executed].sort());
    expect(await result.loadAll()).toEqual({ count: 0 });
  }
});

test('what is below a skipped volatile step is decided again when the input that was absent comes', async () => {
  let calls = 0;
  const io = new WatchedManager();
  const often = op('often', {
    memo: 'off',
    outputs: { maybe: { optional: true }, always: {} },
    run: () => (++calls === 1 ? { always: 'first' } : { maybe: 'there', always: 'second' }),
  });
  const relay = op('relay', { memo: 'off', run: ({ value }: { value: unknown }) => value });
  const skipping = job('skipping', {
    versions: new SetVersions(),
    io,
    build: () => {
      const { maybe, always } = often();
      const early = relay({ value: relay({ value: maybe }, { id: 'relayed' }) }, { id: 'early' });
      return { early, late: pass({ value: always }, { after: early }) };
    },
  });
  io.interference = { load: ({ step }) => void (step === 'often' && calls === 1 && io.lose('often')) };
  const result = await skipping.run();
  expect(result.failed).toEqual([]);
  expect(await result.loadAll()).toEqual({ early: 'there', late: 'second' });
});
