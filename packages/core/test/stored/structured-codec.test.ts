import { readFileSync } from 'node:fs';
import { isDeepStrictEqual, types } from 'node:util';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueDigest } from '../../src/hash/value-digest.ts';
import { ObjectNumbers } from '../../src/stored/object-numbers.ts';
import { structuredCodec } from '../../src/stored/structured-codec.ts';
import { STORED_VALUES } from '../golden/value-table.ts';
import { storableValue } from '../hash/arbitrary-value.ts';
import { treeOf } from '../hash/value-tree.ts';

const seed = 20_240_606;

function bytesOf(value: unknown): Buffer {
  const bytes = structuredCodec.encode(value);
  return bytes instanceof Uint8Array ? Buffer.from(bytes) : Buffer.concat(bytes);
}

function copyOf<T>(value: T): T {
  return structuredCodec.decode(bytesOf(value)) as T;
}

describe('values come back', () => {
  test.each(Object.keys(STORED_VALUES))('%s', (name) => {
    const value = STORED_VALUES[name]?.();
    const copy = copyOf(value);
    expect(treeOf(copy)).toEqual(treeOf(value));
    expect(valueDigest(copy)).toBe(valueDigest(value));
  });

  test('whatever they are', () => {
    fc.assert(
      fc.property(storableValue, (value) => {
        const copy = copyOf(value);
        expect(treeOf(copy)).toEqual(treeOf(value));
        expect(valueDigest(copy)).toBe(valueDigest(value));
      }),
      { numRuns: 1000, seed },
    );
  });

  test('of 5 MB', () => {
    const text = 'memo \u00e9 語 '.repeat(500_000);
    const value = { text, ascii: 'x'.repeat(5_000_000), bytes: new Uint8Array(5_000_000).fill(7) };
    expect(isDeepStrictEqual(copyOf(value), value)).toBe(true);
  });

  test('of 500 levels, also where little of the stack is left', () => {
    let value: unknown = new Date(1);
    for (let level = 0; level < 500; level++)
      value = level % 3 === 0 ? [value] : level % 3 === 1 ? { value } : new Map([[1, value]]);
    expect(valueDigest(copyOf(value))).toBe(valueDigest(value));
    let deeper = 0;
    const descend = (levels: number): string => {
      deeper++;
      return levels === 0 ? valueDigest(copyOf(value)) : descend(levels - 1);
    };
    expect(descend(1000)).toBe(valueDigest(value));
    expect(deeper).toBe(1001);
  });

  test('with a million holes, in little memory', () => {
    const array: unknown[] = [];
    array[900_000] = 'end';
    const bytes = bytesOf(array);
    expect(bytes.length).toBeLessThan(20);
    const copy = copyOf(array);
    expect(Object.keys(copy)).toEqual(['900000']);
    expect(copy).toHaveLength(900_001);
  });
});

describe('shared parts', () => {
  test('stay shared, and cycles stay cycles', () => {
    const date = new Date(1);
    const part = { date, again: date };
    const value: { list: unknown[]; self?: unknown; map: Map<unknown, unknown> } = {
      list: [part, part],
      map: new Map(),
    };
    value.self = value;
    value.map.set(part, value.map);
    const copy = copyOf(value);
    expect(copy.self).toBe(copy);
    expect(copy.list[0]).toBe(copy.list[1]);
    expect(copy.map.get(copy.list[0])).toBe(copy.map);
    expect((copy.list[0] as typeof part).again).toBe((copy.list[0] as typeof part).date);
    expect((copy.list[0] as typeof part).date).not.toBe(date);
  });

  test('keep what doubles at each level small', () => {
    let value: unknown = ['x'.repeat(100)];
    for (let level = 0; level < 200; level++) value = [value, value];
    expect(bytesOf(value).length).toBeLessThan(2000);
    expect(valueDigest(copyOf(value))).toBe(valueDigest(value));
  });

  test('are found among more objects than one Map can hold', () => {
    const numbers = new ObjectNumbers(3);
    const objects = Array.from({ length: 10 }, () => ({}));
    expect(objects.map((object) => numbers.meet(object))).toEqual(objects.map(() => undefined));
    expect(objects.map((object) => numbers.meet(object))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('views', () => {
  test('come back over memory of their own', () => {
    const bytes = bytesOf({ a: new Int16Array([1, 2]), b: Buffer.from('ab'), c: new ArrayBuffer(2) });
    const copy = structuredCodec.decode(bytes) as { a: Int16Array; b: Buffer; c: ArrayBuffer };
    bytes.fill(0);
    expect([...copy.a]).toEqual([1, 2]);
    expect(copy.a.buffer.byteLength).toBe(4);
    expect(copy.b.toString()).toBe('ab');
    expect(copy.b.buffer.byteLength).toBe(2);
  });

  test('of large size are not copied when they are encoded', () => {
    const view = new Float64Array(10_000);
    const pieces = structuredCodec.encode([view]) as Uint8Array[];
    expect(pieces.some((piece) => piece.buffer === view.buffer)).toBe(true);
  });
});

describe('errors', () => {
  test('of Node come back as the built-in class with their own fields', () => {
    const missing = thrownBy(() => readFileSync('/no such file'));
    const copy = copyOf(missing);
    expect(types.isNativeError(copy)).toBe(true);
    expect(copy).toMatchObject({ code: 'ENOENT', syscall: 'open', errno: missing.errno });
    expect(Object.keys(copy)).toEqual(Object.keys(missing));
    const misuse = thrownBy(() => Buffer.alloc('x' as unknown as number));
    expect(copyOf(misuse)).toBeInstanceOf(TypeError);
    expect(copyOf(misuse).code).toBe('ERR_INVALID_ARG_TYPE');
    const url = thrownBy(() => new URL('x'));
    expect(copyOf(url).code).toBe('ERR_INVALID_URL');
  });

  test('have their heading as stack', () => {
    expect(copyOf(new TypeError('m')).stack).toBe('TypeError: m');
    expect(copyOf(new Error()).stack).toBe('Error');
    expect(Object.keys(copyOf(new Error('m')))).toEqual([]);
  });

  test('keep exactly the fields they had', () => {
    expect(Object.hasOwn(copyOf(new Error()), 'message')).toBe(false);
    expect(Object.hasOwn(copyOf(new Error('m', { cause: undefined })), 'cause')).toBe(true);
    expect(Object.hasOwn(copyOf(new Error('m')), 'cause')).toBe(false);
    const shown = copyOf(Object.assign(new Error('m'), { name: 'Special' }));
    expect(Object.getOwnPropertyDescriptor(shown, 'name')?.enumerable).toBe(true);
    expect(Object.getOwnPropertyDescriptor(shown, 'message')?.enumerable).toBe(false);
    expect(copyOf(new AggregateError([new RangeError('r')], 'm')).errors[0]).toBeInstanceOf(RangeError);
  });
});

test('a Float16Array comes back where Node has the class and is refused where not', () => {
  const bytes = Buffer.concat([Buffer.from([1, 22, 12 * 4]), Buffer.from('Float16Array'), Buffer.from([2, 0, 0x3c])]);
  if ('Float16Array' in globalThis) {
    const view = structuredCodec.decode(bytes) as Float32Array;
    expect([view[Symbol.toStringTag], ...view]).toEqual(['Float16Array', 1]);
    expect(bytesOf(view)).toEqual(bytes);
    expect(valueDigest(copyOf(view))).toBe(valueDigest(view));
  } else {
    expect(() => structuredCodec.decode(bytes)).toThrow('this version of Node has no Float16Array of that size');
  }
});

describe('bytes that nobody wrote', () => {
  test('give a value or an error, and touch nothing else', () => {
    const originals = Object.values(STORED_VALUES).map((make) => bytesOf(make()));
    fc.assert(
      fc.property(
        fc.constantFrom(...originals),
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 1, max: 6 }),
        (original, chance, edits) => {
          const bytes = mutated(original, () => chance.next().value, edits);
          try {
            structuredCodec.decode(bytes);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(Error);
          }
        },
      ),
      { numRuns: 5000, seed },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.keys(Array.prototype)).toEqual([]);
  });

  test('claim neither memory nor time', () => {
    const giant = (tag: number): Buffer => Buffer.from([1, tag, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    for (let tag = 0; tag < 64; tag++)
      expect(() => structuredCodec.decode(giant(tag)), `tag ${tag}`).toSatisfy(endsQuickly);
    const holes = Buffer.from([1, 12, 0xff, 0xff, 0xff, 0xff, 0x0f, 13, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    expect(() => structuredCodec.decode(holes)).toThrow('impossible run of holes');
    expect(() => structuredCodec.decode(Buffer.alloc(100_000, Buffer.from([12, 1])))).toThrow();
    expect(() =>
      structuredCodec.decode(Buffer.concat([Buffer.from([1]), Buffer.alloc(100_000, Buffer.from([12, 1]))])),
    ).toThrow('nested too deeply');
  });

  test.each<[string, number[]]>([
    ['no bytes', []],
    ['a later version', [2, 0]],
    ['an unknown tag', [1, 200]],
    ['something after the end', [1, 0, 0]],
    ['a reference to nothing', [1, 25, 0]],
    ['a shape that is not there', [1, 8, 0]],
    ['a key twice', [1, 9, 2, 4, 97, 4, 97, 0, 0]],
    ['a Map key twice', [1, 16, 2, 0, 0, 0, 0]],
    ['a Set item twice', [1, 17, 2, 0, 0]],
    ['an invalid bigint', [1, 6, 8, 48, 120]],
    ['an invalid URL', [1, 20, 4, 97]],
    ['an invalid regular expression', [1, 19, 4, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['an unknown class of errors', [1, 24, 12, 70, 111, 111, 0, 0]],
    ['an unknown class of views', [1, 22, 12, 70, 111, 111, 0]],
    ['holes outside of a list', [1, 13, 1]],
  ])('%s', (_, bytes) => {
    expect(() => structuredCodec.decode(Buffer.from(bytes))).toThrow();
  });
});

test('is the same in a worker thread', async () => {
  const bytes = bytesOf({ a: [1, new Map([['k', new Date(5)]])] });
  const worker = new Worker(
    "require('node:worker_threads').parentPort.once('message', (bytes) => require('node:worker_threads').parentPort.postMessage(bytes))",
    { eval: true },
  );
  const echoed = await new Promise<Uint8Array>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
    worker.postMessage(new Uint8Array(bytes));
  });
  await worker.terminate();
  expect(structuredCodec.decode(echoed)).toEqual({ a: [1, new Map([['k', new Date(5)]])] });
});

function endsQuickly(act: () => unknown): boolean {
  try {
    act();
  } catch (thrown) {
    return thrown instanceof Error;
  }
  return true;
}

function mutated(original: Buffer, next: () => number, edits: number): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (let edit = 0; edit < edits; edit++) {
    const at = bytes.length === 0 ? 0 : next() % bytes.length;
    const kind = next() % 4;
    if (kind === 0) bytes[at] = next() % 256;
    else if (kind === 1) bytes = bytes.subarray(0, at);
    else if (kind === 2)
      bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([next() % 256]), bytes.subarray(at)]);
    else bytes = Buffer.concat([bytes, bytes.subarray(at)]);
  }
  return bytes;
}

function thrownBy(act: () => unknown): NodeJS.ErrnoException {
  try {
    act();
  } catch (thrown) {
    return thrown as NodeJS.ErrnoException;
  }
  throw new Error('nothing was thrown');
}
