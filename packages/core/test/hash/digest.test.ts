import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf, isDigest, sha256, sha256Bytes, shortDigest } from '../../src/hash/digest.ts';

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
