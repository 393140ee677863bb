import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeIndex, encodeIndex, INDEX_CODEC, KeyMarks } from '../src/index-content.ts';
import { MARK_BYTES, MARK_WORDS, MarkSet, wordsOf } from '../src/mark-set.ts';

/** Marks of which many begin alike, as somebody may have chosen them, and some are the same. */
const mark = fc
  .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 300 }))
  .map(([first, last]) => Int32Array.of(first, 0, 7, last));
const someMark = fc.oneof(
  mark,
  fc.array(fc.integer(), { minLength: MARK_WORDS, maxLength: MARK_WORDS }).map((words) => Int32Array.from(words)),
);
const textOf = (words: Int32Array) => words.join(' ');

describe('a set of marks', () => {
  test('has what was added and nothing else, also where hundreds begin with the same bits', () => {
    fc.assert(
      fc.property(fc.array(someMark, { maxLength: 600 }), fc.array(someMark), (added, asked) => {
        const set = new MarkSet();
        for (const words of added) set.add(words, 0);
        const model = new Set(added.map(textOf));
        expect(set.size).toBe(model.size);
        for (const words of [...added, ...asked]) expect(set.has(words, 0)).toBe(model.has(textOf(words)));
      }),
    );
  });

  test('gives all of them back as bytes, from wherever these lie', () => {
    fc.assert(
      fc.property(fc.array(someMark, { maxLength: 300 }), fc.integer({ min: 0, max: 7 }), (added, from) => {
        const set = new MarkSet();
        for (const words of added) set.add(words, 0);
        const bytes = set.bytes();
        expect(bytes.length).toBe(set.size * MARK_BYTES);
        const moved = new Uint8Array(from + bytes.length);
        moved.set(bytes, from);
        const copy = new MarkSet();
        copy.addAll(moved.subarray(from));
        expect(copy.size).toBe(set.size);
        for (const words of added) expect(copy.has(words, 0)).toBe(true);
      }),
    );
  });
});

describe('what an index says', () => {
  const marks = fc.uint8Array({ maxLength: 20 }).map((bytes) => {
    const set = new MarkSet();
    for (const byte of bytes) set.add(Int32Array.of(byte, 1, 2, 3), 0);
    return set.bytes();
  });
  const kinds = fc.record({ byVersion: marks, byKey: marks });

  test('is read as it was written', () => {
    fc.assert(
      fc.property(kinds, kinds, (stored, deleted) => {
        const read = decodeIndex(INDEX_CODEC, encodeIndex({ stored, deleted }));
        const plain = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');
        for (const kind of ['byVersion', 'byKey'] as const) {
          expect(plain(read?.stored[kind])).toBe(plain(stored[kind]));
          expect(plain(read?.deleted[kind])).toBe(plain(deleted[kind]));
        }
      }),
    );
  });

  test('is nothing, or whole marks of which none is made up, for any bytes whatever', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('presence-index/1', INDEX_CODEC, 'presence-index/3', 'json', '__proto__'),
        fc.uint8Array({ maxLength: 200 }),
        (codec, bytes) => {
          const read = decodeIndex(codec, bytes);
          if (read === undefined) return;
          const { stored, deleted } = read;
          const all = [stored.byVersion, stored.byKey, deleted.byVersion, deleted.byKey];
          expect(all.every(({ length }) => length % MARK_BYTES === 0)).toBe(true);
          const head = codec === INDEX_CODEC ? 12 : 4;
          expect(all.reduce((sum, { length }) => sum + length, head)).toBe(bytes.length);
          const known = new KeyMarks();
          known.addAll(stored);
          expect(known.byVersion.size + known.byKey.size).toBeLessThanOrEqual(bytes.length / MARK_BYTES);
        },
      ),
    );
  });

  test('is nothing where it counts more marks than it has', () => {
    const whole = encodeIndex({
      stored: { byVersion: randomBytes(32), byKey: new Uint8Array(0) },
      deleted: { byVersion: new Uint8Array(0), byKey: new Uint8Array(0) },
    });
    expect(decodeIndex(INDEX_CODEC, whole)).toBeDefined();
    whole.writeUInt32LE(3, 0);
    expect(decodeIndex(INDEX_CODEC, whole)).toBeUndefined();
    whole.writeUInt32LE(0xffffffff, 0);
    expect(decodeIndex(INDEX_CODEC, whole)).toBeUndefined();
    expect(wordsOf(whole.subarray(0, 12))).toHaveLength(3);
  });
});
