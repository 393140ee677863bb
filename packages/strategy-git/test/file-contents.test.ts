import { linkSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesOf, isolateGit, versionOf } from './support/asking.ts';
import { gitIn, temporaryDirectory, testRepository } from './support/repository.ts';

isolateGit();

const FILES = { 'src/main.mjs': 'export const a = 1;\n', 'src/other.mjs': 'export const b = 2;\n' };
const MAIN = ['src/main.mjs'];

describe('a file', () => {
  test('is named by the id that git gives it, and clean as long as the commit has it', async () => {
    const repository = testRepository(FILES);
    const { set, commits } = await filesOf(repository, ['src/main.mjs', 'src/other.mjs']);
    const id = (file: string): string => repository.git(['rev-parse', `HEAD:${file}`]).slice(0, 16);
    expect(set.files).toEqual({ 'src/main.mjs': id('src/main.mjs'), 'src/other.mjs': id('src/other.mjs') });
    expect(set.uncommitted).toEqual([]);
    expect(commits).toEqual({ '.': repository.git(['rev-parse', 'HEAD']).trim() });
  });

  test('that is edited is another version, and the same content committed is the same version', async () => {
    const repository = testRepository(FILES);
    const clean = await versionOf(repository, MAIN);
    repository.write({ 'src/main.mjs': 'export const a = 2;\n' });
    const dirty = await versionOf(repository, MAIN);
    expect(dirty.version).not.toBe(clean.version);
    repository.git(['add', '-A']);
    expect((await versionOf(repository, MAIN)).version).toBe(dirty.version);
    repository.commit();
    expect((await versionOf(repository, MAIN)).version).toBe(dirty.version);
    repository.write({ 'src/main.mjs': FILES['src/main.mjs'] });
    expect((await versionOf(repository, MAIN)).version).toBe(clean.version);
  });

  test('of which no op is made changes nothing', async () => {
    const repository = testRepository(FILES);
    const { version } = await versionOf(repository, MAIN);
    repository.commit({ 'src/other.mjs': 'export const b = 3;\n', 'README.md': 'read me' });
    expect((await versionOf(repository, MAIN)).version).toBe(version);
  });

  test('that is untracked, ignored or generated counts by its content, and keeps its version when it is committed', async () => {
    const repository = testRepository({ ...FILES, '.gitignore': '*.gen.mjs\n' });
    repository.write({ 'src/new.mjs': 'export const n = 1;\n', 'src/made.gen.mjs': 'export const g = 1;\n' });
    const files = ['src/main.mjs', 'src/new.mjs', 'src/made.gen.mjs'];
    const before = await filesOf(repository, files);
    expect(before.set.uncommitted).toEqual([repository.path('src/made.gen.mjs'), repository.path('src/new.mjs')]);
    repository.git(['add', '-f', 'src/new.mjs', 'src/made.gen.mjs']);
    repository.commit();
    const after = await filesOf(repository, files);
    expect(after.set.digest).toBe(before.set.digest);
    expect(after.set.uncommitted).toEqual([]);
    repository.write({ 'src/made.gen.mjs': 'export const g = 2;\n' });
    expect((await filesOf(repository, files)).set.digest).not.toBe(before.set.digest);
  });

  test('outside of all repositories counts by its content', async () => {
    const repository = testRepository(FILES);
    const outside = join(temporaryDirectory(), 'outside.mjs');
    writeFileSync(outside, 'export const o = 1;\n');
    const before = await filesOf(repository, ['src/main.mjs', outside]);
    expect(before.set.uncommitted).toEqual([outside]);
    writeFileSync(outside, 'export const o = 2;\n');
    expect((await filesOf(repository, ['src/main.mjs', outside])).set.digest).not.toBe(before.set.digest);
  });

  test.each([
    ['assumed unchanged', ['update-index', '--assume-unchanged', 'src/main.mjs']],
    ['skipped in the work tree', ['update-index', '--skip-worktree', 'src/main.mjs']],
  ])('that git takes for clean because it is %s is seen when it is edited', async (_, args) => {
    const repository = testRepository(FILES);
    repository.git(args);
    const { version } = await versionOf(repository, MAIN);
    repository.write({ 'src/main.mjs': 'export const a = 7;\n' });
    expect(repository.git(['status', '--porcelain'])).toBe('');
    expect((await versionOf(repository, MAIN)).version).not.toBe(version);
  });

  test('that is edited at the same time and size is seen, though git compares little', async () => {
    const repository = testRepository(FILES);
    for (const [name, value] of Object.entries({ trustctime: 'false', checkStat: 'minimal' }))
      repository.git(['config', `core.${name}`, value]);
    const { version } = await versionOf(repository, MAIN);
    const { atime, mtime } = statSync(repository.path('src/main.mjs'));
    repository.write({ 'src/main.mjs': 'export const a = 7;\n' });
    utimesSync(repository.path('src/main.mjs'), atime, mtime);
    expect((await versionOf(repository, MAIN)).version).not.toBe(version);
  });

  test('that only has other permissions, or another commit above it, is the same', async () => {
    const repository = testRepository(FILES);
    const { version } = await versionOf(repository, MAIN);
    repository.git(['update-index', '--chmod=+x', 'src/main.mjs']);
    repository.git(['commit', '-qm', 'executable']);
    expect((await versionOf(repository, MAIN)).version).toBe(version);
  });

  test('that was renamed is another version: its place is visible to code', async () => {
    const repository = testRepository(FILES);
    const { version } = await versionOf(repository, MAIN);
    repository.git(['mv', 'src/main.mjs', 'src/moved.mjs']);
    expect((await versionOf(repository, ['src/moved.mjs'])).version).not.toBe(version);
  });

  test('has one version in every checkout, wherever it is', async () => {
    const repository = testRepository(FILES);
    const elsewhere = join(temporaryDirectory(), 'deeper', 'copy');
    gitIn(repository.root, ['clone', '-q', repository.root, elsewhere]);
    const { version } = await versionOf(repository, MAIN);
    expect((await versionOf(repository, [join(elsewhere, 'src/main.mjs')])).version).toBe(version);
  });

  test('is committed when the commit has it under the other case of a file system that knows none', async () => {
    const repository = testRepository({ 'src/Main.mjs': 'export const a = 1;\n' });
    // What such a file system answers: both names lead to one file.
    linkSync(repository.path('src/Main.mjs'), repository.path('src/main.mjs'));
    repository.git(['config', 'core.ignorecase', 'true']);
    expect((await filesOf(repository, MAIN)).set.uncommitted).toEqual([]);
    repository.write({ 'src/main.mjs': null });
    repository.write({ 'src/main.mjs': 'export const a = 1;\n' });
    expect((await filesOf(repository, MAIN)).set.uncommitted).toEqual([repository.path('src/main.mjs')]);
  });
});

describe('what is not committed', () => {
  test('is refused where the policy says so, with all its files', async () => {
    const repository = testRepository(FILES);
    const strict = { dirty: 'error' } as const;
    await expect(versionOf(repository, MAIN, strict)).resolves.toMatchObject({ certainty: 'exact' });
    repository.write({ 'src/main.mjs': 'edited', 'src/new.mjs': 'new' });
    await expect(versionOf(repository, ['src/main.mjs', 'src/new.mjs'], strict)).rejects.toMatchObject({
      code: 'M4023',
      details: { files: [repository.path('src/main.mjs'), repository.path('src/new.mjs')] },
    });
    repository.git(['add', 'src/main.mjs']);
    await expect(versionOf(repository, MAIN, strict)).rejects.toMatchObject({ code: 'M4023' });
  });

  test('makes the op run always where the policy says so', async () => {
    const repository = testRepository(FILES);
    expect((await versionOf(repository, MAIN, { dirty: 'always-run' })).volatile).toBeUndefined();
    repository.write({ 'src/main.mjs': 'edited' });
    expect((await versionOf(repository, MAIN, { dirty: 'always-run' })).volatile).toBe(true);
    expect((await versionOf(repository, MAIN)).volatile).toBeUndefined();
  });
});
