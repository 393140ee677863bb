import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAge, formatCount, formatDuration, formatTime } from '../../src/plan/format-duration.ts';

test.each([
  [0, '0 ms'],
  [0.2, '<1 ms'],
  [0.5, '1 ms'],
  [38.4, '38 ms'],
  [99.4, '99 ms'],
  [99.6, '0.1 s'],
  [300, '0.3 s'],
  [12_400, '12.4 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min'],
  [521_000, '8 min 41 s'],
  [3_599_600, '1 h'],
  [7_500_000, '2 h 5 min'],
  [86_399_999, '1 d'],
  [273_600_000, '3 d 4 h'],
  [1e13, '115,740 d 18 h'],
  [-5, '0 ms'],
  [Number.NaN, '0 ms'],
  [Number.POSITIVE_INFINITY, 'forever'],
])('a time span of %d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('a time span has no unit that the next larger one would hold', () => {
  const limits: Readonly<Record<string, number>> = { ms: 100, s: 60, min: 60, h: 24 };
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), (ms) => {
      for (const [, count, unit] of formatDuration(ms).matchAll(/([\d,.]+) (\w+)/g)) {
        expect(Number(count?.replaceAll(',', ''))).toBeLessThan(limits[unit as string] ?? Number.POSITIVE_INFINITY);
      }
    }),
  );
});

test.each([
  [-1, 'just now'],
  [999, 'just now'],
  [59_999, '59 s ago'],
  [3_599_999, '59 min ago'],
  [7_300_000, '2 h ago'],
  [86_400_000 * 3.9, '3 d ago'],
  [Number.NaN, 'just now'],
  [Number.POSITIVE_INFINITY, 'long ago'],
])('an age of %d ms is %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});

test('times are in UTC, whatever the time zone', () => {
  expect(formatTime(Date.UTC(2026, 4, 1, 10, 5))).toBe('2026-05-01 10:05 UTC');
  expect(formatTime(Number.NaN)).toBe('at an unknown time');
  expect(formatTime(1e300)).toBe('at an unknown time');
});

test('large numbers have their thousands apart', () => {
  expect([0, 999, 1_000, 1_234_567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
});
