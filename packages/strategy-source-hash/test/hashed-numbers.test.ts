import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestList } from '../src/digest.ts';
import { HashedNumbers } from '../src/hashed-numbers.ts';
import { HashedText, phrase } from '../src/hashed-text.ts';
import { UnitSet } from '../src/slice/unit-sets.ts';
import { sourceText } from '../src/source-text.ts';

const NUMBER = fc.integer({ min: 0, max: 0xffffffff });
const BYTES = fc.uint8Array({ minLength: 4, maxLength: 5_000 }).map((bytes) => bytes.subarray(bytes.length % 4));
const WORDS = fc.uint32Array({ maxLength: 3_000 });

test('what is hashed are numbers of four bytes and bytes, in their order, however many they are', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(NUMBER, BYTES, WORDS), { maxLength: 40 }), (parts) => {
      const hashed = new HashedNumbers();
      hashed.number(1);
      hashed.clear();
      const plain = createHash('sha256');
      for (const part of parts) {
        if (typeof part === 'number') hashed.number(part);
        else if (part instanceof Uint32Array) hashed.words(part, 0, part.length);
        else hashed.bytes(part);
        plain.update(typeof part === 'number' ? littleEndian(part) : part);
      }
      expect(hashed.digest()).toBe(plain.digest('hex'));
    }),
  );
});

const TEXT = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 40, maxLength: 9_000 }));

test('a text that is written in pieces is what they are together, and is hashed in a list as one', () => {
  const list = fc.array(fc.oneof(TEXT, fc.constant('x'.repeat(200))), { maxLength: 3 });
  fc.assert(
    fc.property(fc.array(TEXT, { maxLength: 12 }), TEXT, list, list, (kept, dropped, before, after) => {
      const text = new HashedText();
      text.write('of an earlier use');
      text.clear();
      for (const [at, piece] of kept.entries()) {
        if (at % 2 === 0) text.write(piece);
        else text.writePhrase(phrase(piece));
      }
      const { length } = text;
      text.write(dropped);
      text.cutTo(length);
      expect(text.text()).toBe(kept.join(''));
      expect(text.digestBetween(before, after)).toBe(digestList([...before, kept.join(''), ...after]));
    }),
  );
});

test('the text of a file is what runtimes read: without a byte order mark, whatever the bytes are', () => {
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.uint8Array({ max: 0x7f }),
    fc.string().map((text) => Buffer.from(`\ufeff${text}`)),
  );
  fc.assert(
    fc.property(bytes, fc.nat({ max: 3 }), (file, start) => {
      expect(sourceText(file.subarray(start))).toBe(new TextDecoder().decode(file.subarray(start)));
    }),
  );
});

function littleEndian(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

test('a set of numbers takes in another one, and says which of them are new', () => {
  const members = fc.uniqueArray(fc.oneof(fc.nat(70), fc.nat(2_000)), { maxLength: 80 });
  fc.assert(
    fc.property(members, members, (before, more) => {
      const [set, others] = [new UnitSet(), new UnitSet()];
      for (const number of before) expect(set.add(number)).toBe(true);
      for (const number of more) others.add(number);
      const isNew = (number: number): boolean => !before.includes(number);
      expect([...set.addAll(others)].sort((a, b) => a - b)).toEqual(more.filter(isNew).sort((a, b) => a - b));
      expect(set.size).toBe(before.length + more.filter(isNew).length);
      expect([...before, ...more].every((number) => set.has(number))).toBe(true);
      expect(set.addAll(others)).toEqual([]);
    }),
  );
});
