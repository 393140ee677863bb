import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES, MemoError } from '@memo/core';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const pages = join(root, 'docs', 'errors');
const rows = Object.entries(ERROR_CODES);
const codes = rows.map(([code]) => code);

const pageOf = (code: string): string => readFileSync(join(pages, `${code}.md`), 'utf8');

describe('pages', () => {
  test('every code has one, and every one has a code', () => {
    const found = readdirSync(pages).filter((name) => name !== 'README.md');
    expect(found.toSorted()).toEqual(codes.map((code) => `${code}.md`));
  });

  test.each(rows)('that of %s has its name, its summary and the sections of all', (code, { name, summary }) => {
    const page = pageOf(code);
    expect(page.startsWith(`# ${code} ${name}\n\n${summary}\n\n`)).toBe(true);
    const sections = page.split('\n').filter((line) => line.startsWith('## '));
    expect(sections).toEqual(['## What happened', '## Why', '## How to fix it', '## Example']);
    expect(page.match(/^```ts$/gm)).toHaveLength(1);
  });

  test('the index lists every code with its name and summary, in order', () => {
    const listed = readFileSync(join(pages, 'README.md'), 'utf8').match(/^\| \[M.*$/gm);
    expect(listed).toEqual(rows.map(([code, row]) => `| [${code}](${code}.md) | \`${row.name}\` | ${row.summary} |`));
  });

  test('an error names its page', () => {
    expect(new MemoError('M5004', 'gone').docs).toBe('docs/errors/M5004.md');
  });
});

describe('codes', () => {
  const sources = new Map([...filesIn('src'), ...filesIn('bin')]);
  const tests = new Map([...filesIn('test')].filter(([path]) => basename(path) !== 'error-codes.test.ts'));
  const mention = (code: string) => (text: string) => text.includes(`'${code}'`);

  test('are in order and have names of their own', () => {
    expect(codes).toEqual(codes.toSorted());
    expect(new Set(rows.map(([, { name }]) => name)).size).toBe(rows.length);
  });

  test.each(codes)('%s is used by a package', (code) => {
    expect([...sources.values()].some(mention(code))).toBe(true);
  });

  test.each(codes)('%s is asserted by a test', (code) => {
    expect([...tests.values()].some(mention(code))).toBe(true);
  });

  test('no package uses one that the table does not have', () => {
    const used = [...sources.values()].flatMap((text) => text.match(/'M\d{4}'/g) ?? []);
    expect([...new Set(used)].filter((code) => !codes.includes(code.slice(1, -1)))).toEqual([]);
  });
});

function* filesIn(folder: 'src' | 'bin' | 'test'): Generator<readonly [path: string, text: string]> {
  for (const name of readdirSync(join(root, 'packages'))) {
    const directory = join(root, 'packages', name, folder);
    if (!existsSync(directory)) continue;
    for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(?:ts|cjs)$/.test(path) || path.endsWith('error-codes.ts')) continue;
      yield [join(directory, path), readFileSync(join(directory, path), 'utf8')];
    }
  }
}
