import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { s3Pickle } from '../src/index.ts';
import { identifierOfKey, outputKey } from '../src/object-key.ts';
import { checkedOptions } from '../src/options.ts';
import { S3Connection } from '../src/s3-connection.ts';
import { mockedStore } from './support/mocked-store.ts';

test('the SDK prepares replies for a log only where there is one', async () => {
  const logs = async (logger?: Console) => {
    const clientOptions = { region: 'nowhere-1', ...(logger && { logger }) };
    const client = await new S3Connection(checkedOptions({ bucket: 'results', clientOptions })).client();
    client.destroy();
    return client.middlewareStack.identify().some((name) => name.startsWith('loggerMiddleware'));
  };
  expect([await logs(), await logs(console)]).toEqual([false, true]);
});

describe('a prefix', () => {
  test.each(['', 'a', 'a/', 'team/cache', 'Ünï/x y'])('%j is taken', (prefix) => {
    expect(s3Pickle({ bucket: 'results', prefix }).name).toBe(`s3://results/${prefix.replace(/\/$/, '')}`);
  });

  test.each(['/', '/a', 'a//b', 'a//', './a', 'a/..', 'a/\n', '\ud800', 'x'.repeat(513)])('%j is refused', (prefix) => {
    expect(() => s3Pickle({ bucket: 'results', prefix })).toThrow(TypeError);
  });
});

test.each([
  { bucket: '' },
  { bucket: 'a/b' },
  { bucket: 'Upper' },
  { bucket: 'results', concurrency: 0 },
  { bucket: 'results', partBytes: 1024 },
  { bucket: 'results', timeoutMs: Number.NaN },
  { bucket: 'results', presence: 'guess' as 'ask' },
])('options that make no sense are refused at once: %j', (options) => {
  expect(() => s3Pickle(options)).toThrow(TypeError);
});

test('a client and options for one exclude each other', () => {
  const { client } = mockedStore();
  expect(() => s3Pickle({ bucket: 'results', client, clientOptions: {} })).toThrow(TypeError);
});

describe('a key', () => {
  const segment = fc.stringMatching(/^[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,30}$/);
  const identifier = fc.oneof(
    fc.tuple(fc.constant('outputs'), segment, segment, segment, segment),
    fc.tuple(fc.constant('runs'), segment, segment, segment),
  );

  test('gives back its identifier, and no two identifiers share one', () => {
    fc.assert(
      fc.property(identifier, identifier, (one, other) => {
        expect(identifierOfKey('p/', outputKey('p/', one))).toEqual(one);
        expect(outputKey('p/', one) === outputKey('p/', other)).toBe(one.join('\0') === other.join('\0'));
      }),
    );
  });

  test.each([
    [['outputs', 'a', 'b', 'c', '..']],
    [['outputs', 'a', 'b', 'c', 'd/e']],
    [['outputs', 'a', 'b', 'c', '']],
    [['records', 'a', 'b', 'c']],
    [['outputs', 'a']],
  ])('of %j is refused', (segments) => {
    expect(() => outputKey('', segments)).toThrow(TypeError);
  });

  test('of records and index is not that of an output', () => {
    expect(identifierOfKey('p/', 'p/records/documents/a')).toBeUndefined();
    expect(identifierOfKey('p/', 'q/runs/a/b/c')).toBeUndefined();
  });
});

test('importing the package and making a store load nothing of the SDK, and using it does', () => {
  expect(loadedBy('making')).toBe(0);
  expect(loadedBy('using')).toBeGreaterThan(10);
});

/** How many modules of the SDK a program loads. */
function loadedBy(what: 'making' | 'using'): number {
  const program = fileURLToPath(new URL('support/loaded-modules.mjs', import.meta.url));
  const args = [...SOURCE_NODE, program, what];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}
