import { expect, test } from 'vitest';
import { SourceColumns } from '../../src/trace/source-columns.ts';

test('a literal is read as a number only where nothing but its digits makes up its text', () => {
  const literals = [0, 7, 100, -0, -1, 1.5, 101, Number.NaN, 2 ** 31, '7', 7n, true, null, undefined];
  const columns = new SourceColumns();
  columns.begin();
  for (const literal of literals) columns.addScalar(literal);
  columns.end();
  const read = literals.map((_, at) => columns.integer(columns.first(0) + at, 100));
  expect(read).toEqual([0, 7, 100, ...Array.from({ length: literals.length - 3 }, () => -1)]);
});
