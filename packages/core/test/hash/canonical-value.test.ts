import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalValue, containsUnfreezable, freshCopy } from '../../src/hash/canonical-value.ts';
import { encodeKey } from '../../src/hash/key-encoding.ts';
import { KEY_VALUES } from '../golden/value-table.ts';
import { reordered, smallValue } from './arbitrary-value.ts';
import { treeOf } from './value-tree.ts';

const seed = 20_240_602;

describe('the canonical copy', () => {
  test('has the key form of its original, and so has every fresh one', () => {
    fc.assert(
      fc.property(smallValue, (value) => {
        const canonical = canonicalValue(value);
        expect(canonical.text).toBe(encodeKey(value));
        expect(encodeKey(canonical.value)).toBe(canonical.text);
        expect(encodeKey(canonical.fresh())).toBe(canonical.text);
      }),
      { numRuns: 1000, seed },
    );
  });

  test('shows nothing that the key form does not see', () => {
    fc.assert(
      fc.property(smallValue, (value) => {
        expect(treeOf(canonicalValue(reordered(value)).value)).toEqual(treeOf(canonicalValue(value).value));
      }),
      { numRuns: 1000, seed },
    );
  });

  test.each(Object.keys(KEY_VALUES))('of %s is stable', (name) => {
    const canonical = canonicalValue(KEY_VALUES[name]?.());
    expect(treeOf(canonicalValue(canonical.value).value)).toEqual(treeOf(canonical.value));
    expect(treeOf(canonical.fresh())).toEqual(treeOf(canonical.value));
  });

  test('has its keys and entries in the order of the key form', () => {
    const { value } = canonicalValue({
      b: new Map([
        ['z', 1],
        ['y', 2],
      ]),
      a: new Set(['d', 'c']),
      B: 1,
    });
    expect(Object.keys(value)).toEqual(['B', 'a', 'b']);
    expect([...value.b.keys()]).toEqual(['y', 'z']);
    expect([...value.a]).toEqual(['c', 'd']);
  });

  test('is frozen through and through', () => {
    const { value } = canonicalValue({ a: [{ b: [1] }], c: {} });
    for (const part of [value, value.a, value.a[0], value.a[0]?.b, value.c]) expect(Object.isFrozen(part)).toBe(true);
  });

  test('shares nothing with its original', () => {
    const bytes = new Uint8Array([1]);
    const original = { list: [1], bytes, map: new Map([['a', { x: 1 }]]) };
    const { value } = canonicalValue(original);
    bytes[0] = 9;
    original.list.push(2);
    const entry = original.map.get('a');
    if (entry !== undefined) entry.x = 9;
    expect(value).toEqual({ list: [1], bytes: new Uint8Array([1]), map: new Map([['a', { x: 1 }]]) });
  });

  test('gives bytes as Uint8Array, objects with their prototype, and keeps an own __proto__', () => {
    const { value } = canonicalValue<{ bytes: unknown; bare: unknown; odd: unknown }>({
      bytes: Buffer.from('a'),
      bare: Object.create(null),
      odd: JSON.parse('{"__proto__":{"polluted":true}}'),
    });
    expect(Object.getPrototypeOf(value.bytes)).toBe(Uint8Array.prototype);
    expect(Object.getPrototypeOf(value.bare)).toBe(Object.prototype);
    expect(Object.keys(value.odd as object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value.odd)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  test('starts regular expressions at their beginning', () => {
    const used = /a/g;
    used.lastIndex = 5;
    expect(canonicalValue(used).value.lastIndex).toBe(0);
  });
});

describe('fresh copies', () => {
  test('are the value itself when all of it is frozen', () => {
    const canonical = canonicalValue({ a: [1, 'x', null] });
    expect(containsUnfreezable(canonical.value)).toBe(false);
    expect(canonical.fresh()).toBe(canonical.value);
  });

  test('are new where something could be changed, and shared where not', () => {
    const canonical = canonicalValue({ frozen: [1], open: { date: new Date(1) } });
    expect(containsUnfreezable(canonical.value)).toBe(true);
    const [first, second] = [canonical.fresh(), canonical.fresh()];
    first.open.date.setTime(9);
    expect(second.open.date.getTime()).toBe(1);
    expect(canonical.value.open.date.getTime()).toBe(1);
    expect(first.frozen).toBe(second.frozen);
    expect(Object.isFrozen(first.open)).toBe(true);
  });

  test.each<[string, unknown]>([
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['bytes', new Uint8Array(1)],
    ['a URL', new URL('http://a')],
    ['an object that nobody froze', {}],
  ])('%s is not safe to share', (_, value) => {
    expect(containsUnfreezable([value])).toBe(true);
    expect(freshCopy([value])).not.toBe(value);
  });
});

test('primitives pass through', () => {
  for (const value of [undefined, null, 1, 'a', 1n, true]) {
    const canonical = canonicalValue(value);
    expect(canonical.value).toBe(value);
    expect(canonical.fresh()).toBe(value);
    expect(canonical.text).toBe(encodeKey(value));
  }
});
