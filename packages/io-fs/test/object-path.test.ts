import { join, sep } from 'node:path';
import { safeSegment, versionedIdentifier } from '@memo/core/plugin';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identifierOfPath, objectPath } from '../src/object-path.ts';

const ROOT = join(sep, 'store');
const VERSION = `ab${'0'.repeat(62)}`;

describe('the path of an output', () => {
  test('is made of its identifier, in one of 256 directories by version', () => {
    expect(objectPath(ROOT, ['outputs', 'demo', 'clean', 'result', VERSION]).path).toBe(
      join(ROOT, 'outputs', 'demo', 'clean', 'result', 'ab', VERSION),
    );
    expect(objectPath(ROOT, ['runs', 'run-1', 'clean', 'result']).path).toBe(
      join(ROOT, 'runs', 'run-1', 'clean', 'result'),
    );
  });

  test('of a version that is no number in hexadecimal has a directory too', () => {
    expect(objectPath(ROOT, ['outputs', 'a', 'b', 'c', '..v1']).directory).toBe(
      join(ROOT, 'outputs', 'a', 'b', 'c', '--'),
    );
  });

  test('gives back its identifier', () => {
    const name = fc.string({ unit: 'binary', maxLength: 90 });
    fc.assert(
      fc.property(name, name, name, fc.oneof(name, fc.constant(VERSION)), (namespace, op, output, version) => {
        const identifier = versionedIdentifier({ namespace, name: op }, output, version);
        const { path } = objectPath(ROOT, identifier);
        expect(identifierOfPath(path.slice(ROOT.length + 1).split(sep))).toEqual(identifier);
      }),
    );
  });

  test('never leaves the root and is never somebody else’s, whatever the segments are', () => {
    const segment = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        '/',
        '../..',
        'a/b',
        'a\\b',
        'C:',
        'nul',
        'NUL.txt',
        'x.',
        'a\0',
        'ü',
        'x'.repeat(81),
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('outputs', 'runs', 'tmp', 'records', 'ab', VERSION),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 7 }), (segments) => {
        let path: string;
        try {
          path = objectPath(ROOT, segments).path;
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        expect(path).toBe(join(path));
        expect(path.startsWith(join(ROOT, 'outputs') + sep) || path.startsWith(join(ROOT, 'runs') + sep)).toBe(true);
        expect(segments.every((part) => safeSegment(part).length > 0)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    [[]],
    [['outputs']],
    [['tmp', 'a', 'b', 'c']],
    [['records', 'a', 'b', 'c']],
    [['outputs', 'a', 'b', VERSION]],
    [['outputs', '..', 'b', 'c', VERSION]],
    [['outputs', 'a', 'b', 'c/d', VERSION]],
    [['outputs', 'a', 'b', 'CON', VERSION]],
    [['runs', 'a', 'b', 'x.']],
    [['runs', 'a', 'b', 1]],
  ])('is refused for %j', (identifier) => {
    expect(() => objectPath(ROOT, identifier as string[])).toThrow(TypeError);
  });
});

test('files that no store made have no identifier', () => {
  for (const path of [
    ['outputs', 'a', 'b', 'c', 'cd', VERSION],
    ['outputs', 'a', 'b', 'c', VERSION],
    ['outputs', 'a', 'b', 'c', 'ab', 'ab file'],
    ['runs', 'a', 'b', '.'],
    [],
  ]) {
    expect(identifierOfPath(path)).toBeUndefined();
  }
});
