import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader, Malformed } from '../../src/stored/byte-reader.ts';
import { ByteWriter } from '../../src/stored/byte-writer.ts';

const seed = 20_240_605;

function written(write: (writer: ByteWriter) => void): Buffer {
  const writer = new ByteWriter();
  write(writer);
  return Buffer.concat(writer.finish());
}

describe('what is written is read', () => {
  test('whole numbers up to 2^53 - 1', () => {
    const number = fc.oneof(
      fc.maxSafeNat(),
      fc.nat(300),
      fc.integer({ min: 0, max: 52 }).map((bits) => 2 ** bits),
    );
    fc.assert(
      fc.property(number, (value) => {
        expect(new ByteReader(written((out) => out.varint(value))).varint()).toBe(value);
      }),
      { numRuns: 500, seed },
    );
    expect(new ByteReader(written((out) => out.varint(Number.MAX_SAFE_INTEGER))).varint()).toBe(
      Number.MAX_SAFE_INTEGER,
    );
  });

  test('texts of all lengths and alphabets', () => {
    const unit = fc.constantFrom('a', '\u007f', '\u0080', '\u00ff', '\u0100', '語', '\u{1f600}', '\ud800', '\udc00');
    const length = fc.constantFrom(0, 1, 30, 31, 32, 33, 500, 16_384, 20_000);
    fc.assert(
      fc.property(unit, unit, length, (most, last, count) => {
        const text = most.repeat(count) + last;
        expect(new ByteReader(written((out) => out.text(text))).text()).toBe(text);
      }),
      { numRuns: 300, seed },
    );
  });

  test('a long mixture in its order, and nothing more', () => {
    const item = fc.oneof(fc.string({ maxLength: 100 }), fc.double(), fc.uint8Array({ maxLength: 20_000 }), fc.nat());
    fc.assert(
      fc.property(fc.array(item, { maxLength: 200 }), (items) => {
        const bytes = written((out) => {
          for (const value of items) {
            if (typeof value === 'string') out.text(value);
            else if (typeof value !== 'number') out.blob(value);
            else out.float(value);
          }
        });
        const reader = new ByteReader(bytes);
        for (const value of items) {
          if (typeof value === 'string') expect(reader.text()).toBe(value);
          else if (typeof value !== 'number') expect(Buffer.compare(reader.blob(), value)).toBe(0);
          else expect(reader.float()).toBe(value);
        }
        expect(reader.left).toBe(0);
      }),
      { numRuns: 50, seed },
    );
  });
});

test('large byte arrays are pieces of their own, not copies', () => {
  const large = new Uint8Array(20_000);
  const writer = new ByteWriter();
  writer.byte(1);
  writer.blob(large);
  writer.byte(2);
  const pieces = writer.finish();
  expect(pieces).toHaveLength(3);
  expect(pieces[1]).toBe(large);
});

describe('bytes that nobody wrote', () => {
  test.each<[string, number[], (reader: ByteReader) => unknown]>([
    ['an end within a number', [0x80], (reader) => reader.varint()],
    ['a number above 2^53', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], (reader) => reader.varint()],
    ['a number without end', Array(20).fill(0x80), (reader) => reader.varint()],
    ['a count above what is left', [5, 1, 2], (reader) => reader.count()],
    ['a text that is cut off', [40, 65], (reader) => reader.text()],
    ['a text in no encoding', [7, 65], (reader) => reader.text()],
    ['a text that is not UTF-8', [9, 0xff, 0xff], (reader) => reader.text()],
    ['a float that is cut off', [1, 2, 3], (reader) => reader.float()],
    ['a blob that is cut off', [0xff, 0xff, 0xff, 0x7f], (reader) => reader.blob()],
    ['nothing', [], (reader) => reader.byte()],
  ])('%s', (_, bytes, read) => {
    expect(() => read(new ByteReader(Buffer.from(bytes)))).toThrow(Malformed);
  });
});
