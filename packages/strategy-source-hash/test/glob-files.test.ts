import { describe, expect, test } from 'vitest';
import { GlobFiles } from '../src/glob-files.ts';
import { temporaryProject } from './support/project.ts';

const FILES = {
  'a.md': '',
  'b.txt': '',
  'x/a.md': '',
  'x/y/ab.md': '',
  'x/.hidden/a.md': '',
  '.a.md': '',
  'x+/a.md': '',
};

describe('a glob', () => {
  test.each<readonly [string, readonly string[]]>([
    ['*.md', ['a.md']],
    ['**/*.md', ['a.md', 'x/a.md', 'x/y/ab.md', 'x+/a.md']],
    ['x/**', ['x/a.md', 'x/y/ab.md']],
    ['x/**/a*.md', ['x/a.md', 'x/y/ab.md']],
    ['?.*', ['a.md', 'b.txt']],
    ['x+/*', ['x+/a.md']],
    ['x/.hidden/*', ['x/.hidden/a.md']],
    ['../*/b.*', ['b.txt']],
    ['gone/**', []],
  ])('%s matches %j', (glob, expected) => {
    const project = temporaryProject(FILES);
    const base = project.root;
    const above = glob.startsWith('..') ? glob.replace('*', project.root.split('/').at(-1) ?? '') : glob;
    const found = new GlobFiles().matching(base, above).map((file) => file.slice(base.length + 1));
    expect([...found].sort()).toEqual([...expected].sort());
  });

  test('is looked at again: files may appear and vanish', () => {
    const project = temporaryProject(FILES);
    const globs = new GlobFiles();
    globs.matching(project.root, 'x/*');
    expect(globs.isCurrent()).toBe(true);
    project.write({ 'b2.txt': '', 'x/y/c.md': '', 'x/a.md': 'edited' });
    expect(globs.isCurrent()).toBe(true);
    project.write({ 'x/b.txt': '' });
    expect(globs.isCurrent()).toBe(false);
  });
});
