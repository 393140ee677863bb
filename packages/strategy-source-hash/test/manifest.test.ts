import { describe, expect, test } from 'vitest';
import { sourceHash } from '../src/index.ts';
import { diffManifests } from '../src/manifest.ts';

const MANIFEST = {
  algorithm: 'source-hash/1',
  node: '20',
  files: { 'a.ts': '1', 'b.ts': '2' },
  assets: { 'x.txt': '1' },
  packages: { dep: '1.0.0' },
  env: ['MODEL'],
  uncertain: [],
};

describe('two manifests differ in', () => {
  test('nothing when they are equal', () => {
    expect(diffManifests(MANIFEST, MANIFEST)).toEqual([]);
  });

  test('files, assets, packages, environment reads, the algorithm and Node, code first', () => {
    const after = {
      algorithm: 'source-hash/2',
      node: '22',
      files: { 'b.ts': '3', 'c.ts': '4' },
      assets: {},
      packages: { dep: '1.0.0, 2.0.0' },
      env: [],
      function: 'f',
    };
    expect(sourceHash().diffManifests(MANIFEST, after)).toEqual([
      { what: 'file', name: 'a.ts', how: 'removed', before: '1' },
      { what: 'file', name: 'b.ts', how: 'changed', before: '2', after: '3' },
      { what: 'file', name: 'c.ts', how: 'added', after: '4' },
      { what: 'asset', name: 'x.txt', how: 'removed', before: '1' },
      { what: 'package', name: 'dep', how: 'changed', before: '1.0.0', after: '1.0.0, 2.0.0' },
      { what: 'function', name: 'function', how: 'added', after: 'f' },
      { what: 'algorithm', name: 'algorithm', how: 'changed', before: 'source-hash/1', after: 'source-hash/2' },
      { what: 'node', name: 'node', how: 'changed', before: '20', after: '22' },
      { what: 'env', name: 'MODEL', how: 'removed', before: 'read' },
    ]);
  });

  test('nothing that can be shown when they are no manifests', () => {
    for (const other of [null, 1, 'x', [], { files: 1, packages: null, env: {}, assets: [1] }]) {
      expect(diffManifests(other, other)).toEqual([]);
      expect(diffManifests(MANIFEST, other)).not.toEqual([]);
    }
  });
});
