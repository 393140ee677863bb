import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf, isDigest, sha256, sha256Bytes, shortDigest } from '../../src/hash/digest.ts';
import { DigestColumn } from '../../src/hash/digest-column.ts';
import { borrowText, giveBack, LARGEST_INTEGER } from '../../src/hash/hashed-text.ts';
import { scalarText } from '../../src/hash/scalar-text.ts';
import { part } from '../../src/versions/record-key.ts';
import { cases } from '../support/cases.ts';

test('sha256 is the digest of the UTF-8 of a text', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const bytes = Buffer.from(text, 'utf8');
      expect(sha256(text)).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(sha256Bytes(bytes)).toBe(sha256(text));
    }),
  );
});

test('lists of parts have one digest only if they are equal', () => {
  const list = fc.array(fc.constantFrom('', 'a', 'ab', 'b', 's1:a', '\ud800', '\ufffd'), { maxLength: 3 });
  fc.assert(
    fc.property(list, list, (left, right) => {
      const equal = JSON.stringify(left) === JSON.stringify(right);
      expect(digestOf('d', ...left) === digestOf('d', ...right)).toBe(equal);
    }),
    { numRuns: 500 },
  );
});

test('domains do not share digests', () => {
  expect(digestOf('a', 'b')).not.toBe(digestOf('b', 'b'));
  expect(digestOf('a', 'b')).not.toBe(digestOf('ab'));
});

test('a digest is known by its form and has a short form for people', () => {
  const digest = digestOf('d');
  expect(isDigest(digest)).toBe(true);
  expect(isDigest(digest.toUpperCase())).toBe(false);
  expect(isDigest(digest.slice(1))).toBe(false);
  expect(isDigest(7)).toBe(false);
  expect(shortDigest(digest)).toBe(digest.slice(0, 12));
  expect(shortDigest(`vf1:${digest}`, 8)).toBe(digest.slice(0, 8));
});

test('a text that is written to be hashed has the digest of the same text, whatever it is put together from', () => {
  const texts = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ minLength: 2_000, maxLength: 9_000 }),
  );
  const heads = fc.array(fc.tuple(fc.constantFrom('', 'head;', 'ä'.repeat(40)), fc.array(texts, { maxLength: 5 })), {
    maxLength: 4,
  });
  const utf8 = new Map(['', 'head;', 'ä'.repeat(40)].map((head) => [head, Buffer.from(head)]));
  fc.assert(
    fc.property(heads, (written) => {
      const [text, other] = [borrowText(), borrowText()];
      const digests = new DigestColumn(written.length);
      for (const [at, [head, parts]] of written.entries()) {
        text.begin(utf8.get(head) as Buffer);
        other.begin(utf8.get('head;') as Buffer);
        for (const part of parts) text.put(part);
        if (at > 0) text.putDigest(digests, at - 1);
        text.digestInto(digests, at);
        const expected = sha256(head + parts.join('') + (digests.get(at - 1) ?? ''));
        expect([digests.get(at), text.digest()]).toEqual([expected, expected]);
      }
      giveBack(text);
      giveBack(other);
    }),
    cases(60),
  );
});

test('a number that is written to be hashed has the text that it has as a literal', () => {
  const integers = fc.oneof(
    fc.integer({ min: 0, max: LARGEST_INTEGER }),
    fc.constantFrom(0, 9, 10, 99, 100, LARGEST_INTEGER),
  );
  fc.assert(
    fc.property(fc.array(integers, { maxLength: 200 }), (numbers) => {
      const text = borrowText();
      text.begin(Buffer.from('I1;'));
      for (const number of numbers) text.putInteger(number);
      expect(text.digest()).toBe(sha256(`I1;${numbers.map((number) => `V${part(scalarText(number))}`).join('')}`));
      giveBack(text);
    }),
    cases(60),
  );
});

test('a column gives the digests that were put into it, and none where there is none', () => {
  const some = [sha256('a'), undefined, sha256('b'), 'no digest', 'F'.repeat(64), `${sha256('c')}0`];
  const column = DigestColumn.of(some);
  const copy = new DigestColumn(column.size, column);
  column.set(0, undefined);
  column.set(1, sha256('b'));
  const kept = DigestColumn.of(some);
  kept.keepTexts();
  expect([kept.get(0), kept.get(2)]).toEqual([sha256('a'), sha256('b')]);
  kept.copy(0, kept, 2);
  kept.set(2, sha256('d'));
  expect([column.isFull, DigestColumn.of([sha256('a'), sha256('b')]).isFull]).toEqual([false, true]);
  kept.setBytes(5, Buffer.from(sha256('e'), 'hex').toString('latin1'));
  expect([kept.get(0), kept.get(1), kept.get(2), kept.get(5)]).toEqual([
    sha256('b'),
    undefined,
    sha256('d'),
    sha256('e'),
  ]);
  const range = new DigestColumn(4);
  range.keepTexts();
  range.copyRange(1, kept, [0, 3]);
  expect([0, 1, 2, 3].map((at) => (range.has(at) ? range.get(at) : undefined))).toEqual([
    undefined,
    sha256('b'),
    undefined,
    sha256('d'),
  ]);
  const all = (of: DigestColumn) => some.map((_, at) => (of.has(at) ? of.get(at) : undefined));
  expect(all(copy)).toEqual([sha256('a'), undefined, sha256('b'), undefined, undefined, undefined]);
  expect(all(column)).toEqual([undefined, sha256('b'), sha256('b'), undefined, undefined, undefined]);
});
