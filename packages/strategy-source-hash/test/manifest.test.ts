import { describe, expect, test } from 'vitest';
import { sourceHash } from '../src/index.ts';
import { diffManifests } from '../src/manifest.ts';

const symbol = (digest: string, ...via: string[]) => ({ digest, via });

const MANIFEST = {
  algorithm: 'source-hash/3',
  node: '20',
  files: {
    'a.ts': { gone: symbol('1', 'main', 'gone') },
    'b.ts': { kept: symbol('2', 'main', 'kept'), same: symbol('5', 'main', 'same') },
  },
  assets: { 'x.txt': '1' },
  packages: { dep: '1.0.0' },
  order: ['a.ts#gone', 'b.ts#kept'],
  env: ['MODEL'],
  uncertain: [],
};

test('symbols that changed come with their texts, where both are known and say what differs', () => {
  const texts = new Map([
    ['1', 'old'],
    ['2', 'new'],
    ['3', 'new'],
  ]);
  const change = (before: string, after: string) =>
    diffManifests({ files: { a: { f: symbol(before) } } }, { files: { a: { f: symbol(after) } } }, (digest) =>
      texts.get(digest),
    );
  const changed = { what: 'symbol', name: 'a#f', how: 'changed' };
  expect(change('1', '2')).toEqual([{ ...changed, before: 'old', after: 'new' }]);
  expect(change('1', '4')).toEqual([changed]);
  expect(change('4', '1')).toEqual([changed]);
  expect(change('2', '3')).toEqual([changed]);
});

describe('two manifests differ in', () => {
  test('nothing when they are equal', () => {
    expect(diffManifests(MANIFEST, MANIFEST)).toEqual([]);
  });

  test('files, assets, packages, environment reads, the algorithm and Node, code first', () => {
    const after = {
      algorithm: 'source-hash/4',
      node: '22',
      files: {
        'b.ts': { kept: symbol('3', 'main', 'helper', 'kept'), same: symbol('5', 'main', 'same') },
        'c.ts': { fresh: symbol('4', 'main') },
      },
      assets: {},
      packages: { dep: '1.0.0, 2.0.0' },
      env: [],
      function: 'f',
    };
    expect(sourceHash().diffManifests(MANIFEST, after)).toEqual([
      { what: 'symbol', name: 'b.ts#kept', how: 'changed', via: ['main', 'helper', 'kept'] },
      { what: 'symbol', name: 'c.ts#fresh', how: 'added' },
      { what: 'symbol', name: 'a.ts#gone', how: 'removed', via: ['main', 'gone'] },
      { what: 'asset', name: 'x.txt', how: 'removed' },
      { what: 'package', name: 'dep', how: 'changed', before: '1.0.0', after: '1.0.0, 2.0.0' },
      { what: 'function', name: 'function', how: 'added' },
      { what: 'algorithm', name: 'algorithm', how: 'changed', before: 'source-hash/3', after: 'source-hash/4' },
      { what: 'node', name: 'node', how: 'changed', before: '20', after: '22' },
      { what: 'env', name: 'MODEL', how: 'removed', before: 'read' },
    ]);
  });

  test('the order of evaluation, where that is all', () => {
    const reordered = { ...MANIFEST, order: ['b.ts#kept', 'a.ts#gone'] };
    expect(diffManifests(MANIFEST, reordered)).toEqual([{ what: 'order', name: 'evaluation order', how: 'changed' }]);
    expect(diffManifests(MANIFEST, { ...reordered, node: '22' })).toMatchObject([{ what: 'node' }]);
  });

  test('what symbols refer to and the settings of their files, where that is all and both manifests say it', () => {
    const manifestWith = (leads: string, settings: string) => ({
      ...MANIFEST,
      files: { 'b.ts': { kept: { ...symbol('2', 'main', 'kept'), leads } } },
      settings,
    });
    const led = { what: 'symbol', name: 'b.ts#kept', how: 'changed', via: ['main', 'kept'] };
    const set = { what: 'settings', name: 'compiler options, or the type of a package', how: 'changed' };
    expect(diffManifests(manifestWith('1', '1'), manifestWith('2', '1'))).toEqual([led]);
    expect(diffManifests(manifestWith('1', '1'), manifestWith('1', '2'))).toEqual([set]);
    expect(diffManifests(manifestWith('1', '1'), manifestWith('2', '2'))).toEqual([led, set]);
    expect(diffManifests(manifestWith('1', '1'), { ...manifestWith('2', '2'), node: '22' })).toMatchObject([
      { what: 'node' },
    ]);
    const { files: _files, ...older } = MANIFEST;
    const old = { ...older, files: { 'b.ts': { kept: symbol('2', 'main', 'kept') } } };
    expect(diffManifests(old, manifestWith('2', '2'))).toEqual([]);
    expect(diffManifests(manifestWith('1', '1'), old)).toEqual([]);
  });

  test('how modules are loaded, where nothing else says why', () => {
    const whole = (digest: string) => ({ ...MANIFEST, whole: digest });
    const loaded = { what: 'order', name: 'how modules are loaded', how: 'changed' };
    expect(diffManifests(whole('1'), whole('2'))).toEqual([loaded]);
    expect(diffManifests(whole('1'), { ...whole('2'), order: [] })).toMatchObject([{ name: 'evaluation order' }]);
    expect(diffManifests(whole('1'), MANIFEST)).toEqual([]);
  });

  test('symbols that are too many to be named', () => {
    expect(diffManifests({ ...MANIFEST, rest: '1' }, { ...MANIFEST, rest: '2' })).toEqual([
      { what: 'rest', name: 'symbols further away', how: 'changed' },
    ]);
  });

  test('whole files, for manifests of releases that knew no symbols', () => {
    expect(diffManifests({ files: { 'a.ts': '1', 'b.ts': '2' } }, { files: { 'a.ts': '3' } })).toEqual([
      { what: 'symbol', name: 'a.ts', how: 'changed' },
      { what: 'symbol', name: 'b.ts', how: 'removed' },
    ]);
  });

  test('nothing that can be shown when they are no manifests', () => {
    for (const other of [null, 1, 'x', [], { files: 1, packages: null, env: {}, assets: [1] }]) {
      expect(diffManifests(other, other)).toEqual([]);
      expect(diffManifests(MANIFEST, other)).not.toEqual([]);
    }
  });
});
