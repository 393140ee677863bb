import { join } from 'node:path';
import type { CodeChange, Json } from '@memo/core/plugin';
import { describe, expect, test } from 'vitest';
import { explainManifests } from '../src/explanation.ts';
import { gitVersion } from '../src/index.ts';
import { isolateGit, loggedGit, versionOf } from './support/asking.ts';
import { gitIn, TestRepository, temporaryDirectory, testRepository } from './support/repository.ts';

isolateGit();

const FILES = { 'src/main.mjs': 'export const a = 1;\n', 'src/other.mjs': 'export const b = 1;\n' };
const CODE = ['src/main.mjs', 'src/other.mjs'];

async function manifestOf(repository: TestRepository, files: readonly string[] = CODE): Promise<Json> {
  return (await versionOf(repository, files)).manifest ?? null;
}

function told(repository: TestRepository, before: Json, after: Json, git = 'git'): readonly CodeChange[] {
  return explainManifests(before, after, { git, roots: [repository.root] });
}

describe('a change', () => {
  test('names files with the commits that their contents came from, and the dates of their authors', async () => {
    const repository = testRepository();
    const first = repository.commit(FILES, '2026-02-20');
    const before = await manifestOf(repository);
    repository.commit({ 'src/other.mjs': 'export const b = 2;\n' }, '2026-02-25');
    const last = repository.commit({ 'src/main.mjs': 'export const a = 2;\n' }, '2026-03-02');
    repository.commit({ 'README.md': 'later' }, '2026-03-09');
    const [main] = told(repository, before, await manifestOf(repository));
    expect(main).toEqual({
      what: 'file',
      name: 'src/main.mjs',
      how: 'changed',
      before: `${first.slice(0, 7)} 2026-02-20`,
      after: `${last.slice(0, 7)} 2026-03-02`,
    });
  });

  test('says what no commit has', async () => {
    const repository = testRepository(FILES);
    const before = await manifestOf(repository);
    repository.write({ 'src/main.mjs': 'export const a = 3;\n' });
    expect(told(repository, before, await manifestOf(repository))).toMatchObject([{ after: 'uncommitted' }]);
  });

  test('is told the same after the content was committed', async () => {
    const repository = testRepository(FILES);
    const before = await manifestOf(repository);
    repository.write({ 'src/main.mjs': 'export const a = 3;\n' });
    const dirty = await manifestOf(repository);
    repository.commit();
    const after = await manifestOf(repository);
    expect(told(repository, dirty, after)).toEqual([]);
    expect(told(repository, before, after)).toHaveLength(1);
  });

  test('of a path with the same content is a move; files come and go', async () => {
    const repository = testRepository(FILES);
    const before = await manifestOf(repository);
    repository.git(['mv', 'src/other.mjs', 'src/moved.mjs']);
    repository.commit({ 'src/new.mjs': 'export const n = 1;\n' });
    const after = await manifestOf(repository, ['src/main.mjs', 'src/moved.mjs', 'src/new.mjs']);
    expect(told(repository, before, after)).toMatchObject([
      { name: 'src/moved.mjs', how: 'changed', before: 'src/other.mjs', after: 'src/moved.mjs' },
      { name: 'src/new.mjs', how: 'added' },
    ]);
    expect(told(repository, after, before)).toMatchObject([
      { name: 'src/new.mjs', how: 'removed' },
      { name: 'src/other.mjs', how: 'changed', before: 'src/moved.mjs' },
    ]);
  });

  test('of which a shallow clone lacks the history names the contents', async () => {
    const repository = testRepository(FILES);
    const before = await manifestOf(repository);
    const last = repository.commit({ 'src/main.mjs': 'export const a = 2;\n' }, '2026-03-02');
    const shallow = new TestRepository(join(temporaryDirectory(), 'shallow'));
    gitIn(repository.root, ['clone', '-q', '--depth=1', `file://${repository.root}`, shallow.root]);
    expect(told(shallow, before, await manifestOf(shallow))).toMatchObject([
      { before: expect.stringMatching(/^[0-9a-f]{7}$/), after: `${last.slice(0, 7)} 2026-03-02` },
    ]);
  });

  test('of a submodule is told by its own commits', async () => {
    const library = testRepository({ 'lib.mjs': 'export const l = 1;\n' });
    const repository = testRepository(FILES);
    repository.git(['submodule', '--quiet', 'add', library.root, 'vendor/lib']);
    repository.commit();
    const files = ['src/main.mjs', 'vendor/lib/lib.mjs'];
    const before = await manifestOf(repository, files);
    const inside = new TestRepository(repository.path('vendor/lib'));
    const last = inside.commit({ 'lib.mjs': 'export const l = 2;\n' }, '2026-03-02');
    expect(told(repository, before, await manifestOf(repository, files))).toMatchObject([
      { name: 'vendor/lib/lib.mjs', after: `${last.slice(0, 7)} 2026-03-02` },
    ]);
  });

  test('of packages, of Node and of what imports lead to is told without git', () => {
    const manifest = {
      algorithm: 'git/1',
      node: '20',
      files: {},
      commits: {},
      packages: { dep: '1.0.0' },
      surroundings: 'a',
    };
    const look = (edit: object): readonly CodeChange[] =>
      explainManifests(manifest, { ...manifest, ...edit }, { git: '/nowhere', roots: [] });
    expect(look({ packages: { dep: '1.0.1' } })).toEqual([
      { what: 'package', name: 'dep', how: 'changed', before: '1.0.0', after: '1.0.1' },
    ]);
    expect(look({ node: '22' })).toMatchObject([{ what: 'node', before: '20', after: '22' }]);
    expect(look({ surroundings: 'b' })).toMatchObject([{ what: 'surroundings', how: 'changed' }]);
  });
});

describe('manifests', () => {
  test('of any shape are taken, because stores are not trusted', () => {
    const strategy = gitVersion();
    for (const wrong of [null, 1, 'a', [], { files: [] }, { files: { a: 1 } }, { files: null, commits: 5 }] as Json[]) {
      expect(strategy.diffManifests(wrong, wrong)).toEqual([]);
    }
  });

  test('reach no command line but as commits and as paths', async () => {
    const repository = testRepository(FILES);
    const { git, lines } = loggedGit();
    const hostile = (id: string): Json => ({
      files: { '--output=stolen': id, '../../outside': id, 'src/main.mjs': id },
      commits: { '.': '--output=stolen', '../elsewhere': 'a'.repeat(40) },
    });
    told(repository, hostile('a'), hostile('b'), git);
    expect(lines().filter((line) => line.includes('stolen'))).toEqual([]);
  });

  test('ask git once for many files', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `src/${index}.mjs`);
    const repository = testRepository(Object.fromEntries(names.map((name) => [name, name])));
    const before = await manifestOf(repository, names);
    repository.commit(Object.fromEntries(names.map((name) => [name, `${name} edited`])));
    const after = await manifestOf(repository, names);
    const { git, lines } = loggedGit();
    const changes = told(repository, before, after, git);
    expect(changes).toHaveLength(50);
    expect(new Set(changes.map(({ after: commit }) => commit)).size).toBe(1);
    expect(lines()).toHaveLength(1);
  });
});

describe('wrong options', () => {
  test.each([
    { scope: 'files' },
    { scope: { paths: ['/etc'] } },
    { scope: { paths: 'src' } },
    { dirty: 'maybe' },
    { ignore: 'src' },
    { submodules: 1 },
    { filters: true },
    { git: '' },
    { tsconfig: 1 },
    { cache: true },
  ])('%j', (options) => {
    expect(() => Reflect.apply(gitVersion, undefined, [options])).toThrow(TypeError);
  });
});
