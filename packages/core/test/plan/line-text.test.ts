import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutEnd, cutMiddle, oneLine, padTo, plainLines, widthOf } from '../../src/plan/line-text.ts';

const texts = fc.string({ unit: 'binary', maxLength: 30 });

describe('cutting', () => {
  test.each([
    ['embed', 5, 'embed'],
    ['embedding', 5, 'em…ng'],
    ['embedding', 4, 'em…g'],
    ['embedding', 1, '…'],
    ['😀😀😀😀', 5, '😀…😀'],
  ])('leaves the middle of %s out at %d', (text, width, cut) => {
    expect(cutMiddle(text, width)).toBe(cut);
  });

  test('leaves the end out', () => {
    expect(cutEnd('embedding', 5)).toBe('embe…');
  });

  test('gives at most the width, and texts that fit as they are', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 30 }), (text, width) => {
        for (const cut of [cutMiddle(text, width), cutEnd(text, width)]) {
          // A character of two columns may not fit into the last one; what is cut off may have been of none.
          expect(widthOf(cut)).toBeLessThanOrEqual(width);
          expect(widthOf(cut)).toBeGreaterThanOrEqual(Math.min(width, widthOf(text)) - 2);
          if (widthOf(text) <= width) expect(cut).toBe(text);
        }
      }),
    );
  });

  test('padding fills to the width', () => {
    expect(padTo('😀a', 5)).toBe('😀a  ');
    expect(padTo('long', 2)).toBe('long');
  });
});

describe('escaping', () => {
  test('writes what could leave the line as escapes', () => {
    expect(oneLine('a\nb\t\u001b[2Jc\r\u202ed\u2028')).toBe('a\\nb\\t\\u001b[2Jc\\u000d\\u202ed\\u2028');
  });

  test('keeps lines and tabs of texts that may have them', () => {
    expect(plainLines('a\r\nb\tc\u001b[0m')).toBe('a\nb\tc\\u001b[0m');
  });

  test('changes nothing else', () => {
    for (const text of ['plain', 'zażółć', '日本語', '😀', '']) expect(oneLine(text)).toBe(text);
  });
});

test('East-Asian characters and emoji take two columns, marks upon others none, and cutting counts columns', () => {
  expect(['abc', '数据', 'e\u0301', '🚀', 'ｆ', '●✓◐…', ''].map(widthOf)).toEqual([3, 4, 1, 2, 2, 4, 0]);
  expect(cutEnd('数据清洗', 5)).toBe('数据…');
  expect(cutEnd('数据清洗', 4)).toBe('数…');
  expect(cutMiddle('数据清洗数据', 7)).toBe('数…据');
  expect(padTo('数', 4)).toBe('数  ');
});
