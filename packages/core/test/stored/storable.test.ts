import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoError } from '../../src/errors/memo-error.ts';
import { valueDigest } from '../../src/hash/value-digest.ts';
import { codecRegistry } from '../../src/stored/codec-registry.ts';
import { decodeEnvelope, encodeEnvelope } from '../../src/stored/envelope.ts';
import { STORED_VALUES } from '../golden/value-table.ts';
import { storableValue } from '../hash/arbitrary-value.ts';
import { treeOf } from '../hash/value-tree.ts';

const seed = 20_240_607;
const codecs = codecRegistry();

class Model {}

/** Things that no store takes. */
const refused: readonly (() => unknown)[] = [
  () => () => 1,
  () => Symbol('s'),
  () => new Model(),
  () => Promise.resolve(1),
  () => new WeakMap(),
  () => new WeakRef({}),
  () => new ReadableStream(),
  () => Object(1),
  () => Object('a'),
  () => Object.create({}),
  () => Object.create(Map.prototype),
  () => new (class extends Error {})('m'),
  () => new (class extends Uint8Array {})(1),
  () => new (class extends Array {})(),
  () => new DOMException('m'),
  () => /a/.exec('a'),
  () => Object.assign(new Map(), { extra: 1 }),
  () => ({ [Symbol('s')]: 1 }),
  () => ({
    get a() {
      return 1;
    },
  }),
  () => Object.assign(/a/g, { lastIndex: '1' }),
  () => new SharedArrayBuffer(1),
  () => new Blob([]),
  () => (function* generator() {})(),
  () => new Proxy(() => 1, {}),
  () => globalThis,
  () => Array.from({ length: 501 }).reduce<unknown>((inner) => [inner], 1),
];

describe('what has a digest can be stored, and what can be stored has one', () => {
  test('for any value, also with things in it that no store takes', () => {
    const odd = fc.constantFrom(...refused).map((make) => make());
    const value = fc.oneof(
      { weight: 2, arbitrary: storableValue },
      { weight: 1, arbitrary: fc.tuple(storableValue, odd).map(([good, bad]) => ({ good, list: [{ bad }] })) },
    );
    const outcomes = { stored: 0, refused: 0 };
    fc.assert(
      fc.property(value, (given) => {
        const digest = attempt(() => valueDigest(given, 'value'));
        const encoded = attempt(() => codecs.encodeValue(given, 'value'));
        if (digest instanceof Error || encoded instanceof Error) {
          outcomes.refused++;
          expect(MemoError.is(digest, 'M5001') && MemoError.is(encoded, 'M5001')).toBe(true);
          expect((digest as MemoError).details).toEqual((encoded as MemoError).details);
        } else {
          outcomes.stored++;
          const back = codecs.decodeValue(encoded.codec.id, Buffer.concat(encoded.payload));
          expect(treeOf(back)).toEqual(treeOf(given));
          expect(valueDigest(back)).toBe(digest);
        }
      }),
      { numRuns: 1500, seed },
    );
    expect(Math.min(outcomes.stored, outcomes.refused)).toBeGreaterThan(300);
  });

  test.each(refused.map((make) => [String(make), make] as const))('%s has neither', (_, make) => {
    expect(attempt(() => valueDigest([make()]))).toBeInstanceOf(MemoError);
    expect(attempt(() => codecs.encodeValue([make()]))).toBeInstanceOf(MemoError);
  });
});

test.each(Object.keys(STORED_VALUES))('%s goes into a stored object and comes back', (name) => {
  const value = STORED_VALUES[name]?.();
  const { codec, payload } = codecs.encodeValue(value);
  const opened = decodeEnvelope(Buffer.concat(encodeEnvelope({ codec: codec.id, payload, compression: 'auto' })));
  const back = codecs.decodeValue(opened.codec, opened.payload);
  expect(treeOf(back)).toEqual(treeOf(value));
  expect(valueDigest(back)).toBe(valueDigest(value));
});

function attempt<T>(act: () => T): T | Error {
  try {
    return act();
  } catch (thrown) {
    return thrown as Error;
  }
}
