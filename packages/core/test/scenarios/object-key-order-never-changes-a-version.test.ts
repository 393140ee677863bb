import { job, op } from '@memo/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SetVersions } from '../support/set-versions.ts';

const read = op('read', {
  config: z.looseObject({}),
  run: ({ value }: { value: unknown }, { config }) => JSON.stringify([value, config]),
});

const reading = (value: unknown, config: object) =>
  job('reading', { versions: new SetVersions(), build: () => read({ value }, { config: { ...config } }) });

const versionOf = async (value: unknown, config: object): Promise<string | undefined> =>
  (await reading(value, config).plan()).step('read').version;

/** The same value with the keys of every object in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, reversed(item)] as const);
  return Object.fromEntries(entries.toReversed());
}

const json = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 });

test('the order of keys at any depth, in inputs and in configs, never counts', async () => {
  await fc.assert(
    fc.asyncProperty(json, async (value) => {
      const other = reversed(value) as object;
      expect(await versionOf(value, value)).toBe(await versionOf(other, other));
    }),
    { numRuns: 50 },
  );
});

test('objects inside lists are held to the same', async () => {
  const a = await versionOf([{ x: 1, y: 2 }], { list: [{ x: 1, y: 2 }] });
  expect(await versionOf([{ y: 2, x: 1 }], { list: [{ y: 2, x: 1 }] })).toBe(a);
});

test('the order of a list counts', async () => {
  expect(await versionOf([1, 2], {})).not.toBe(await versionOf([2, 1], {}));
  expect(await versionOf(0, { list: [1, 2] })).not.toBe(await versionOf(0, { list: [2, 1] }));
});

test('the op sees the keys in one order, so that it cannot see what the version does not', async () => {
  const [first, second] = [reading({ b: 1, a: 2 }, { d: 1, c: 2 }), reading({ a: 2, b: 1 }, { c: 2, d: 1 })];
  const texts = [await (await first.run()).load('result'), await (await second.run()).load('result')];
  expect(texts).toEqual(['[{"a":2,"b":1},{"c":2,"d":1}]', '[{"a":2,"b":1},{"c":2,"d":1}]']);
});
