import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, utimesSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { filesOf, isolateGit, loggedGit } from './support/asking.ts';
import { type TestRepository, testRepository } from './support/repository.ts';

isolateGit();

const FILES = {
  '.gitattributes': '*.csv diff=shouting\n',
  'src/main.mjs': 'export const a = 1;\n',
  'data/rows.csv': '1\n',
};
const SCOPES = ['imports', 'package', 'commit', { paths: ['**'] }] as const;

/** Makes programs of everything that git's config can name; each leaves a mark when it runs. */
function setTraps(repository: TestRepository): () => boolean {
  const [trap, mark] = [repository.path('.git/trap'), repository.path('.git/trap-ran')];
  const program = `#!/bin/sh\ntouch '${mark}'\ncat\n`;
  repository.write({ '.git/trap': program });
  chmodSync(trap, 0o755);
  for (const hook of [
    'post-index-change',
    'pre-commit',
    'post-checkout',
    'reference-transaction',
    'fsmonitor-watchman',
  ]) {
    repository.write({ [`.git/hooks/${hook}`]: program });
    chmodSync(repository.path(`.git/hooks/${hook}`), 0o755);
  }
  const named = [
    'core.fsmonitor',
    'core.pager',
    'core.editor',
    'core.sshCommand',
    'core.askPass',
    'diff.external',
    'gpg.program',
  ];
  const sections = [...named, 'interactive.diffFilter', 'credential.helper'].map((name) => {
    const [section, key] = name.split('.');
    return `[${section}]\n\t${key} = ${trap}\n`;
  });
  sections.push(`[diff "shouting"]\n\ttextconv = ${trap}\n\tcommand = ${trap}\n`);
  sections.push(`[log]\n\tshowSignature = true\n[alias]\n\tls-files = !${trap}\n`);
  sections.push(`[core]\n\thooksPath = ${repository.path('.git/hooks')}\n`);
  appendFileSync(repository.path('.git/config'), sections.join(''));
  return () => existsSync(mark);
}

describe.each(SCOPES)('in scope %j', (scope) => {
  test('not a byte or a time of .git changes, though the index is out of date', async () => {
    const repository = testRepository(FILES);
    for (const file of Object.keys(FILES)) utimesSync(repository.path(file), 1_600_000_000, 1_600_000_000);
    repository.write({ 'src/new.mjs': 'export const n = 1;\n' });
    const before = repository.gitBytes();
    await filesOf(repository, ['src/main.mjs'], { scope });
    expect(repository.gitBytes()).toBe(before);
    repository.git(['status']);
    expect(repository.gitBytes()).not.toBe(before);
  });

  test('no program is started that the config of the repository names', async () => {
    const repository = testRepository(FILES);
    const wereTriggered = setTraps(repository);
    repository.write({ 'src/main.mjs': 'edited', 'data/rows.csv': 'edited', 'src/new.mjs': 'new' });
    await filesOf(repository, ['src/main.mjs', 'data/rows.csv', 'src/new.mjs'], { scope });
    expect(wereTriggered()).toBe(false);
    repository.git(['status']);
    expect(wereTriggered()).toBe(true);
  });
});

describe('git', () => {
  test('is started twice for a clean repository, however many files there are', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `src/${index}.mjs`);
    const repository = testRepository(Object.fromEntries(names.map((name) => [name, `export const n = '${name}';\n`])));
    const { git, lines } = loggedGit();
    await filesOf(repository, names, { git });
    expect(lines().map((line) => line.split(' ').find((word) => /^[a-z]+-[a-z]+$/.test(word)))).toEqual([
      'rev-parse',
      'ls-tree',
    ]);
  });

  test('is started twice for 50,000 files, of which a few are code', async () => {
    const repository = testRepository(FILES);
    const blob = repository.git(['rev-parse', 'HEAD:data/rows.csv']).trim();
    const lines = Array.from({ length: 50_000 }, (_, at) => `100644 ${blob}\tmany/${at % 500}/${at}.txt\n`);
    execFileSync('git', ['update-index', '--index-info'], { cwd: repository.root, input: lines.join('') });
    repository.git(['commit', '-qm', 'many']);
    const { git, lines: asked } = loggedGit();
    const { set } = await filesOf(repository, ['src/main.mjs'], { git });
    expect(set.uncommitted).toEqual([]);
    expect(asked()).toHaveLength(2);
    // None of the many is in the work tree, so none is the commit's.
    const wide = await filesOf(repository, ['src/main.mjs'], { scope: 'commit' });
    expect(wide.set.uncommitted).toHaveLength(50_000);
  });

  test('is started twice more for what is not committed, and no more often for many such files', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `src/${index}.mjs`);
    const repository = testRepository(Object.fromEntries(names.map((name) => [name, name])));
    repository.write(Object.fromEntries(names.map((name) => [name, `${name} edited`])));
    const { git, lines } = loggedGit();
    expect((await filesOf(repository, names, { git })).set.uncommitted).toHaveLength(50);
    expect(lines()).toHaveLength(4);
  });

  test('gets names as names: none is an option, none reaches a shell', async () => {
    const names = ['--output=stolen', '$(touch stolen)', '; touch stolen', '`touch stolen`', '-rf'];
    const repository = testRepository(Object.fromEntries(names.map((name) => [name, '1'])));
    repository.write(Object.fromEntries(names.map((name) => [name, '2'])));
    const { set } = await filesOf(repository, names, { scope: { paths: names } });
    expect(set.uncommitted).toHaveLength(names.length);
    expect(existsSync(repository.path('stolen'))).toBe(false);
  });

  test('that says more than any repository does is stopped, with an error', async () => {
    const repository = testRepository(FILES);
    const git = repository.path('.git/endless');
    repository.write({ '.git/endless': '#!/bin/sh\nexec yes 0123456789012345678901234567890123456789\n' });
    chmodSync(git, 0o755);
    await expect(filesOf(repository, ['src/main.mjs'], { git })).rejects.toMatchObject({
      code: 'M4022',
      because: expect.stringContaining('maxBuffer'),
    });
  });
});
