import { describe, expect, test } from 'vitest';
import { readCommandLine, UsageError } from '../src/command-line.ts';

test('without flags everything has its default', () => {
  expect(readCommandLine([])).toEqual({
    help: false,
    clean: false,
    store: 'fs',
    palette: 'ember',
    versions: 'source',
    config: {},
  });
});

test('flags set what they name', () => {
  expect(
    readCommandLine([
      '--store',
      'memory',
      '--palette=ocean',
      '--versions',
      'git',
      '--sample',
      '20000',
      '--clean',
      '-h',
    ]),
  ).toEqual({
    help: true,
    clean: true,
    store: 'memory',
    palette: 'ocean',
    versions: 'git',
    config: { sample: 20_000 },
  });
});

test('--store takes a bucket, with a prefix or without', () => {
  expect(readCommandLine(['--store', 's3://results/team/demo']).store).toEqual({
    bucket: 'results',
    prefix: 'team/demo',
  });
  expect(readCommandLine(['--store', 's3://results']).store).toEqual({ bucket: 'results', prefix: '' });
  for (const store of ['s3:', 's3://', 'disk', 's3://UPPER/x'])
    expect(() => readCommandLine(['--store', store])).toThrow(UsageError);
});

test('--set takes paths and JSON, as often as wanted; later ones win', () => {
  const { config } = readCommandLine(
    ['lateAfter=30', 'split.ratio=0.7', 'split.seed=2', 'models=[{"name":"a"}]', 'lateAfter=45', 'note="x=y"'].flatMap(
      (assignment) => ['--set', assignment],
    ),
  );
  expect(config).toEqual({ lateAfter: 45, split: { ratio: 0.7, seed: 2 }, models: [{ name: 'a' }], note: 'x=y' });
});

test('no path reaches a prototype', () => {
  expect(() => readCommandLine(['--set', '__proto__.polluted=1'])).toThrow(UsageError);
  expect(readCommandLine(['--set', 'constructor.x=1']).config).toEqual({ constructor: { x: 1 } });
  expect(Object.hasOwn(Object, 'x')).toBe(false);
});

describe('what makes no sense is refused with the reason', () => {
  test.each([
    [['--bogus'], '--bogus'],
    [['file.json'], 'file.json'],
    [['--store', 's3'], 'fs, memory or s3://bucket/prefix'],
    [['--palette', 'neon'], 'ember or ocean'],
    [['--versions', 'svn'], 'source or git'],
    [['--sample', '2e4'], 'whole number'],
    [['--sample', '-5'], '--sample'],
    [['--sample'], '--sample'],
    [['--set', 'lateAfter'], 'path=value'],
    [['--set', '=3'], 'path=value'],
    [['--set', 'a..b=3'], 'path=value'],
    [['--set', 'palette=ember'], 'not JSON'],
  ])('%j', (args, reason) => {
    expect(() => readCommandLine(args)).toThrow(UsageError);
    expect(() => readCommandLine(args)).toThrow(reason);
  });
});
