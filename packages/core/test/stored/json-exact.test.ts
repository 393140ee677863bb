import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isJsonExact } from '../../src/stored/json-exact.ts';
import { storableValue } from '../hash/arbitrary-value.ts';
import { treeOf } from '../hash/value-tree.ts';

const seed = 20_240_604;

test('what is exact comes back from JSON exactly', () => {
  let exact = 0;
  fc.assert(
    fc.property(fc.oneof(storableValue, fc.jsonValue()), (value) => {
      if (!isJsonExact(value)) return;
      exact++;
      expect(treeOf(JSON.parse(JSON.stringify(value)))).toEqual(treeOf(value));
    }),
    { numRuns: 1000, seed },
  );
  expect(exact).toBeGreaterThan(200);
});

test('what JSON alone gives back exactly is exact', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      const value: unknown = JSON.parse(JSON.stringify(json));
      expect(isJsonExact(value)).toBe(true);
    }),
    { numRuns: 500, seed },
  );
});

test.each<[string, unknown]>([
  ['undefined', undefined],
  ['-0', [-0]],
  ['NaN', { a: Number.NaN }],
  ['infinity', [Number.POSITIVE_INFINITY]],
  ['a bigint', [1n]],
  ['an undefined field', { a: undefined }],
  ['a hole', Object.assign([1], { length: 2 })],
  ['a date', [new Date(0)]],
  ['no prototype', Object.create(null)],
  ['a function called toJSON', { toJSON: () => 1 }],
  ['a getter', Object.defineProperty({}, 'a', { get: () => 1, enumerable: true })],
  ['a list with more than items', [Object.assign([1], { index: 0 })]],
  ['one object in two places', ((part) => [part, part])({})],
  ['a cycle', ((list) => list.push(list) && list)([] as unknown[])],
  ['more than 500 levels', Array.from({ length: 501 }).reduce<unknown>((inner) => [inner], 1)],
  ['a long list of numbers', Array.from({ length: 4096 }, (_, index) => index)],
])('%s is not exact', (_, value) => {
  expect(isJsonExact(value)).toBe(false);
});

test.each<[string, unknown]>([
  ['an own __proto__', JSON.parse('{"__proto__":{"a":1}}')],
  ['lone surrogates', { '\ud800': '\udfff' }],
  ['a text called toJSON', { toJSON: 'x' }],
  ['500 levels', Array.from({ length: 500 }).reduce<unknown>((inner) => [inner], 1)],
  ['keys that are numbers', { 10: 1, 9: 2, a: 3 }],
  ['a list of many things', Array.from({ length: 5000 }, (_, index) => (index === 4999 ? 'end' : index))],
])('%s is exact', (_, value) => {
  expect(isJsonExact(value)).toBe(true);
  expect(treeOf(JSON.parse(JSON.stringify(value)))).toEqual(treeOf(value));
});
