import { join } from 'node:path';
import { MemoError } from '@memo/core/plugin';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outputContext, versionOf } from './output-context.ts';
import { filesIn, openStore, temporaryStore } from './temporary-store.ts';

const cyclic: { name: string; self?: unknown } = { name: 'cyclic' };
cyclic.self = cyclic;
const shared = { shared: true };

const CORPUS: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['false', false],
  ['0', 0],
  ['-0', -0],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['an empty text', ''],
  ['a lone surrogate', '\ud800'],
  ['text', 'grüße, 数据, 🦄'],
  ['a BigInt', -(2n ** 80n)],
  ['a Date', new Date(86_400_000)],
  ['an invalid Date', new Date(Number.NaN)],
  ['a RegExp', /a+/giu],
  ['a URL', new URL('https://example.org/a?b#c')],
  [
    'a Map',
    new Map<unknown, unknown>([
      ['a', 1],
      [{ key: true }, new Map([[1n, null]])],
    ]),
  ],
  ['a Set', new Set([1, '1', undefined, Number.NaN])],
  ['an error with a cause', new TypeError('outer', { cause: new RangeError('inner') })],
  ['a Uint8Array', new Uint8Array([0, 255, 128])],
  ['a Buffer', Buffer.from('bytes')],
  ['an empty Uint8Array', new Uint8Array()],
  ['a Float64Array', new Float64Array([Number.NaN, -0, 1e300])],
  ['a BigInt64Array', new BigInt64Array([-1n])],
  ['an ArrayBuffer', new Uint8Array([1, 2, 3]).buffer],
  ['holes', Object.assign([], { 0: 1, 2: 3 })],
  ['undefined in an array', [undefined, null]],
  ['undefined in an object', { a: undefined }],
  ['an own __proto__', JSON.parse('{"__proto__": 1}')],
  ['a cycle', cyclic],
  ['a shared part', [shared, shared]],
  ['deep nesting', Array.from({ length: 400 }).reduce((inner: unknown) => [inner], 'deep')],
  ['many rows', Array.from({ length: 5000 }, (_, id) => ({ id, name: `row ${id}`, at: new Date(id) }))],
];

describe('a stored value', () => {
  test.each(CORPUS)('comes back as it was: %s', async (_, value) => {
    const directory = temporaryStore();
    const context = outputContext();
    const stored = await openStore(directory).handleOutput(context, value);
    expect(stored).toMatchObject({ outcome: 'created' });
    expect(await openStore(directory).loadInput(context)).toStrictEqual(value);
  });

  test.each(CORPUS)('comes back as it was when compressed: %s', async (_, value) => {
    const store = openStore(temporaryStore(), { compress: true });
    await store.handleOutput(outputContext(), value);
    expect(await store.loadInput(outputContext())).toStrictEqual(value);
  });

  test('comes back as it was, whatever it is and whichever way it is written', async () => {
    const directory = temporaryStore();
    const stores = [0, 64, 65_536].flatMap((smallBytes) => [
      openStore(directory, { smallBytes }),
      openStore(directory, { smallBytes, compress: true }),
    ]);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.anything({ withDate: true, withMap: true, withSet: true, withBigInt: true }),
        async (value) => {
          for (const store of stores) {
            const context = outputContext({ version: versionOf(count++) });
            await store.handleOutput(context, value);
            expect(await store.loadInput(context)).toStrictEqual(value);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('is not there before it is stored, and is there from then on', async () => {
    const store = openStore();
    expect(store.hasOutput(outputContext())).toBe(false);
    await expect(store.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5004' });
    await store.handleOutput(outputContext(), undefined);
    expect(store.hasOutput(outputContext())).toBe(true);
    expect(store.hasOutput(outputContext({ version: versionOf('2') }))).toBe(false);
  });

  test.each([
    ['namespace', { namespace: 'others' }],
    ['namespace of other case', { namespace: 'Tests' }],
    ['op', { op: 'clean-2' }],
    ['output', { output: 'rest' }],
    ['version', { version: versionOf('2') }],
    ['run', { version: undefined, runId: 'run-1' }],
    ['other run', { version: undefined, runId: 'run-2' }],
    ['step of a run', { version: undefined, step: 'clean[3]' }],
  ])('shares its address with no other %s', async (name, parts) => {
    const store = openStore();
    await store.handleOutput(outputContext(), 'first');
    await store.handleOutput(outputContext(parts), name);
    expect(await store.loadInput(outputContext(parts))).toBe(name);
    expect(await store.loadInput(outputContext())).toBe('first');
  });

  test('under hostile names stays inside the store and is found again', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    const names = [
      '..',
      '../../x',
      '/etc',
      'C:\\x',
      'a\0b',
      'CON',
      'nul.txt',
      'é',
      'e\u0301',
      'A',
      'a',
      ' ',
      '.',
      'x'.repeat(300),
    ];
    for (const name of names) {
      await store.handleOutput(outputContext({ namespace: name, op: name, output: name }), name);
    }
    for (const name of names) {
      expect(await store.loadInput(outputContext({ namespace: name, op: name, output: name }))).toBe(name);
    }
    expect(
      filesIn(join(directory, '..', '..', '..')).every((file) =>
        file.startsWith(join('one', 'two', 'store', 'outputs')),
      ),
    ).toBe(true);
    expect(filesIn(directory)).toHaveLength(names.length);
  });

  test('under an address that core never makes is refused before anything is touched', async () => {
    const directory = temporaryStore();
    const store = openStore(directory);
    for (const identifier of [['..', '..', 'x'], ['outputs', '..', 'a', 'b', 'c'], ['tmp', 'a', 'b', 'c'], []]) {
      const context = outputContext({ identifier });
      await expect(store.handleOutput(context, 1)).rejects.toThrow(TypeError);
      await expect(store.loadInput(context)).rejects.toThrow(TypeError);
      expect(() => store.hasOutput(context)).toThrow(TypeError);
      expect(() => store.deleteOutput(context)).toThrow(TypeError);
    }
    expect(filesIn(join(directory, '..', '..', '..'))).toEqual([]);
  });

  test('is the value at the time of the call: changing the object before or after loading changes nothing', async () => {
    const store = openStore();
    const value = { rows: [1, 2, 3], bytes: new Uint8Array([1, 2]) };
    await store.handleOutput(outputContext(), value);
    value.rows.push(4);
    value.bytes.fill(9);
    const first = (await store.loadInput(outputContext())) as typeof value;
    expect(first).toEqual({ rows: [1, 2, 3], bytes: new Uint8Array([1, 2]) });
    first.rows.length = 0;
    first.bytes.fill(7);
    expect(await store.loadInput(outputContext())).toEqual({ rows: [1, 2, 3], bytes: new Uint8Array([1, 2]) });
  });

  test('that changes while it is written is stored whole all the same', async () => {
    const store = openStore();
    const value = new Uint8Array(3_000_000).fill(1);
    const storing = store.handleOutput(outputContext(), value);
    for (let round = 0; round < 20; round++) {
      await new Promise(setImmediate);
      value.fill(round);
    }
    await storing;
    expect(await store.loadInput(outputContext())).toHaveLength(3_000_000);
  });

  test('of bytes fills its memory, so that views over it are what they were', async () => {
    const store = openStore();
    for (const [index, length] of [0, 10, 65_536, 65_537, 2_000_000].entries()) {
      const context = outputContext({ version: versionOf(index) });
      await store.handleOutput(context, new Uint8Array(length).fill(index));
      const loaded = (await store.loadInput(context)) as Uint8Array;
      expect(loaded.buffer.byteLength).toBe(length);
      expect(Buffer.from(loaded).equals(Buffer.alloc(length, index))).toBe(true);
    }
  });
});

describe('what cannot be stored', () => {
  test.each([
    ['a function', { rows: [{ run: () => 1 }] }, /rows\[0\]\.run/],
    ['a class instance', { model: new (class Model {})() }, /model/],
    ['a symbol', [Symbol('x')], /\[0\]/],
    ['a promise', { later: Promise.resolve() }, /later/],
  ])('is refused with its path, and leaves no trace: %s', async (_, value, path) => {
    const directory = temporaryStore();
    const store = openStore(directory);
    await expect(store.handleOutput(outputContext(), value)).rejects.toThrow(path);
    await expect(store.handleOutput(outputContext(), value)).rejects.toMatchObject({ code: 'M5001' });
    expect(store.hasOutput(outputContext())).toBe(false);
    expect(filesIn(directory)).toEqual([]);
  });
});

describe('custom codecs', () => {
  class Point {
    readonly x: number;
    constructor(x: number) {
      this.x = x;
    }
  }
  const points = {
    id: 'point/1',
    accepts: (value: unknown) => value instanceof Point,
    encode: (value: unknown) => Buffer.from(String((value as Point).x)),
    decode: (bytes: Uint8Array) => new Point(Number(Buffer.from(bytes).toString())),
  };

  test('come before the built-in ones, and digest what only they can look into', async () => {
    const directory = temporaryStore();
    const store = openStore(directory, { codecs: [points] });
    expect(await store.handleOutput(outputContext(), new Point(3))).toMatchObject({ codec: 'point/1' });
    expect(await store.loadInput(outputContext())).toEqual(new Point(3));
    expect(store.digestOutput(outputContext(), new Point(3))).toMatch(/^cb1:[0-9a-f]{64}$/);
    expect(store.digestOutput(outputContext(), new Point(3))).not.toBe(
      store.digestOutput(outputContext(), new Point(4)),
    );
  });

  test('that are missing make an object unreadable, not wrong', async () => {
    const directory = temporaryStore();
    await openStore(directory, { codecs: [points] }).handleOutput(outputContext(), new Point(3));
    const loading = openStore(directory).loadInput(outputContext());
    await expect(loading).rejects.toSatisfy((error) => MemoError.is(error, 'M5003'));
    await expect(loading).rejects.toThrow(/point\/1/);
  });
});
