import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeVersion } from '../src/code-version.ts';
import { matching } from '../src/path-pattern.ts';
import { scopeFiles } from '../src/scope-files.ts';
import type { Snapshot } from '../src/snapshot.ts';
import { CONTEXT, closureOf, filesOf, isolateGit, loggedGit, type Policy, versionOf } from './support/asking.ts';
import { type Files, TestRepository, temporaryDirectory, testRepository } from './support/repository.ts';

isolateGit();

const FILES = {
  '.gitignore': '*.log\n',
  'README.md': 'read me\n',
  'packages/a/package.json': '{}\n',
  'packages/a/src/main.mjs': 'export const a = 1;\n',
  'packages/a/prompts/ask.txt': 'ask\n',
  'packages/b/src/other.mjs': 'export const b = 1;\n',
};
const texts: ReadonlyMap<string, string> = new Map(Object.entries(FILES));
const MAIN = 'packages/a/src/main.mjs';

/** Which of some edits change the version. */
async function noticed(policy: Policy, edits: Readonly<Record<string, Files>>): Promise<readonly string[]> {
  const repository = testRepository(FILES);
  const digest = async (): Promise<string> => (await filesOf(repository, [MAIN], policy)).set.digest;
  const before = await digest();
  const seen: string[] = [];
  for (const [name, files] of Object.entries(edits)) {
    repository.write(files);
    if ((await digest()) !== before) seen.push(name);
    repository.write(Object.fromEntries(Object.keys(files).map((file) => [file, texts.get(file) ?? null])));
  }
  return seen;
}

const EDITS: Readonly<Record<string, Files>> = {
  code: { [MAIN]: 'export const a = 2;\n' },
  prompt: { 'packages/a/prompts/ask.txt': 'tell\n' },
  'new file of the package': { 'packages/a/new.txt': 'new\n' },
  'deleted file of the package': { 'packages/a/prompts/ask.txt': null },
  'ignored file of the package': { 'packages/a/run.log': 'log\n' },
  'other package': { 'packages/b/src/other.mjs': 'export const b = 2;\n' },
  'root file': { 'README.md': 'edited\n' },
};
const PACKAGE = ['code', 'prompt', 'new file of the package', 'deleted file of the package'];

describe('the scope', () => {
  test.each([
    ['imports', ['code']],
    ['package', PACKAGE],
    ['commit', [...PACKAGE, 'other package', 'root file']],
    [{ paths: ['src', 'prompts/*.txt'] }, ['code', 'prompt', 'deleted file of the package']],
    [{ paths: ['**', 'run.log'] }, [...PACKAGE, 'ignored file of the package']],
    [{ paths: ['../../README.md', 'src/**'] }, ['code', 'root file']],
    [{ paths: ['prompts'] }, ['prompt', 'deleted file of the package']],
  ] as const)('%j notices %j', async (scope, expected) => {
    expect(await noticed({ scope }, EDITS)).toEqual(expected);
  });

  test.each(['package', 'commit'] as const)('%s covers what is imported from anywhere else', async (scope) => {
    const repository = testRepository(FILES);
    const files = [MAIN, 'packages/b/src/other.mjs', 'packages/a/src/made.log'];
    repository.write({ 'packages/a/src/made.log': '1' });
    const before = await filesOf(repository, files, { scope });
    for (const file of files) {
      repository.write({ [file]: 'edited' });
      expect((await filesOf(repository, files, { scope })).set.digest).not.toBe(before.set.digest);
      repository.git(['checkout', '-q', '.']);
      repository.write({ 'packages/a/src/made.log': '1' });
    }
  });

  test('that leaves code of the op out says so', async () => {
    const repository = testRepository(FILES);
    const files = [MAIN, 'packages/b/src/other.mjs'].map((file) => repository.path(file));
    const version = await versionOf(repository, files, { scope: { paths: ['src'] } });
    expect(version).toMatchObject({
      certainty: 'assumed',
      uncertain: [{ kind: 'outside-scope', place: { file: repository.path('packages/b/src/other.mjs') } }],
    });
  });

  test('with a path at which nothing is says so, and notices when it appears', async () => {
    const repository = testRepository(FILES);
    const scope = { paths: ['src', 'gone.txt'] };
    const before = await versionOf(repository, [MAIN], { scope });
    expect(before).toMatchObject({ certainty: 'untrackable', uncertain: [{ kind: 'no-such-path' }] });
    repository.write({ 'packages/a/gone.txt': 'here' });
    const after = await versionOf(repository, [MAIN], { scope });
    expect(after.certainty).toBe('exact');
    expect(after.version).not.toBe(before.version);
  });

  test('beyond imports is asked about again after an op ran', async () => {
    const repository = testRepository(FILES);
    expect((await versionOf(repository, [MAIN])).loadsLate).toBeUndefined();
    expect((await versionOf(repository, [MAIN], { scope: 'package' })).loadsLate).toBe(true);
  });

  test('beyond imports has files that were loaded under the same rule as code', async () => {
    const repository = testRepository(FILES);
    const { set } = await filesOf(repository, [MAIN], { scope: 'package' });
    // They are newer than this process.
    expect(set.edited).toEqual([
      repository.path('packages/a/package.json'),
      repository.path('packages/a/prompts/ask.txt'),
    ]);
    const files = { base: repository.root, set, commits: {} };
    const policy = { scope: 'package', dirty: 'hash', onUntrackable: 'warn' } as const;
    expect(() => codeVersion({ context: CONTEXT, closure: closureOf([MAIN]), files }, policy)).toThrow(
      expect.objectContaining({ code: 'M4007', details: { name: 'op main', files: set.edited } }),
    );
  });

  test('may not leave the repository', async () => {
    const repository = testRepository(FILES);
    await expect(filesOf(repository, [MAIN], { scope: { paths: ['../../../x'] } })).rejects.toThrow(TypeError);
  });

  test('costs one more git process, also for many packages and ops', async () => {
    const repository = testRepository(FILES);
    const { git, lines } = loggedGit();
    await filesOf(repository, [MAIN, 'packages/b/src/other.mjs'], { git, scope: 'commit' });
    // The tree twice: of the directories with code, and whole.
    expect(lines().map((line) => /(rev-parse|ls-tree|ls-files)/.exec(line)?.[0])).toEqual([
      'ls-files',
      'rev-parse',
      'ls-tree',
      'ls-tree',
    ]);
  });
});

describe('what is ignored', () => {
  test('does not count, and is reported where it is code', async () => {
    expect(await noticed({ scope: 'commit', ignore: ['prompts', '../b/**'] }, EDITS)).toEqual([
      'code',
      'new file of the package',
      'root file',
    ]);
    const repository = testRepository(FILES);
    expect(await versionOf(repository, [MAIN], { ignore: ['src/*.mjs'] })).toMatchObject({
      certainty: 'assumed',
      uncertain: [{ kind: 'ignored-code' }],
    });
  });
});

describe('submodules in a scope', () => {
  function withSubmodule(): { readonly repository: TestRepository; readonly inside: TestRepository } {
    const library = testRepository({ 'lib.txt': '1\n' });
    const repository = testRepository(FILES);
    repository.git(['submodule', '--quiet', 'add', library.root, 'vendor/lib']);
    repository.commit();
    return { repository, inside: new TestRepository(repository.path('vendor/lib')) };
  }

  test('count file by file, dirty and untracked ones too', async () => {
    const { repository, inside } = withSubmodule();
    const digests = new Set<string>();
    const look = async (): Promise<readonly string[]> => {
      const { set } = await filesOf(repository, [MAIN], { scope: 'commit' });
      digests.add(set.digest);
      return set.uncommitted;
    };
    expect(await look()).toEqual([]);
    inside.write({ 'lib.txt': '2\n' });
    expect(await look()).toEqual([inside.path('lib.txt')]);
    inside.write({ 'new.txt': '1\n' });
    expect(await look()).toEqual([inside.path('lib.txt'), inside.path('new.txt')]);
    expect(digests.size).toBe(3);
  });

  test('that are not followed count by their commit, and are reported', async () => {
    const { repository, inside } = withSubmodule();
    const policy = { scope: 'commit', submodules: false } as const;
    const before = await versionOf(repository, [MAIN], policy);
    expect(before).toMatchObject({ certainty: 'untrackable', uncertain: [{ kind: 'submodule' }] });
    inside.commit({ 'lib.txt': '2\n' });
    expect((await versionOf(repository, [MAIN], policy)).version).not.toBe(before.version);
  });

  test('that are not checked out have no files, and are reported', async () => {
    const { repository } = withSubmodule();
    const whole = await versionOf(repository, [MAIN], { scope: 'commit' });
    repository.git(['submodule', '--quiet', 'deinit', '-f', '--all']);
    const bare = await versionOf(repository, [MAIN], { scope: 'commit' });
    expect(bare.uncertain).toMatchObject([{ kind: 'submodule' }]);
    expect(bare.version).not.toBe(whole.version);
  });

  test('may have more files than a call takes arguments', async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'sub', '.git'), { recursive: true });
    const names = Array.from({ length: 130_000 }, (_, at) => `${at}`);
    const listed = async (of: string): Promise<readonly string[]> => (of === root ? ['sub'] : names);
    const question = { root, packageDirectory: '', scope: 'commit', patterns: [], followsSubmodules: true } as const;
    const { files } = await scopeFiles({ listed } as unknown as Snapshot, question);
    expect(files).toHaveLength(names.length);
  });
});

describe('a pattern', () => {
  test.each([
    ['*.md', 'a.md', true],
    ['*.md', 'a/b.md', false],
    ['**/*.md', 'b.md', true],
    ['**/*.md', 'a/b/c.md', true],
    ['src/**', 'src/a/b', true],
    ['src', 'src/a/b', true],
    ['src', 'srcs/a', false],
    ['{a,b}.txt', 'b.txt', true],
    ['{a,b}.txt', 'c.txt', false],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a.c', 'abc', false],
    ['a(b', 'a(b', true],
    ['{a', '{a', true],
  ] as const)('%s means %s: %s', (pattern, path, expected) => {
    expect(matching([pattern])(path)).toBe(expected);
  });
});
