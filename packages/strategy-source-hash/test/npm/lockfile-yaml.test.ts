import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLockfileYaml, type YamlValue } from '../../src/npm/lockfile-yaml.ts';

function plain(value: YamlValue | undefined): unknown {
  if (value instanceof Map) return [...value].map(([key, part]) => [key, plain(part)]);
  return Array.isArray(value) ? value.map(plain) : value;
}

describe('the YAML of lockfiles', () => {
  test.each([
    [
      'a: 1\nb:\n  c: x # note\n',
      [
        ['a', '1'],
        ['b', [['c', 'x']]],
      ],
    ],
    ["'@s/a@1.0.0(b@2)': {}\n", [['@s/a@1.0.0(b@2)', []]]],
    [
      'a: {b: [x, "y, z"], c: }\n',
      [
        [
          'a',
          [
            ['b', ['x', 'y, z']],
            ['c', ''],
          ],
        ],
      ],
    ],
    [
      'a:\n- x\n- y\nb: 1\n',
      [
        ['a', ['x', 'y']],
        ['b', '1'],
      ],
    ],
    [
      'a: |-\n  one\n    two: three\nb: 1\n',
      [
        ['a', 'one\ntwo: three'],
        ['b', '1'],
      ],
    ],
    [
      '? long\n: x: 1\n  y: 2\nb: 1\n',
      [
        [
          'long',
          [
            ['x', '1'],
            ['y', '2'],
          ],
        ],
        ['b', '1'],
      ],
    ],
    ['first: 1\n---\nsecond: 2\n', [['second', '2']]],
    ['a: https://x.test/y:z#w\n', [['a', 'https://x.test/y:z#w']]],
    [
      "a: 'it''s'\nb: \"q\\\"\\u0041\"\n",
      [
        ['a', "it's"],
        ['b', 'q"A'],
      ],
    ],
    [
      '\uFEFFa: 1\r\nb: 2\r\n',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['__proto__: {x: 1}\n', [['__proto__', [['x', '1']]]]],
  ])('%j is read', (text, expected) => {
    expect(plain(parseLockfileYaml(text))).toEqual(expected);
  });

  test.each([
    'a: &x 1\nb: *x\n',
    'a: !!str 1\n',
    'a: 1\na: 2\n',
    'a\n',
    'a: {b\n',
    "a: 'x\n",
    'a:\n\tb: 1\n',
    '- a\n',
    'a: 1\n  b: 2\n',
  ])('%j is left to others', (text) => {
    expect(parseLockfileYaml(text)).toBeUndefined();
  });

  test('no text makes the reader throw', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      ',',
      "'",
      '"',
      '- ',
      '? ',
      '|',
      '#',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(() => parseLockfileYaml(pieces.join(''))).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });
});
