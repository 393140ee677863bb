import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { filesOf, isolateGit, versionOf } from './support/asking.ts';
import { gitIn, TestRepository, temporaryDirectory, testRepository } from './support/repository.ts';

isolateGit();

const FILES = { 'src/main.mjs': 'export const a = 1;\n', 'src/other.mjs': 'export const b = 2;\n' };
const MAIN = ['src/main.mjs'];

describe('a repository', () => {
  test('without commits names files by their contents', async () => {
    const fresh = testRepository();
    fresh.write(FILES);
    const before = await filesOf(fresh, MAIN);
    expect(before).toMatchObject({ commits: {}, set: { uncommitted: [fresh.path('src/main.mjs')] } });
    fresh.commit();
    expect((await filesOf(fresh, MAIN)).set.digest).toBe(before.set.digest);
  });

  test('that is shallow answers as the whole one', async () => {
    const repository = testRepository(FILES);
    repository.commit({ 'src/other.mjs': 'export const b = 3;\n' });
    const shallow = join(temporaryDirectory(), 'shallow');
    gitIn(repository.root, ['clone', '-q', '--depth=1', `file://${repository.root}`, shallow]);
    const [whole, cut] = [await filesOf(repository, MAIN), await filesOf(new TestRepository(shallow), MAIN)];
    const { digest, files } = whole.set;
    expect({ ...cut, set: { digest: cut.set.digest, files: cut.set.files } }).toEqual({
      ...whole,
      base: shallow,
      set: { digest, files },
    });
    expect([cut.set.uncommitted, cut.set.roots, cut.set.findings]).toEqual([[], [shallow], []]);
  });

  test('whose HEAD is detached, on another branch or in a rebase answers by the contents', async () => {
    const repository = testRepository(FILES);
    const { version } = await versionOf(repository, MAIN);
    repository.git(['checkout', '-q', '--detach']);
    expect((await versionOf(repository, MAIN)).version).toBe(version);
    repository.git(['checkout', '-q', '-b', 'side']);
    repository.commit({ 'src/main.mjs': 'export const a = "side";\n' });
    repository.git(['checkout', '-q', 'main']);
    repository.commit({ 'src/main.mjs': 'export const a = "main";\n' });
    expect(() => repository.git(['rebase', 'side'])).toThrow();
    // The conflict is in the file, and no commit has that.
    const inRebase = await filesOf(repository, MAIN);
    expect(inRebase.set.uncommitted).toEqual([repository.path('src/main.mjs')]);
    repository.git(['rebase', '--abort']);
    expect((await filesOf(repository, MAIN)).set.digest).not.toBe(inRebase.set.digest);
  });

  test('that names its objects by SHA-256 is read by them', async () => {
    const repository = testRepository(FILES, ['--object-format=sha256']);
    const { set, commits } = await filesOf(repository, MAIN);
    expect(commits['.']).toHaveLength(64);
    expect(set.uncommitted).toEqual([]);
  });

  test('is the one that the file is in, whatever the variables of a hook say', async () => {
    const repository = testRepository(FILES);
    const other = testRepository({ 'src/main.mjs': 'other' });
    const before = await filesOf(repository, MAIN);
    vi.stubEnv('GIT_DIR', other.path('.git'));
    vi.stubEnv('GIT_WORK_TREE', other.root);
    vi.stubEnv('GIT_INDEX_FILE', other.path('.git/index'));
    vi.stubEnv('GIT_OBJECT_DIRECTORY', other.path('.git/objects'));
    expect(await filesOf(repository, MAIN)).toEqual(before);
  });

  test('may have replaced objects: the real ones count', async () => {
    const repository = testRepository(FILES);
    const before = await filesOf(repository, MAIN);
    repository.commit({ 'src/main.mjs': 'export const a = 2;\n' });
    repository.git(['replace', 'HEAD', 'HEAD~1']);
    const after = await filesOf(repository, MAIN);
    expect(after.set.uncommitted).toEqual([]);
    expect(after.set.digest).not.toBe(before.set.digest);
  });
});

describe('a work tree', () => {
  test('that is linked to another answers as the first, by its own commit', async () => {
    const repository = testRepository(FILES);
    const linked = new TestRepository(join(temporaryDirectory(), 'linked'));
    repository.git(['worktree', 'add', '-q', '-b', 'side', linked.root]);
    expect((await versionOf(linked, MAIN)).version).toBe((await versionOf(repository, MAIN)).version);
    linked.write({ 'src/main.mjs': 'export const a = 5;\n' });
    linked.git(['commit', '-qam', 'side']);
    expect((await filesOf(linked, MAIN)).set.uncommitted).toEqual([]);
    expect((await versionOf(linked, MAIN)).version).not.toBe((await versionOf(repository, MAIN)).version);
  });

  test('that is sparse has the same version for what is there', async () => {
    const repository = testRepository({ ...FILES, 'data/rows.csv': '1\n' });
    const { version } = await versionOf(repository, MAIN);
    repository.git(['sparse-checkout', 'set', 'src']);
    expect((await versionOf(repository, MAIN)).version).toBe(version);
  });

  test('that is sparse is not the whole commit: a file that is not there is no file', async () => {
    const repository = testRepository({ ...FILES, 'data/rows.csv': '1\n' });
    const whole = await filesOf(repository, MAIN, { scope: 'commit' });
    repository.git(['sparse-checkout', 'set', 'src']);
    const sparse = await filesOf(repository, MAIN, { scope: 'commit' });
    expect(sparse.set.digest).not.toBe(whole.set.digest);
    expect(sparse.set.uncommitted).toEqual([repository.path('data/rows.csv')]);
  });

  test('with submodules names their files by their own commits', async () => {
    const library = testRepository({ 'lib.mjs': 'export const l = 1;\n' });
    const repository = testRepository(FILES);
    repository.git(['submodule', '--quiet', 'add', library.root, 'vendor/lib']);
    repository.commit();
    const inside = new TestRepository(repository.path('vendor/lib'));
    const files = ['src/main.mjs', 'vendor/lib/lib.mjs'];
    const clean = await filesOf(repository, files);
    expect(clean.set.uncommitted).toEqual([]);
    expect(Object.keys(clean.commits)).toEqual(['.', 'vendor/lib']);
    inside.write({ 'lib.mjs': 'export const l = 2;\n' });
    const dirty = await filesOf(repository, files);
    expect(dirty.set.uncommitted).toEqual([repository.path('vendor/lib/lib.mjs')]);
    expect(dirty.set.digest).not.toBe(clean.set.digest);
  });
});

describe('file names', () => {
  const ODD = [
    'with space.mjs',
    'quo"te\'s.mjs',
    'new\nline.mjs',
    'tab\t.mjs',
    'ümläut-😀.mjs',
    '-dash.mjs',
    ':colon.mjs',
    'star*[a].mjs',
    'back\\slash.mjs',
  ];

  test.each(ODD)('%j is clean, then dirty, then what git says', async (name) => {
    const repository = testRepository({ ...FILES, [`src/${name}`]: '1\n' });
    repository.write({ '.gitattributes': '* text=auto\n' });
    const file = `src/${name}`;
    expect((await filesOf(repository, [file])).set.uncommitted).toEqual([]);
    repository.write({ [file]: '2\n' });
    const { set } = await filesOf(repository, [file]);
    const id = repository.git(['hash-object', '--', repository.path(file)]).trim();
    expect(set.files).toEqual({ [file]: `${id.slice(0, 16)}+` });
  });

  test('that are no UTF-8 count byte by byte in scopes beyond imports', async () => {
    const repository = testRepository(FILES);
    const name = Buffer.concat([Buffer.from(`${repository.root}/data-`), Buffer.of(0xff, 0xfe)]);
    writeFileSync(name, 'one');
    repository.commit();
    const before = await filesOf(repository, MAIN, { scope: 'commit' });
    expect(before.set.uncommitted).toEqual([]);
    expect(Object.keys(before.set.files)).toContain('data-\\xff\\xfe');
    writeFileSync(name, 'two');
    const after = await filesOf(repository, MAIN, { scope: 'commit' });
    expect(after.set.digest).not.toBe(before.set.digest);
    expect(after.set.uncommitted).toHaveLength(1);
  });

  test('that differ in case only keep apart', async () => {
    const repository = testRepository({ 'src/a.mjs': 'one', 'src/A.mjs': 'two' });
    repository.git(['config', 'core.ignorecase', 'true']);
    const { set } = await filesOf(repository, ['src/a.mjs', 'src/A.mjs']);
    expect(set.uncommitted).toEqual([]);
    expect(new Set(Object.values(set.files)).size).toBe(2);
  });
});

describe('no repository', () => {
  test('is an error that names the file and the remedies', async () => {
    const plain = new TestRepository(temporaryDirectory());
    plain.write(FILES);
    await expect(filesOf(plain, MAIN)).rejects.toMatchObject({
      code: 'M4021',
      place: { file: plain.path('src/main.mjs') },
      fix: expect.stringContaining('firstOf(gitVersion(), sourceHash())'),
    });
  });

  test('nor git is an error that names the program', async () => {
    const repository = testRepository(FILES);
    const git = '/nowhere/git';
    await expect(filesOf(repository, MAIN, { git })).rejects.toMatchObject({ code: 'M4020', details: { git } });
  });

  test('that git can read is an error with its words', async () => {
    const repository = testRepository(FILES);
    rmSync(repository.path('.git/HEAD'));
    await expect(filesOf(repository, MAIN)).rejects.toMatchObject({
      code: 'M4022',
      because: expect.stringContaining('not a git repository'),
    });
  });

  test('of another work tree is taken for that of a file', async () => {
    const repository = testRepository(FILES);
    repository.git(['config', 'core.worktree', '/']);
    await expect(filesOf(repository, MAIN)).rejects.toMatchObject({ code: 'M4022' });
  });

  test('of which objects are lost is an error, not another version', async () => {
    const repository = testRepository(FILES);
    renameSync(repository.path('.git/objects'), repository.path('.git/lost'));
    mkdirSync(repository.path('.git/objects'));
    await expect(filesOf(repository, MAIN)).rejects.toMatchObject({ code: 'M4022' });
  });
});

describe('symbolic links', () => {
  test('count as what they are in scopes beyond imports, and are reported when they lead out', async () => {
    const repository = testRepository({ ...FILES, 'data/rows.csv': '1\n' });
    symlinkSync('rows.csv', repository.path('data/inside.csv'));
    symlinkSync('/etc/hostname', repository.path('data/outside.csv'));
    symlinkSync('nowhere', repository.path('data/dangling.csv'));
    repository.commit();
    const { set } = await filesOf(repository, MAIN, { scope: 'commit' });
    expect(set.uncommitted).toEqual([]);
    expect(set.findings).toMatchObject([
      { kind: 'symbolic-link', place: { file: repository.path('data/outside.csv') } },
    ]);
    rmSync(repository.path('data/inside.csv'));
    symlinkSync('nowhere', repository.path('data/inside.csv'));
    expect((await filesOf(repository, MAIN, { scope: 'commit' })).set.digest).not.toBe(set.digest);
  });
});
