import type { CodeVersion, OpVersionContext } from '@memo/core/plugin';
import { describe, expect, test } from 'vitest';
import { type SourceHashManifest, type SourceHashOptions, sourceHash } from '../src/index.ts';
import { loads } from './fixtures/program/loads.ts';
import { imported, plain } from './fixtures/program/plain.ts';

function versionOf(context: OpVersionContext, options?: SourceHashOptions): CodeVersion {
  return sourceHash(options).getOpVersion(context);
}

const kinds = ({ uncertain = [] }: CodeVersion): readonly string[] => uncertain.map(({ kind }) => kind);
const manifestOf = ({ manifest }: CodeVersion): SourceHashManifest => manifest as unknown as SourceHashManifest;

describe('overrides by the names of ops', () => {
  const exclude = ['double.ts#double'];

  test('hold for the ops that they name, beside what is declared for all', () => {
    const versions = sourceHash({ ops: { 'pl*': { exclude }, other: {}, imported: {} } }).getVersions([
      plain,
      imported,
    ]);
    expect(versions.map(({ certainty }) => certainty)).toEqual(['assumed', 'exact']);
    expect(versions[0]?.version).toBe(versionOf(plain, { exclude }).version);
    expect(versions[1]).toEqual(versionOf(imported));
    const both = versionOf(plain, { include: ['seed.ts'], ops: { plain: { exclude }, '*': { include: ['made.ts'] } } });
    expect(Object.keys(manifestOf(both).assets)).toEqual(expect.arrayContaining(['seed.ts', 'made.ts']));
    expect(manifestOf(both)).toMatchObject({ declared: ['exclude double.ts#double'] });
    expect(both.version).toBe(versionOf(plain, { include: ['seed.ts', 'made.ts'], exclude }).version);
  });

  test('say so when they name no op', () => {
    const versions = sourceHash({ ops: { plane: { exclude }, plain: {} } }).getVersions([plain, imported]);
    expect(versions.map(kinds)).toEqual([['unmatched-override'], []]);
    expect(versions[0]).toMatchObject({ ...versionOf(plain), uncertain: expect.anything() });
  });
});

describe('a declaration', () => {
  test('is in the manifest, and a change of it is a reason', () => {
    const strategy = sourceHash({ exclude: ['double.ts'] });
    const [before, after] = [versionOf(plain), strategy.getOpVersion(plain)];
    expect(before.manifest).not.toHaveProperty('declared');
    expect(after.version).not.toBe(before.version);
    expect(manifestOf(after)).toMatchObject({ declared: ['exclude double.ts'], uncertain: ['declared-irrelevant'] });
    expect(strategy.diffManifests(before.manifest ?? null, after.manifest ?? null)).toContainEqual({
      what: 'declaration',
      name: 'exclude double.ts',
      how: 'added',
    });
  });

  test('of purity answers for what is asked while modules are loaded', () => {
    expect(versionOf(loads).certainty).toBe('untrackable');
    const pure = versionOf(loads, { assumePure: ['seed.ts#readSeed'], onUntrackable: 'error' });
    expect(pure).toMatchObject({ certainty: 'assumed', manifest: { declared: ['assumePure seed.ts#readSeed'] } });
  });

  test('that names nothing leaves version and certainty alone', () => {
    const version = versionOf(plain, { exclude: ['gone.ts'], assumePure: ['package:gone'] });
    expect(kinds(version)).toEqual(['unmatched-override', 'unmatched-override']);
    expect(version).toMatchObject({ version: versionOf(plain).version, certainty: 'exact' });
  });

  test('does not take the code of the op itself away', () => {
    const version = versionOf(plain, { exclude: ['**'] });
    expect(manifestOf(version).files).toMatchObject({ 'plain.ts': { plain: { via: ['plain'] } } });
  });
});

describe('what is included', () => {
  test('by a glob are the files that it matches', () => {
    const version = versionOf(plain, { include: ['s*.ts', '**/*.json'] });
    expect(version.version).not.toBe(versionOf(plain).version);
    expect(Object.keys(manifestOf(version).assets)).toEqual(['package.json', 'seed.ts']);
    expect(version.loadsLate).toBe(true);
  });

  test('by its name is a package with its versions', () => {
    const version = versionOf(plain, { include: ['package:fast-check'] });
    expect(version).toMatchObject({ certainty: 'exact', loadsLate: true });
    expect(version.version).not.toBe(versionOf(plain).version);
    expect(manifestOf(version).packages).toMatchObject({ 'fast-check': expect.stringMatching(/^\d/) });
  });

  test.each(['gone/*.txt', 'package:gone', 'gone.txt'])('and is not there is reported: %s', (entry) => {
    expect(kinds(versionOf(plain, { include: [entry] }))).toEqual(['unresolved-import']);
  });
});

describe('wrong overrides', () => {
  test.each([
    { include: [''] },
    { exclude: 'a' },
    { exclude: ['a#'] },
    { assumePure: ['package:'] },
    { ops: [] },
    { ops: { a: [] } },
    { ops: { a: { exlude: [] } } },
    { ops: { a: { exclude: [1] } } },
  ])('%j', (options) => {
    expect(() => Reflect.apply(sourceHash, undefined, [options])).toThrow(TypeError);
  });
});
