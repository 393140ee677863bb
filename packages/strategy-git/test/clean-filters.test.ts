import { hash } from 'node:crypto';
import { chmodSync, existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { filesOf, isolateGit, versionOf } from './support/asking.ts';
import { type Files, type TestRepository, testRepository } from './support/repository.ts';

isolateGit();

const LF = 'export const a = `\n`;\n';
const CRLF = LF.replaceAll('\n', '\r\n');
const MAIN = ['src/main.mjs'];

/** A filter that leaves a mark when it runs, and writes capitals. */
function withFilter(files: Files, name = 'loud'): { readonly repository: TestRepository; ran(): boolean } {
  const repository = testRepository();
  const [program, mark] = [repository.path('.git/filter'), repository.path('.git/filter-ran')];
  repository.write({ '.git/filter': `#!/bin/sh\ntouch '${mark}'\ntr a-z A-Z\n` });
  chmodSync(program, 0o755);
  repository.commit({ ...files, '.gitattributes': `*.csv filter=${name}\n` });
  for (const kind of ['clean', 'smudge']) repository.git(['config', `filter.${name}.${kind}`, program]);
  repository.git(['config', `filter.${name}.required`, 'true']);
  return { repository, ran: () => existsSync(mark) };
}

describe('line ends', () => {
  test.each([
    ['an attribute', '* text=auto\n', []],
    ['an attribute with an end', '*.mjs text eol=crlf\n', []],
    ['the config', '# none\n', ['config', 'core.autocrlf', 'true']],
  ])('that %s converts change no version and make nothing uncommitted', async (_, attributes, config) => {
    const repository = testRepository({ '.gitattributes': attributes, 'src/main.mjs': LF });
    if (config.length > 0) repository.git(config);
    const before = await filesOf(repository, MAIN);
    repository.write({ 'src/main.mjs': CRLF });
    expect(await filesOf(repository, MAIN)).toEqual(before);
    expect(before.set.uncommitted).toEqual([]);
  });

  test('that nothing converts are another content', async () => {
    const repository = testRepository({ 'src/main.mjs': LF });
    const before = await filesOf(repository, MAIN);
    repository.write({ 'src/main.mjs': CRLF });
    const after = await filesOf(repository, MAIN);
    expect(after.set.digest).not.toBe(before.set.digest);
    expect(after.set.uncommitted).toHaveLength(1);
  });

  test('of a modified file are converted as a commit would', async () => {
    const repository = testRepository({ '.gitattributes': '* text=auto\n', 'src/main.mjs': LF });
    repository.write({ 'src/main.mjs': `${CRLF}export const b = 2;\r\n` });
    const dirty = await filesOf(repository, MAIN);
    repository.commit();
    const clean = await filesOf(repository, MAIN);
    expect(clean.set.digest).toBe(dirty.set.digest);
    expect(clean.set.uncommitted).toEqual([]);
  });

  test('and encodings and keywords are those of the commit', async () => {
    const repository = testRepository({
      '.gitattributes': '*.txt working-tree-encoding=UTF-16LE\n*.id ident\n',
      'a.txt': Buffer.from('naïve\n', 'utf16le'),
      'b.id': '$Id$\n',
    });
    repository.write({ 'b.id': '$Id: 0123456789abcdef $\n' });
    expect((await filesOf(repository, ['a.txt', 'b.id'])).set.uncommitted).toEqual([]);
  });
});

describe('a filter that is a program', () => {
  test('never runs unless the options say so: files that have it count by their bytes', async () => {
    const { repository, ran } = withFilter({ 'rows.csv': 'rows\n' });
    const before = await filesOf(repository, ['rows.csv']);
    repository.write({ 'rows.csv': 'more rows\n', 'new.csv': 'new\n' });
    const after = await filesOf(repository, ['rows.csv', 'new.csv'], { scope: 'commit' });
    expect(ran()).toBe(false);
    expect(after.set.digest).not.toBe(before.set.digest);
    expect(after.set.uncommitted).toHaveLength(2);
  });

  test('decides ids where the options say so', async () => {
    const { repository, ran } = withFilter({ 'rows.csv': 'ROWS\n' });
    repository.write({ 'rows.csv': 'rows\n' });
    const { set } = await filesOf(repository, ['rows.csv'], { filters: 'run' });
    expect(ran()).toBe(true);
    expect(set.uncommitted).toEqual([]);
  });

  test.each(['a=b', 'a;touch x', '$(touch x)'])('may be called %s', async (name) => {
    const repository = testRepository({
      '.gitattributes': `*.csv filter=${name.replaceAll(' ', '_')}\n`,
      'rows.csv': '1\n',
    });
    repository.write({ 'rows.csv': '2\n' });
    expect((await filesOf(repository, ['rows.csv'])).set.uncommitted).toEqual([repository.path('rows.csv')]);
  });
});

describe('Git LFS', () => {
  const CONTENT = 'large content\n';
  const lfs = (content: string): string =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${hash('sha256', content)}\nsize ${content.length}\n`;

  test('keeps a pointer in the commit: a file with that content is committed, without git-lfs', async () => {
    const repository = testRepository({ 'model.bin': lfs(CONTENT) });
    repository.commit({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' });
    repository.write({ 'model.bin': CONTENT });
    const clean = await versionOf(repository, ['model.bin']);
    expect(clean.certainty).toBe('exact');
    expect((await filesOf(repository, ['model.bin'])).set.uncommitted).toEqual([]);
    repository.write({ 'model.bin': `${CONTENT}more` });
    const edited = await versionOf(repository, ['model.bin']);
    expect(edited.version).not.toBe(clean.version);
    repository.write({ 'model.bin': lfs(`${CONTENT}more`) });
    repository.commit();
    repository.write({ 'model.bin': `${CONTENT}more` });
    expect((await versionOf(repository, ['model.bin'])).version).toBe(edited.version);
  });

  test('may not have fetched the content: then the pointer is reported, and has another version', async () => {
    const repository = testRepository({ 'model.bin': lfs(CONTENT) });
    repository.commit({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' });
    const pointer = await versionOf(repository, ['model.bin']);
    expect(pointer).toMatchObject({
      certainty: 'untrackable',
      uncertain: [{ kind: 'lfs-pointer', message: expect.stringContaining('git lfs pull') }],
    });
    repository.write({ 'model.bin': CONTENT });
    expect((await versionOf(repository, ['model.bin'])).version).not.toBe(pointer.version);
  });
});

test('a file that git-crypt did not unlock is reported, and has another version', async () => {
  const repository = testRepository({ 'secret.bin': Buffer.from('\0GITCRYPT\0ciphertext') });
  const version = await versionOf(repository, ['secret.bin']);
  expect(version.uncertain).toMatchObject([{ kind: 'encrypted' }]);
});
