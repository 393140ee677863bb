import { Readable } from 'node:stream';
import { runInThisContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { MemoError } from '../../src/errors/memo-error.ts';
import { canonicalValue } from '../../src/hash/canonical-value.ts';
import { encodeKey } from '../../src/hash/key-encoding.ts';

class Model {
  name = 'm';
}

class Dates extends Date {}

function cycle(): object {
  const inner: { up?: object } = {};
  inner.up = { list: [inner] };
  return { inner };
}

function nested(levels: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
}

function endless(): unknown[] {
  const array: unknown[] = [];
  array[2_000_000] = 1;
  return array;
}

describe('what has no key form is refused with its path', () => {
  test.each<[string, unknown, string]>([
    ['config.model.opts[3].fn', { model: { opts: [0, 1, 2, { fn: () => 1 }] } }, 'is a function'],
    ['config', () => 1, 'is a function'],
    ['config.class', { class: Model }, 'is a function'],
    ['config[0]', [Symbol('s')], 'is a symbol'],
    ['config.a[Symbol(key)]', { a: { [Symbol('key')]: 1 } }, 'has a symbol as its key'],
    ['config.models[1]', { models: [1, new Model()] }, 'is an instance of class Model'],
    ['config.day', { day: new Dates() }, 'is an instance of class Dates'],
    ['config["a b"].x', { 'a b': { x: Promise.resolve() } }, 'is a Promise'],
    ['config.weak', { weak: new WeakMap() }, 'is a WeakMap'],
    ['config.stream', { stream: Readable.from([]) }, 'is a Readable'],
    ['config.error', { error: new TypeError('x') }, 'is a TypeError'],
    ['config.n', { n: Object(1) }, 'is a boxed number'],
    ['config.get("k")', new Map([['k', () => 1]]), 'is a function'],
    [
      'config.keys()[1]',
      new Map<unknown, number>([
        ['k', 1],
        [() => 1, 2],
      ]),
      'is a function',
    ],
    ['config.values()[1]', new Set([1, Symbol('s')]), 'is a symbol'],
    [
      'config.a.late',
      { a: Object.defineProperty({}, 'late', { get: () => 1, enumerable: true }) },
      'is a getter or setter',
    ],
    ['config.match.index', { match: /b/.exec('abc') }, 'is an own property of an array'],
    [
      'config.extra',
      Object.assign(
        Array.from({ length: 200 }, () => 1),
        { extra: 1 },
      ),
      'is an own property of an array',
    ],
    ['config.holes.extra', { holes: Object.assign([1], { length: 2, extra: 1 }) }, 'is an own property of an array'],
    ['config[Symbol(i)]', Object.assign([1, 2], { [Symbol('i')]: 1 }), 'has a symbol as its key'],
    [
      'config.when.zone',
      { when: Object.assign(new Date(), { zone: 'UTC' }) },
      'is an own property of a built-in object',
    ],
    ['config.args', { args: runInThisContext('(function () { return arguments; })(1, 2)') }, 'is an arguments object'],
    ['config.fake', { fake: Object.create(Date.prototype) }, 'is a Date'],
    ['config.inner.up.list[0]', cycle(), 'is a circular reference'],
    ['config.big', { big: endless() }, 'is an array with more than 1,000,000 holes in a row'],
    ['config.shared', { shared: new SharedArrayBuffer(1) }, 'is a SharedArrayBuffer'],
  ])('%s', (path, value, what) => {
    for (const encode of [encodeKey, (root: unknown) => canonicalValue(root, 'config')]) {
      const error = failureOf(() => encode(value, { label: 'config' }));
      expect(error.code).toBe('M2113');
      expect(error.problem).toBe(`${path} ${what}, which cannot be part of a version.`);
      expect(error.details).toEqual({ path, what });
      expect(error.fix).toContain('plain data');
    }
  });

  test('memory that was transferred away', () => {
    const bytes = new Uint8Array([1, 2]);
    structuredClone(bytes, { transfer: [bytes.buffer] });
    expect(failureOf(() => encodeKey({ bytes })).problem).toContain('value.bytes was transferred to another thread');
  });

  test('500 levels are encoded, more are refused, however many', () => {
    expect(encodeKey(nested(500))).toMatch(/^o1:s5:valuea1:/);
    for (const levels of [501, 10_000, 100_000]) {
      expect(failureOf(() => encodeKey(nested(levels))).problem).toContain('is nested more than 500 levels deep');
    }
  });

  test('a text that would not end is refused', () => {
    let value: unknown = 'x'.repeat(1000);
    for (let level = 0; level < 40; level++) value = [value, value];
    expect(failureOf(() => encodeKey(value)).problem).toContain('takes more than 100 MB');
  });
});

test('what a Proxy throws passes through', () => {
  const trap = new Error('a reference was read as if it were the value');
  const proxy = new Proxy(
    {},
    {
      ownKeys: () => {
        throw trap;
      },
    },
  );
  expect(() => encodeKey({ proxy })).toThrow(trap);
});

test('a getter that is refused is not run', () => {
  let runs = 0;
  const value = Object.defineProperty({}, 'a', { get: () => runs++, enumerable: true });
  expect(() => encodeKey({ value })).toThrow('getter');
  expect(runs).toBe(0);
});

function failureOf(act: () => unknown): MemoError {
  try {
    act();
  } catch (thrown) {
    if (MemoError.is(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}
