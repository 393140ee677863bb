import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoError } from '../../src/errors/memo-error.ts';
import { bytesDigester, isKnownScheme, itemDigests, valueDigest } from '../../src/hash/value-digest.ts';
import { STORED_VALUES } from '../golden/value-table.ts';
import { smallValue, storableValue, valuePair } from './arbitrary-value.ts';
import { treeOf } from './value-tree.ts';

const seed = 20_240_603;

describe('the value digest', () => {
  test('is equal for two values exactly when a consumer cannot tell them apart', () => {
    let equal = 0;
    fc.assert(
      fc.property(valuePair, ([left, right]) => {
        const same = JSON.stringify(treeOf(left)) === JSON.stringify(treeOf(right));
        if (same) equal++;
        expect(valueDigest(left) === valueDigest(right)).toBe(same);
      }),
      { numRuns: 5000, seed },
    );
    expect(equal).toBeGreaterThan(100);
  });

  test('is defined and repeatable for all that can be stored', () => {
    fc.assert(
      fc.property(storableValue, (value) => {
        expect(isKnownScheme(valueDigest(value))).toBe(true);
        expect(valueDigest([value, value])).toBe(valueDigest([value, structuredCopy(value)]));
      }),
      { numRuns: 500, seed },
    );
  });

  test('differs for all values of the table but those that look the same', () => {
    const names = new Map<string, string>();
    const twins: string[][] = [];
    for (const [name, make] of Object.entries(STORED_VALUES)) {
      const digest = valueDigest(make());
      const twin = names.get(digest);
      if (twin === undefined) names.set(digest, name);
      else twins.push([twin, name]);
    }
    expect(twins).toEqual([]);
  });

  test.each<[string, unknown, unknown]>([
    ['shared and copied parts', ((part) => [part, part])({ a: 1 }), [{ a: 1 }, { a: 1 }]],
    [
      'shared and copied long parts',
      ((part) => [part, part])({ a: 'x'.repeat(999) }),
      [{ a: 'x'.repeat(999) }, { a: 'x'.repeat(999) }],
    ],
    ['engine kinds of numbers', [0, 0.5, 1].map((item) => item * 2), [0, 1, 2]],
    ['a long list however it grew', grown(1000), Array.from({ length: 1000 }, (_, index) => index)],
    [
      'a list with and without other items before',
      ((list) => {
        list[0] = 'x';
        list[0] = 1;
        return list;
      })([1, 2] as unknown[]),
      [1, 2],
    ],
    ['the stacks of errors', errorAt(1), errorAt(2)],
    [
      'objects of two realms',
      runInNewContext('({ a: [new Map([[1, new TypeError("x")]])] })'),
      { a: [new Map([[1, new TypeError('x')]])] },
    ],
    ['NaNs', [Number.NaN], [new Float64Array(new BigUint64Array([0x7ff8000000000001n]).buffer)[0]]],
    [
      'NaNs in long lists',
      Array(20).fill(Number.NaN),
      Array(20).fill(new Float64Array(new BigUint64Array([0x7ff8000000000001n]).buffer)[0]),
    ],
  ])('does not tell %s apart', (_, left, right) => {
    expect(valueDigest(left)).toBe(valueDigest(right));
  });

  test.each<[string, unknown, unknown]>([
    ['orders of properties', { a: 1, b: 2 }, { b: 2, a: 1 }],
    [
      'orders of entries',
      new Map([
        [1, 1],
        [2, 2],
      ]),
      new Map([
        [2, 2],
        [1, 1],
      ]),
    ],
    ['orders of items', new Set([1, 2]), new Set([2, 1])],
    ['a Buffer and a Uint8Array', Buffer.from([1]), new Uint8Array([1])],
    ['an object with and without prototype', {}, Object.create(null)],
    ['a used and a fresh regular expression', Object.assign(/a/g, { lastIndex: 1 }), /a/g],
    ['long lists that differ in one number', grown(20), [...grown(19), -19]],
    ['0 and -0 in long lists', Array(20).fill(0), Array(20).fill(-0)],
    ['long lists of numbers and typed arrays', grown(20), Float64Array.from(grown(20))],
    ['long strings', 'x'.repeat(70_000), `${'x'.repeat(69_999)}y`],
    ['long ill-formed strings', `${'x'.repeat(70_000)}\ud800`, `${'x'.repeat(70_000)}\ud801`],
    ['long keys', { ['k'.repeat(70_000)]: 1 }, { ['k'.repeat(70_001)]: 1 }],
    ['holes and undefined', Object.assign([1], { length: 3 }), [1, undefined, undefined]],
    ['classes of errors', new TypeError('m'), new RangeError('m')],
    ['causes', new Error('m', { cause: 1 }), new Error('m', { cause: '1' })],
    ['a cause that is undefined and none', new Error('m', { cause: undefined }), new Error('m')],
    ['a hidden and a shown name', named('N', false), named('N', true)],
    ['a text and its token', ['#', 'a0:'], ['#a0:']],
  ])('tells %s apart', (_, left, right) => {
    expect(valueDigest(left)).not.toBe(valueDigest(right));
  });
});

describe('cycles', () => {
  test('count by their form, not by their objects', () => {
    expect(valueDigest(ring(1))).toBe(valueDigest(ring(1)));
    expect(valueDigest(ring(2))).toBe(valueDigest(ring(2)));
    expect(valueDigest(ring(1))).not.toBe(valueDigest(ring(2)));
    expect(valueDigest([ring(2)])).not.toBe(valueDigest(ring(2)));
  });

  test('are seen through every kind of container', () => {
    const make: (() => unknown)[] = [
      () => {
        const list: unknown[] = [];
        list.push(list);
        return list;
      },
      () => {
        const map = new Map<unknown, unknown>();
        return map.set('self', map);
      },
      () => {
        const map = new Map<unknown, unknown>();
        return map.set(map, 1);
      },
      () => {
        const set = new Set<unknown>();
        return set.add(set);
      },
      () => {
        const error = new Error('m');
        error.cause = { error };
        return error;
      },
      () => {
        const bare = Object.create(null);
        bare.self = bare;
        return bare;
      },
    ];
    const digests = make.map((create) => valueDigest(create()));
    expect(new Set(digests).size).toBe(make.length);
    expect(make.map((create) => valueDigest(create()))).toEqual(digests);
  });

  test('are digested alone as in a list, whatever stands before them', () => {
    const part = { long: 'x'.repeat(400) };
    const cyclic = () => {
      const node: { part: object; again: object; self?: object } = { part, again: part };
      node.self = node;
      return node;
    };
    const [alone] = itemDigests([cyclic()]);
    expect(itemDigests([part, cyclic(), part, cyclic()]).filter((digest) => digest === alone)).toHaveLength(2);
    expect(valueDigest(cyclic())).toBe(alone);
    expect(valueDigest([part, cyclic()])).toBe(valueDigest([structuredClone(part), cyclic()]));
  });

  test('of trees with parents are digested from the top, and from a child', () => {
    const tree = () => {
      const root: Tree = { name: 'root', children: [] };
      for (const name of ['a', 'b']) root.children.push({ name, parent: root, children: [] });
      return root;
    };
    expect(valueDigest(tree())).toBe(valueDigest(tree()));
    expect(valueDigest(tree().children[0])).toBe(valueDigest(tree().children[0]));
    expect(valueDigest(tree().children[0])).not.toBe(valueDigest(tree().children[1]));
  });

  test('that are tangled take one walk', () => {
    const nodes = Array.from({ length: 200 }, (_, id): { id: number; others: unknown[] } => ({ id, others: [] }));
    for (const node of nodes) node.others.push(...nodes);
    expect(isKnownScheme(valueDigest(nodes[0]))).toBe(true);
  });
});

test('shared parts are walked once, however often they are met', () => {
  let value: unknown = { text: 'x'.repeat(300) };
  for (let level = 0; level < 400; level++) value = [value, value];
  expect(isKnownScheme(valueDigest(value))).toBe(true);
});

describe('item digests', () => {
  test('are the digests of the items, wherever they stand', () => {
    fc.assert(
      fc.property(fc.array(smallValue, { maxLength: 5 }), (items) => {
        expect(itemDigests(items)).toEqual(items.map((item) => valueDigest(item)));
      }),
      { numRuns: 300, seed },
    );
  });

  test('name the item that cannot be stored', () => {
    expect(() => itemDigests([1, { run: () => 1 }], 'pages of fetch')).toThrow(
      'M5001 pages of fetch[1].run is a function',
    );
  });
});

test('digests of bytes depend on the codec and not on how they are cut', () => {
  const whole = bytesDigester('arrow/1');
  whole.update(Buffer.from('abcdef'));
  const cut = bytesDigester('arrow/1');
  for (const piece of ['ab', '', 'cdef']) cut.update(Buffer.from(piece));
  const other = bytesDigester('arrow/2');
  other.update(Buffer.from('abcdef'));
  const digest = whole.digest();
  expect(cut.digest()).toBe(digest);
  expect(other.digest()).not.toBe(digest);
  expect(digest).toMatch(/^cb1:[0-9a-f]{64}$/);
  expect(isKnownScheme(digest)).toBe(true);
});

test.each(['', 'vf1:', `vf2:${'0'.repeat(64)}`, '0'.repeat(64), `vf1:${'0'.repeat(63)}`, `xvf1:${'0'.repeat(64)}`])(
  'a digest of another scheme is known as such: %s',
  (digest) => {
    expect(isKnownScheme(digest)).toBe(false);
  },
);

test('what cannot be stored is refused with its path', () => {
  const value = { rows: [0, 1, 2, 3, { stream: new ReadableStream() }] };
  expect(() => valueDigest(value)).toThrow('M5001 result.rows[4].stream is a ReadableStream, which cannot be stored.');
  expect(() => valueDigest(new (class Model {})(), 'model of train')).toThrow(
    'M5001 model of train is an instance of class Model',
  );
  try {
    valueDigest(value);
  } catch (thrown) {
    expect(MemoError.is(thrown, 'M5001') && thrown.details).toEqual({
      path: 'result.rows[4].stream',
      what: 'is a ReadableStream',
    });
  }
});

interface Tree {
  readonly name: string;
  readonly parent?: Tree;
  readonly children: Tree[];
}

function ring(length: number): object {
  const first: { next?: object } = {};
  let last = first;
  for (let index = 1; index < length; index++) {
    const next = {};
    last.next = next;
    last = next;
  }
  last.next = first;
  return first;
}

function grown(length: number): number[] {
  const list: number[] = [];
  for (let index = 0; index < length; index++) list.push(index);
  return list;
}

function errorAt(depth: number): Error {
  return depth === 0 ? new Error('m') : errorAt(depth - 1);
}

function named(name: string, enumerable: boolean): Error {
  return Object.defineProperty(new Error('m'), 'name', { value: name, enumerable });
}

/** A copy that shares nothing, made by walking; objects of fast-check have no cycles. */
function structuredCopy(value: unknown): unknown {
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    for (const key of Object.keys(value)) copy[Number(key)] = structuredCopy(value[Number(key)]);
    copy.length = value.length;
    return copy;
  }
  if (value instanceof Map)
    return new Map([...value].map(([key, item]) => [structuredCopy(key), structuredCopy(item)]));
  if (value instanceof Set) return new Set([...value].map(structuredCopy));
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) return value;
  const copy: object = Object.create(Object.getPrototypeOf(value));
  for (const [key, item] of Object.entries(value)) {
    Object.defineProperty(copy, key, {
      value: structuredCopy(item),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return copy;
}
