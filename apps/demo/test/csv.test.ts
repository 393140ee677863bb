import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCsv } from '../src/tables/csv.ts';

test('quotes, doubled quotes, commas and line ends inside quotes are fields', () => {
  const text = 'a,b\r\n"x, y","say ""hi"""\n"two\nlines",\n';
  expect(parseCsv(text)).toEqual([
    ['a', 'b'],
    ['x, y', 'say "hi"'],
    ['two\nlines', ''],
  ]);
});

test('an empty text has no rows, and a last line needs no line end', () => {
  expect(parseCsv('')).toEqual([]);
  expect(parseCsv('a,b')).toEqual([['a', 'b']]);
  expect(parseCsv('a,')).toEqual([['a', '']]);
});

test('a quote in the middle of a field is an error that names the line', () => {
  expect(() => parseCsv('a\nb"c\n')).toThrow('line 2');
});

test('what is written with quotes is read back', () => {
  const rows = fc.array(fc.array(fc.string({ maxLength: 6 }), { minLength: 2, maxLength: 4 }), { maxLength: 6 });
  fc.assert(
    fc.property(rows, (table) => {
      const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
      const text = table.map((row) => `${row.map(quoted).join(',')}\n`).join('');
      expect(parseCsv(text)).toEqual(table);
    }),
  );
});
