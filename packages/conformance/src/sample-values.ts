/** A value by the name that messages call it. */
export type NamedValues = Readonly<Record<string, () => unknown>>;

/** Values that look empty to careless code. */
export const EMPTY_LOOKING: NamedValues = {
  undefined: () => undefined,
  null: () => null,
  false: () => false,
  '0': () => 0,
  '-0': () => -0,
  NaN: () => Number.NaN,
  '0n': () => 0n,
  'the empty text': () => '',
  'an empty list': () => [],
  'an empty object': () => ({}),
  'no bytes': () => new Uint8Array(0),
};

/** Values of plain JSON, and near it. */
export const PLAIN: NamedValues = {
  true: () => true,
  'a number': () => 1.5,
  'a large integer': () => 2 ** 53,
  'infinity, negative': () => Number.NEGATIVE_INFINITY,
  'a text': () => 'grüße 😀 \u0000 end',
  'a lone surrogate': () => '\ud800',
  'a text that looks like JSON': () => '{"a":1}',
  'a text that looks like a date': () => '2020-01-01T00:00:00.000Z',
  'nested records': () => ({
    rows: [
      { id: 1, tags: ['a', 'b'] },
      { id: 2, tags: [] },
    ],
    total: null,
  }),
  'a field that is undefined': () => ({ a: undefined, b: [undefined, null] }),
  'a field called __proto__': () => JSON.parse('{"__proto__":{"polluted":true}}'),
  'a record without a prototype': () => Object.assign(Object.create(null), { a: 1 }),
  'a list with holes': () => Object.assign([1], { length: 4 }),
};

/** Values that JSON loses. */
export const RICH: NamedValues = {
  'a bigint': () => -(2n ** 70n),
  'a Date': () => new Date(1.7e12),
  'an invalid Date': () => new Date(Number.NaN),
  'a RegExp': () => /a+/giu,
  'a URL': () => new URL('https://example.com/a?b#c'),
  'a Map': () =>
    new Map<unknown, unknown>([
      ['b', 1],
      [{ key: true }, new Set([1, '1'])],
    ]),
  'a Set': () => new Set([3, 1, 2]),
  'an error with its cause': () =>
    new TypeError('outer', { cause: Object.assign(new Error('inner'), { code: 'E_INNER' }) }),
  'an AggregateError': () => new AggregateError([new Error('a'), new RangeError('b')], 'both'),
  'bytes of a Buffer': () => Buffer.from([0, 1, 254, 255]),
  'bytes of a Uint8Array': () => new Uint8Array([0, 128, 255]),
  'an ArrayBuffer': () => new Uint8Array([1, 2, 3, 4]).buffer,
  'a window on floats': () => new Float64Array([9, 0.1, -0, 9]).subarray(1, 3),
  'big integers in an array': () => new BigInt64Array([-1n, 2n]),
  'a DataView': () => new DataView(new Uint8Array([1, 2, 3]).buffer, 1),
  'an object that contains itself': containsItself,
  'an object used twice': usedTwice,
  '100 levels': () => Array.from({ length: 100 }).reduce<unknown>((inner) => ({ inner }), 'core'),
};

function containsItself(): object {
  const node: { name: string; self?: object } = { name: 'loop' };
  node.self = node;
  return node;
}

function usedTwice(): object {
  const part = { n: 1 };
  return { left: part, right: part };
}

class Point {
  readonly x = 1;
}

/** A value that cannot be stored, and the last part of the path to what is wrong with it. */
export interface Unstorable {
  readonly value: () => unknown;
  readonly path: string;
}

/** Values that must be refused, and must not be flattened silently. */
export const UNSTORABLE: Readonly<Record<string, Unstorable>> = {
  'a function in a record': { value: () => ({ rows: [1, { format: () => 'text' }] }), path: 'rows[1].format' },
  'a symbol': { value: () => ({ tag: Symbol('tag') }), path: 'tag' },
  'an instance of a class': { value: () => ({ at: new Point() }), path: 'at' },
  'a WeakMap': { value: () => [new WeakMap()], path: '[0]' },
  'a promise': { value: () => ({ later: Promise.resolve(1) }), path: 'later' },
  'a getter that throws': { value: withThrowingGetter, path: 'late' },
};

function withThrowingGetter(): object {
  const rows = Array.from({ length: 1000 }, (_, index) => ({ index }));
  return Object.defineProperty({ rows }, 'late', {
    enumerable: true,
    get() {
      throw new Error('no value');
    },
  });
}
