import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeKey, keyDigest, keyTextDigest } from '../../src/hash/key-encoding.ts';
import { KEY_VALUES } from '../golden/value-table.ts';
import { reordered, smallValue, valuePair } from './arbitrary-value.ts';

const seed = 20_240_601;

describe('the key form', () => {
  test('is equal for two values exactly when they are equal', () => {
    let equal = 0;
    fc.assert(
      fc.property(valuePair, ([left, right]) => {
        const same = isDeepStrictEqual(left, right);
        if (same) equal++;
        expect(encodeKey(left) === encodeKey(right)).toBe(same);
      }),
      { numRuns: 5000, seed },
    );
    expect(equal).toBeGreaterThan(100);
  });

  test('never begins the key form of another value', () => {
    fc.assert(
      fc.property(smallValue, smallValue, (left, right) => {
        const [first, second] = [encodeKey(left), encodeKey(right)];
        expect(first === second || !second.startsWith(first)).toBe(true);
      }),
      { numRuns: 2000, seed },
    );
  });

  test('is blind to the order of keys and entries', () => {
    fc.assert(
      fc.property(smallValue, (value) => {
        expect(encodeKey(reordered(value))).toBe(encodeKey(value));
      }),
      { numRuns: 1000, seed },
    );
  });

  test('differs for all values of the table but those that mean the same', () => {
    const names = new Map<string, string>();
    const twins: string[][] = [];
    for (const [name, make] of Object.entries(KEY_VALUES)) {
      const text = encodeKey(make());
      const twin = names.get(text);
      if (twin === undefined) names.set(text, name);
      else twins.push([twin, name]);
    }
    expect(twins).toEqual([
      ['{ a: 1, b: 2 }', '{ b: 2, a: 1 }'],
      ['{}', 'Object.create(null)'],
      ["new Map([['a', 1], ['b', 2]])", "new Map([['b', 2], ['a', 1]])"],
    ]);
  });

  test.each<[string, unknown, unknown]>([
    ['a Buffer and a Uint8Array', Buffer.from([1, 2]), new Uint8Array([1, 2])],
    ['an object with and without prototype', { a: 1 }, Object.assign(Object.create(null), { a: 1 })],
    ['shared and copied parts', ((part) => [part, part])({ a: 1 }), [{ a: 1 }, { a: 1 }]],
    ['a used and a fresh regular expression', Object.assign(/a/g, { lastIndex: 2 }), /a/g],
    ['a window and the bytes under it', new Uint8Array([0, 1, 2]).subarray(1), new Uint8Array([1, 2])],
    [
      'objects of two realms',
      runInNewContext('({ a: [new Map([[1, new Date(5)]])] })'),
      { a: [new Map([[1, new Date(5)]])] },
    ],
  ])('does not tell %s apart', (_, left, right) => {
    expect(encodeKey(left)).toBe(encodeKey(right));
  });

  test.each<[string, unknown, unknown]>([
    ['lists cut differently', ['ab', 'c'], ['a', 'bc']],
    ['a string that looks like an encoding', ['s1:a'], ['a']],
    ['classes of equal bytes', new Int8Array([1]), new Uint8Array([1])],
    ['bytes and a list of numbers', new Uint8Array([1]), [1]],
    ['a buffer and a view of it', new ArrayBuffer(2), new Uint8Array(2)],
    ['a hole and undefined', Object.assign([], { length: 1 }), [undefined]],
    ['holes at other places', [[], Object.assign([], { length: 1 })], Object.assign([[]], { length: 2 })],
    ['a missing key and an undefined value', {}, { a: undefined }],
    ['the empty values', [], {}],
    ['a Map and an object', new Map([['a', 1]]), { a: 1 }],
    ['a Set and a list', new Set([1]), [1]],
    ['a date and its text', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a URL and its text', new URL('http://a/'), 'http://a/'],
    ['NFC and NFD', '\u00e9', 'e\u0301'],
    ['two lone surrogates', '\ud800', '\ud801'],
    ['a lone surrogate and its replacement', '\ud800', '\ufffd'],
    ['own __proto__ keys', JSON.parse('{"__proto__":1}'), {}],
    [
      'payloads of NaN in float arrays',
      new Float64Array(new BigUint64Array([0x7ff8000000000001n]).buffer),
      new Float64Array([Number.NaN]),
    ],
  ])('tells %s apart', (_, left, right) => {
    expect(encodeKey(left)).not.toBe(encodeKey(right));
  });

  test('leaves out what is not enumerable', () => {
    const value = Object.defineProperty({ a: 1 }, 'hidden', { value: 2, enumerable: false });
    expect(encodeKey(value)).toBe(encodeKey({ a: 1 }));
  });
});

test('keyDigest is the digest of the key form', () => {
  const value = { a: [1, 'x'] };
  expect(keyDigest(value)).toBe(keyTextDigest(encodeKey(value)));
  expect(keyDigest(value)).toMatch(/^[0-9a-f]{64}$/);
});
