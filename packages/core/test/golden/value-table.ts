/* A fixed value for each name. Golden files are keyed by these names: entries may be appended, never edited or removed. */

function selfContaining(): object {
  const node: { name: string; self?: object; list?: object[] } = { name: 'a' };
  node.self = node;
  node.list = [node, { up: node }];
  return node;
}

function sharing(): object {
  const shared = { a: [1, 2, 3] };
  return { left: shared, right: shared };
}

function withLastIndex(): RegExp {
  const regexp = /a/g;
  regexp.lastIndex = 3;
  return regexp;
}

function sparse(): unknown[] {
  const array: unknown[] = [1];
  array[5] = 2;
  array.length = 8;
  return array;
}

/** Values that have a key form, and therefore also a value form and stored bytes. */
export const KEY_VALUES: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  '0': () => 0,
  '-0': () => -0,
  '1': () => 1,
  '-1': () => -1,
  '0.1': () => 0.1,
  '1e21': () => 1e21,
  '2 ** 53': () => 2 ** 53,
  '5e-324': () => 5e-324,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  '-Infinity': () => Number.NEGATIVE_INFINITY,
  '1n': () => 1n,
  '-(2n ** 70n)': () => -(2n ** 70n),
  "''": () => '',
  "'1'": () => '1',
  "'abc'": () => 'abc',
  "'e-acute, composed'": () => '\u00e9',
  "'e-acute, decomposed'": () => 'e\u0301',
  "'astral \\u{1f600}'": () => 'astral \u{1f600}',
  "'\\ud800' (lone surrogate)": () => '\ud800',
  "'\\udc00' (lone surrogate)": () => '\udc00',
  "'\\ufffd'": () => '\ufffd',
  "'x'.repeat(300)": () => 'x'.repeat(300),
  "'x'.repeat(70000)": () => 'x'.repeat(70_000),
  '[]': () => [],
  '[undefined]': () => [undefined],
  '[null]': () => [null],
  '[,]': () => sparse().slice(1, 2),
  "['ab', 'c']": () => ['ab', 'c'],
  "['a', 'bc']": () => ['a', 'bc'],
  '[1, [2, [3]]]': () => [1, [2, [3]]],
  'sparse array': sparse,
  '100 numbers': () => Array.from({ length: 100 }, (_, index) => index / 3),
  '100 integers': () => Array.from({ length: 100 }, (_, index) => index * index - 50),
  '100 numbers with NaN and -0': () => Array.from({ length: 100 }, (_, index) => (index === 7 ? Number.NaN : -0)),
  '{}': () => ({}),
  '{ a: undefined }': () => ({ a: undefined }),
  '{ a: null }': () => ({ a: null }),
  '{ a: 1, b: 2 }': () => ({ a: 1, b: 2 }),
  '{ b: 2, a: 1 }': () => ({ b: 2, a: 1 }),
  '{ 10: 1, 9: 2 }': () => ({ 10: 1, 9: 2 }),
  '{ ["__proto__"]: 1 }': () => JSON.parse('{"__proto__":1}'),
  '{ ["\\ud800"]: 1 }': () => ({ '\ud800': 1 }),
  'Object.create(null)': () => Object.create(null),
  'Object.create(null) with a: 1': () => Object.assign(Object.create(null), { a: 1 }),
  'a record': () => ({ id: 7, name: 'seven', price: 1.5, tags: ['a', 'b'], ok: true, when: '2020-01-01' }),
  'a long record': () =>
    Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`key${index}`, `value ${index}`])),
  '100 records': () => Array.from({ length: 100 }, (_, index) => ({ id: index, name: `n${index}` })),
  'shared parts': sharing,
  'new Date(0)': () => new Date(0),
  'new Date(1.7e12)': () => new Date(1.7e12),
  'new Date(NaN)': () => new Date(Number.NaN),
  '/a/': () => /a/,
  '/a/gi': () => /a/gi,
  "new URL('https://a.b/c?d#e')": () => new URL('https://a.b/c?d#e'),
  "new URLSearchParams('a=1&a=2')": () => new URLSearchParams('a=1&a=2'),
  'new Map()': () => new Map(),
  "new Map([['a', 1], ['b', 2]])": () =>
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
  "new Map([['b', 2], ['a', 1]])": () =>
    new Map([
      ['b', 2],
      ['a', 1],
    ]),
  'new Map([[{ a: 1 }, 2], [[], 3]])': () =>
    new Map<unknown, unknown>([
      [{ a: 1 }, 2],
      [[], 3],
    ]),
  'new Set()': () => new Set(),
  'new Set([2, 1])': () => new Set([2, 1]),
  'new Set([{}, {}])': () => new Set([{}, {}]),
  'new Uint8Array([1, 2, 255])': () => new Uint8Array([1, 2, 255]),
  "Buffer.from('abc')": () => Buffer.from('abc'),
  'new Int8Array([-1])': () => new Int8Array([-1]),
  'new Uint8ClampedArray([1])': () => new Uint8ClampedArray([1]),
  'new Int16Array([1, -2])': () => new Int16Array([1, -2]),
  'new Uint16Array([1, 2])': () => new Uint16Array([1, 2]),
  'new Int32Array([1, -2])': () => new Int32Array([1, -2]),
  'new Uint32Array([1, 2])': () => new Uint32Array([1, 2]),
  'new Float32Array([0.5, -1])': () => new Float32Array([0.5, -1]),
  'new Float64Array([0.1, -0])': () => new Float64Array([0.1, -0]),
  'new BigInt64Array([-1n])': () => new BigInt64Array([-1n]),
  'new BigUint64Array([1n])': () => new BigUint64Array([1n]),
  'new ArrayBuffer(4)': () => new ArrayBuffer(4),
  'new DataView of 3 bytes': () => new DataView(new Uint8Array([1, 2, 3]).buffer),
  'a window on an Int16Array': () => new Int16Array([1, 2, 3, 4]).subarray(1, 3),
  '30 levels': () => Array.from({ length: 30 }).reduce<unknown>((inner) => ({ inner }), 0),
};

/** Values that can be stored but not be part of a version. */
export const VALUE_ONLY: Readonly<Record<string, () => unknown>> = {
  '/a/g at 3': withLastIndex,
  'a cycle': selfContaining,
  "new Error('m')": () => new Error('m'),
  'new Error()': () => new Error(),
  "new TypeError('m')": () => new TypeError('m'),
  'an Error with cause { code: 1 }': () => new Error('m', { cause: { code: 1 } }),
  'an Error with code and name': () => Object.assign(new RangeError('m'), { code: 'E_X', name: 'Special' }),
  'new AggregateError of two': () => new AggregateError([new Error('a'), new SyntaxError('b')], 'both'),
};

/** All values that can be stored. */
export const STORED_VALUES: Readonly<Record<string, () => unknown>> = { ...KEY_VALUES, ...VALUE_ONLY };
