import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KnownIds } from '../src/known-ids.ts';
import { temporaryDirectory } from './support/repository.ts';

const [FIRST, SECOND] = ['1'.repeat(40), '2'.repeat(40)];

/** A directory in which ids of two files were kept. */
function kept(): string {
  const directory = temporaryDirectory();
  const ids = new KnownIds(directory, true);
  ids.add('/a/ä\u2028.mjs', 'look 1', FIRST);
  ids.add('/a/b.mjs', 'look 2', SECOND);
  ids.flush();
  return directory;
}

describe('the id of a file', () => {
  test('is known to later processes while the file looks the same', () => {
    const ids = new KnownIds(kept(), true);
    expect(ids.of('/a/ä\u2028.mjs', 'look 1', 'sha1')).toBe(FIRST);
    expect(ids.of('/a/b.mjs', 'look 2', 'sha1')).toBe(SECOND);
    expect(ids.of('/a/b.mjs', 'look 1', 'sha1')).toBeUndefined();
    expect(ids.of('/a/c.mjs', 'look 1', 'sha1')).toBeUndefined();
  });

  test('is not known to a repository that names its objects otherwise', () => {
    expect(new KnownIds(kept(), true).of('/a/b.mjs', 'look 2', 'sha256')).toBeUndefined();
  });

  test('is replaced by a newer one, and outlives processes that do not ask for it', () => {
    const directory = kept();
    const later = new KnownIds(directory, true);
    expect(later.of('/a/b.mjs', 'look 3', 'sha1')).toBeUndefined();
    later.add('/a/b.mjs', 'look 3', FIRST);
    later.flush();
    const last = new KnownIds(directory, true);
    expect(last.of('/a/b.mjs', 'look 3', 'sha1')).toBe(FIRST);
    expect(last.of('/a/b.mjs', 'look 2', 'sha1')).toBeUndefined();
    expect(last.of('/a/ä\u2028.mjs', 'look 1', 'sha1')).toBe(FIRST);
  });

  test.each([
    ['a byte was changed', (text: string) => text.replace('222', '223')],
    ['the end is missing', (text: string) => text.slice(0, -3)],
    ['something else is there', () => 'null'],
  ])('is not known when in its file %s', (_, damage) => {
    const directory = kept();
    const [name = ''] = readdirSync(directory);
    const path = join(directory, name);
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    expect(new KnownIds(directory, true).of('/a/b.mjs', 'look 2', 'sha1')).toBeUndefined();
  });

  test('is kept only where a project keeps something', () => {
    const directory = join(temporaryDirectory(), '.memo', 'cache', 'git');
    const ids = new KnownIds(directory, false);
    ids.add('/a/b.mjs', 'look 1', FIRST);
    ids.flush();
    expect(existsSync(directory)).toBe(false);
  });
});
