import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';

const read = op('read', (input: { value?: unknown; other?: unknown }) => typeof input);

const versionOf = async (input: { value?: unknown; other?: unknown }): Promise<string | undefined> => {
  const reading = job('reading', { versions: new SetVersions(), build: () => read(input as never) });
  return (await reading.plan()).step('read').version;
};

const VALUES: Readonly<Record<string, { value?: unknown; other?: unknown }>> = {
  absent: {},
  undefined: { value: undefined },
  null: { value: null },
  'an empty text': { value: '' },
  'an empty object': { value: {} },
  'an empty list': { value: [] },
  'an object with undefined': { value: { a: undefined } },
  'an object with null': { value: { a: null } },
  'an object with an empty text': { value: { a: '' } },
  'an object with an empty object': { value: { a: {} } },
  'the number 1': { value: 1 },
  'the text 1': { value: '1' },
  'the bigint 1': { value: 1n },
  true: { value: true },
  'the text true': { value: 'true' },
  zero: { value: 0 },
  'minus zero': { value: -0 },
  NaN: { value: Number.NaN },
  'the text NaN': { value: 'NaN' },
  infinity: { value: Number.POSITIVE_INFINITY },
  'a date': { value: new Date(0) },
  'its text': { value: new Date(0).toISOString() },
  'its number': { value: [new Date(0).getTime()] },
  'a list': { value: [1, 2] },
  'a list as text': { value: '[1, 2]' },
  'a set': { value: new Set([1, 2]) },
  'a map': { value: new Map([['a', 1]]) },
  'the map as an object': { value: { a: 1 } },
  'bytes of two': { value: new Uint8Array([1, 2]) },
  'ab and c': { value: ['ab', 'c'] },
  'a and bc': { value: ['a', 'bc'] },
  abc: { value: ['abc'] },
  'ab as one input and c as another': { value: 'ab', other: 'c' },
  'a as one input and bc as another': { value: 'a', other: 'bc' },
  'a lone surrogate': { value: '\ud800' },
  'another lone surrogate': { value: '\ud801' },
  'a composed letter': { value: 'é' },
  'the same letter decomposed': { value: 'e\u0301' },
};

test('no two of all these inputs have one version', async () => {
  const owners = new Map<string | undefined, string>();
  for (const [name, input] of Object.entries(VALUES)) {
    const version = await versionOf(input);
    expect(version).toMatch(/^[0-9a-f]{64}$/);
    expect(owners.get(version), `${name} has the version of another value`).toBeUndefined();
    owners.set(version, name);
  }
});

test('equal values have one version each time', async () => {
  for (const input of Object.values(VALUES)) expect(await versionOf({ ...input })).toBe(await versionOf(input));
});
