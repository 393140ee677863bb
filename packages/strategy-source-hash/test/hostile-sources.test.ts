import { mkdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import type { SourceSlice } from '../src/slice/source-slice.ts';
import { sliceSource } from '../src/slice-source.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './support/project.ts';

const OPS = `import { op } from '@memo/core';\nimport { f } from './lib.js';\nexport const main = op('main', async () => f(1));\n`;

function projectOf(files: FileTexts): TemporaryProject {
  return temporaryProject({ 'package.json': '{"name":"p","type":"module"}', 'src/ops.ts': OPS, ...files });
}

function slice({ root }: TemporaryProject): SourceSlice {
  return sliceSource({ root, file: 'src/ops.ts', exportName: 'main' });
}

/** Versions of the op over texts of `src/lib.ts`, one after the other. */
function versions(...texts: readonly (string | FileTexts)[]): readonly string[] {
  const project = projectOf({});
  return texts.map((text) => {
    project.write(typeof text === 'string' ? { 'src/lib.ts': text } : text);
    return slice(project).version;
  });
}

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

describe('a large program', () => {
  test('with a cycle of 1,000 functions over 10 files shows an edit of any of them', () => {
    const file = (index: number, edited = -1): string =>
      `import { f${(index + 1) * 100} } from './cycle${(index + 1) % 10}.js';\n${lines(100, (position) => {
        const own = index * 100 + position;
        return `export function f${own}(n) { return n > ${own === edited ? 7 : 9} ? ${own} : f${own + 1}(n + 1); }`;
      })}`.replaceAll('f1000', 'f0');
    const files = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`src/cycle${index}.js`, file(index)]));
    const project = projectOf({ ...files, 'src/lib.ts': `export { f500 as f } from './cycle5.js';` });
    const before = slice(project);
    expect(before.symbols.length).toBeGreaterThanOrEqual(1_000);
    for (const edited of IS_WHOLE ? [0, 499, 500, 999] : [499]) {
      const index = Math.floor(edited / 100);
      project.write({ [`src/cycle${index}.js`]: file(index, edited) });
      expect(slice(project).version).not.toBe(before.version);
      project.write({ [`src/cycle${index}.js`]: file(index) });
    }
    expect(slice(project).version).toBe(before.version);
  });

  test('with a chain of 1,500 calls and re-exports through 300 files is followed to its end', () => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `src/link${index}.ts`,
        index === 299
          ? `${lines(1_500, (at) => `function g${at}(n: number): number { return ${at === 1_499 ? 'n' : `g${at + 1}(n)`}; }`)}\nexport { g0 as f };`
          : `export * from './link${index + 1}.js';`,
      ]),
    );
    const project = projectOf({ ...files, 'src/lib.ts': `export * from './link0.js';` });
    const before = slice(project).version;
    project.write({ 'src/link299.ts': (files['src/link299.ts'] ?? '').replace('return n;', 'return n + 1;') });
    expect(slice(project).version).not.toBe(before);
  });

  const length = IS_WHOLE ? 10_000 : 2_000;
  test(`with an object of ${length} lines shows an edit of its last one, and not one of another object`, () => {
    const object = (name: string, last: number): string =>
      `const ${name} = {\n${lines(length, (at) => `  key${at}: { a: ${at === length - 1 ? last : at}, b: 'text ${at}' },`)}\n};`;
    const text = (first: number, second: number): string =>
      `${object('used', first)}\n${object('unused', second)}\nexport const f = (n: string) => used[n];\n`;
    const [before, used, unused] = versions(text(1, 1), text(2, 1), text(1, 2));
    expect(used).not.toBe(before);
    expect(unused).toBe(before);
  });

  test('with a file of 4,000 functions counts the two that are used', () => {
    const text = (edited: number): string =>
      `${lines(4_000, (at) => `export function h${at}(n: number) { return n * ${at === edited ? -1 : at}; }`)}\nexport const f = (n: number) => h777(n);\n`;
    const [before, used, unused] = versions(text(-1), text(777), text(778));
    expect(used).not.toBe(before);
    expect(unused).toBe(before);
  });
});

describe('deep nesting', () => {
  const nested = (open: string, inside: string, close: string, depth: number): string =>
    `${open.repeat(depth)}${inside}${close.repeat(depth)}`;

  test.each([
    ['a sum of 5,000 terms', (last: number) => `export const f = () => ${'1 + '.repeat(5_000)}${last};`],
    ['500 brackets', (last: number) => `export const f = () => ${nested('[', String(last), ']', 500)};`],
    ['500 functions', (last: number) => `export const f = ${nested('() => (', String(last), ')', 500)};`],
    ['500 blocks', (last: number) => `export function f() { ${nested('if (a) {', `g(${last});`, '}', 500)} }`],
    ['5,000 brackets', (last: number) => `export const f = () => ${nested('[', String(last), ']', 5_000)};`],
    ['a chain of 3,000 calls', (last: number) => `export const f = () => a${'.b()'.repeat(3_000)}.c(${last});`],
    [
      '2,000 else-ifs',
      (last: number) =>
        `export function f(n) { ${lines(2_000, (at) => `if (n === ${at}) return ${at}; else`)} return ${last}; }`,
    ],
  ])('of %s is seen to its end', (_title, text) => {
    const [before, after, again] = versions(text(1), text(2), text(1));
    expect(after).not.toBe(before);
    expect(again).toBe(before);
  });
});

describe('what does not parse', () => {
  test.each([
    ['a syntax error', 'export const f = (', 'export const f = ('],
    ['a merge conflict', '<<<<<<< HEAD\nexport const f = 1;\n=======\n', '>>>>>>> main\n'],
    ['bytes of an image', '\u0089PNG\r\n\u001a\n\u0000\u0000', '\u0000IHDR'],
    ['an unknown syntax', 'export const f = do { 1 |> g(%) };', ' // x'],
  ])('(%s) counts by its bytes, and is reported', (_title, text, more) => {
    const project = projectOf({ 'src/lib.ts': text });
    const before = slice(project);
    expect(before.uncertain.map(({ kind }) => kind)).toContain('parse-error');
    expect(before.certainty).toBe('untrackable');
    project.write({ 'src/lib.ts': `${text}${more} ` });
    expect(slice(project).version).not.toBe(before.version);
  });

  test.each([
    ['an empty file', ''],
    ['a comment', '// nothing'],
    ['a hashbang', '#!/usr/bin/env node\n'],
  ])('%s exports nothing, and is no error', (_title, text) => {
    expect(slice(projectOf({ 'src/lib.ts': text })).symbols.map(({ file }) => file)).toContain('src/ops.ts');
  });

  test('a directory in the place of a file is reported, and files that import themselves are followed once', () => {
    const project = projectOf({ 'src/lib.ts': `import * as self from './lib.js';\nexport const f = () => self.f;\n` });
    expect(slice(project).certainty).toBe('exact');
    const other = projectOf({});
    mkdirSync(other.path('src/lib.ts'), { recursive: true });
    expect(slice(other).uncertain.map(({ kind }) => kind)).toContain('unresolved-import');
  });
});

describe('the same program in other characters', () => {
  const TEXT = `const größe = "a";\nexport function f(n) {\n  return \`\${größe}\n\${n}\`;\n}\n`;

  test.each([
    ['with a byte order mark', `\uFEFF${TEXT}`],
    ['with line ends of another system', TEXT.replaceAll('\n', '\r\n')],
    ['with escapes in names', TEXT.replaceAll('größe', 'gr\\u00f6\\u{df}e')],
    ['with escapes in strings', TEXT.replace('"a"', "'\\x61'")],
    ['with white space of other kinds', TEXT.replaceAll('  ', '\u00a0\t\u2003')],
    ['with a separator of lines', TEXT.replace(';\n', ';\u2028')],
  ])('has one version (%s)', (_title, text) => {
    const [before, after] = versions(TEXT, text);
    expect(after).toBe(before);
  });

  test.each([
    ['lone surrogates', 'export const f = () => "\\ud800";', 'export const f = () => "\\ud801";'],
    ['composed and decomposed letters', "export const f = () => 'é';", "export const f = () => 'e\u0301';"],
    ['a separator of lines in a string', "export const f = () => 'a\u2028';", "export const f = () => 'a\u2029';"],
    ['a zero-width space in a string', "export const f = () => 'a';", "export const f = () => 'a\u200b';"],
    ['a right-to-left mark in a string', "export const f = () => 'a';", "export const f = () => 'a\u200f';"],
  ])('has two where a string differs (%s)', (_title, first, second) => {
    const [before, after] = versions(first, second);
    expect(after).not.toBe(before);
  });
});

describe('names that objects have by themselves', () => {
  const NAMES = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'prototype', 'valueOf'];

  test.each(NAMES)('%s is a name like any other', (name) => {
    const text = (value: number): string =>
      `const ${name} = { ${name}: ${value} };\nexport const f = () => ${name};\nexport { ${name} };\n`;
    const [before, after] = versions(text(1), text(2));
    expect(after).not.toBe(before);
    const barrel = versions(
      {
        'src/lib.ts': `import { ${name} as n } from './other.js';\nexport const f = () => n;\n`,
        'src/other.ts': text(1),
      },
      { 'src/other.ts': text(2) },
    );
    expect(barrel[1]).not.toBe(barrel[0]);
  });
});
