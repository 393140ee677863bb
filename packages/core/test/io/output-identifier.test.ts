import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runScopedIdentifier, safeSegment, versionedIdentifier } from '../../src/io/output-identifier.ts';

const VERSION = 'ab'.repeat(32);
const SAFE = /^[A-Za-z0-9._~-]{1,80}$/;

// Everything that some file system, shell or object store treats specially.
const HOSTILE = [
  '',
  ' ',
  '.',
  '..',
  '...',
  '/',
  '\\',
  '//',
  '../..',
  'a/b',
  'a\\b',
  'a/../b',
  '/etc/passwd',
  'C:',
  'C:\\x',
  '\\\\host\\share',
  'a\0b',
  'a\nb',
  'a:stream',
  'a*',
  'a?',
  'a"b',
  'a<b',
  'a>b',
  'a|b',
  '~',
  '~root',
  '$HOME',
  '%2e%2e',
  '%',
  '#',
  '-rf',
  'con',
  'CON',
  'Con.txt',
  'nul',
  'nul.',
  'aux',
  'prn',
  'com1',
  'COM9.x',
  'lpt1',
  'com¹',
  'conin$',
  'clock$',
  'trailing.',
  'trailing ',
  ' leading',
  '.hidden',
  'a..',
  'ünïcode',
  '数据',
  '🦄',
  '\u202Egnp',
  '\uFEFF',
  '\ud800',
  '\udc00',
];

const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.string({ unit: fc.constantFrom('a', 'A', 'é', 'e\u0301', '.', '/', '-', '~', '\ud800', '\udfff'), maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'.split('')), minLength: 60, maxLength: 68 }),
);

function windowsReserves(segment: string): boolean {
  return (
    /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?: *\.|$)/i.test(segment) || /[. ]$/.test(segment)
  );
}

describe('a segment', () => {
  test('is short, of safe characters, and no name with a meaning, for every name', () => {
    fc.assert(
      fc.property(name, (given) => {
        const segment = safeSegment(given);
        expect(segment).toMatch(SAFE);
        expect(segment).not.toMatch(/^\.|\.$/);
        expect(windowsReserves(segment)).toBe(false);
      }),
      { numRuns: 2000, examples: HOSTILE.map((given) => [given]) },
    );
  });

  test('differs from that of any other name, also where upper and lower case are one', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        fc.pre(one !== other);
        expect(safeSegment(one).toLowerCase()).not.toBe(safeSegment(other).toLowerCase());
      }),
      { numRuns: 2000 },
    );
  });

  test('differs for all pairs of hostile names', () => {
    const segments = new Set(HOSTILE.map((given) => safeSegment(given).toLowerCase()));
    expect(segments.size).toBe(HOSTILE.length);
  });

  test('differs for case twins, and for composed and decomposed accents', () => {
    for (const [one, other] of [
      ['train', 'Train'],
      ['TRAIN', 'Train'],
      ['é', 'e\u0301'],
      ['Å', '\u212b'],
      ['ﬁt', 'fit'],
      ['straße', 'STRASSE'],
    ] as const) {
      const twins = [safeSegment(one), safeSegment(other)].map((segment) => segment.normalize('NFKC').toLowerCase());
      expect(twins[0]).not.toBe(twins[1]);
    }
  });

  test('differs for long names that differ only at their end, and for lone surrogates', () => {
    const long = 'x'.repeat(299);
    expect(safeSegment(`${long}a`)).not.toBe(safeSegment(`${long}b`));
    expect(safeSegment('\ud800')).not.toBe(safeSegment('\ud801'));
    expect(safeSegment('\ud800')).not.toBe(safeSegment('\ufffd'));
  });

  test('of a plain name is the name, and of a version the version', () => {
    for (const plain of ['a', 'fetch-docs', 'embed_2', 'v1.2', '0', 'x'.repeat(64), VERSION]) {
      expect(safeSegment(plain)).toBe(plain);
    }
  });

  test('keeps a readable part of other names', () => {
    expect(safeSegment('fetchDocs')).toMatch(/^fetchDocs~[0-9a-f]{24}$/);
    expect(safeSegment('embed[doc-3]')).toMatch(/^embed-doc-3~[0-9a-f]{24}$/);
    expect(safeSegment('数据')).toMatch(/^x~[0-9a-f]{24}$/);
  });

  test('of a made-up segment is never that segment, so nobody can aim at the address of another', () => {
    fc.assert(
      fc.property(name, (given) => {
        const segment = safeSegment(given);
        fc.pre(segment !== given);
        expect(safeSegment(segment)).not.toBe(segment);
      }),
    );
  });

  test('is the same when asked again, also after thousands of other names', () => {
    const before = HOSTILE.map(safeSegment);
    for (let index = 0; index < 10_000; index++) safeSegment(`Name ${index}`);
    expect(HOSTILE.map(safeSegment)).toEqual(before);
  });
});

describe('an identifier', () => {
  const parts = fc.tuple(name, name, name, fc.constantFrom(VERSION, 'cd'.repeat(32)));

  test('is shared by two outputs only if namespace, op, output and version are the same', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const address = ([namespace, op, output, version]: [string, string, string, string]) =>
          versionedIdentifier({ namespace, name: op }, output, version).join('/').toLowerCase();
        expect(address(one) === address(other)).toBe(one.every((part, index) => part === other[index]));
      }),
      { numRuns: 1000 },
    );
  });

  test('of one run never meets that of a version', () => {
    expect(versionedIdentifier({ namespace: 'n', name: 'o' }, 'result', VERSION)).toEqual([
      'outputs',
      'n',
      'o',
      'result',
      VERSION,
    ]);
    expect(runScopedIdentifier('run-1', 'step', 'result')).toEqual(['runs', 'run-1', 'step', 'result']);
  });
});
