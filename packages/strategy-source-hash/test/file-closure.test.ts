import type { OpVersionContext } from '@memo/core/plugin';
import { describe, expect, test } from 'vitest';
import { fileClosures } from '../src/index.ts';
import { evaluated, generated } from './fixtures/program/generated.ts';
import { hidden } from './fixtures/program/hidden.ts';
import { imported, plain } from './fixtures/program/plain.ts';
import { hash } from './support/hashing.ts';
import { temporaryProject } from './support/project.ts';

const PROGRAM = new URL('./fixtures/program/', import.meta.url).pathname;
const SUPPORT = new URL('./support/', import.meta.url).pathname;

describe('the file closure of an op', () => {
  test('is the file that defines it and what that imports, as real paths', () => {
    const [closure] = fileClosures([plain]);
    expect(closure?.files).toEqual([`${PROGRAM}plain.ts`, `${SUPPORT}op.mjs`, `${PROGRAM}double.ts`]);
    expect(closure).toMatchObject({ packages: {}, certainty: 'exact', uncertain: [], loadsLate: false });
  });

  test('is the same for ops of one file', () => {
    const [first, second] = fileClosures([plain, imported]);
    expect(second).toEqual(first);
  });

  test('says what reading source cannot see', () => {
    const [closure] = fileClosures([hidden]);
    expect(closure?.certainty).toBe('untrackable');
    expect(closure?.uncertain.map(({ kind }) => kind)).toContain('dynamic-import');
  });

  test('has the code of a function that is in no file in its surroundings', () => {
    const [closure, other] = fileClosures([generated, { ...generated, run: (x: number) => x * 7907 }]);
    expect(closure?.files).toEqual(other?.files);
    expect(closure?.surroundings).not.toBe(other?.surroundings);
  });

  test('is refused for ops that are made from text', () => {
    expect(() => fileClosures([plain, evaluated as OpVersionContext])).toThrow(
      expect.objectContaining({ code: 'M4009' }),
    );
  });

  test('is refused for what was edited since it was loaded, in one error for all ops', async () => {
    const op = `import { op } from ${JSON.stringify(`${SUPPORT}op.mjs`)};\n`;
    const project = temporaryProject({
      'package.json': '{"type":"module"}',
      'ops.mjs': `${op}export const a = op('a', () => 1);\nexport const b = op('b', () => 2);\n`,
    });
    const { a, b } = (await import(project.path('ops.mjs'))) as Record<'a' | 'b', OpVersionContext>;
    expect(() => fileClosures([plain, a, b])).toThrow(
      expect.objectContaining({ code: 'M4007', problem: '2 ops or resources have no version' }),
    );
  });
});

describe('the surroundings of a file', () => {
  const FILES = {
    'package.json': '{"type":"module","dependencies":{"dep":"^1.0.0"}}',
    'tsconfig.json': '{}',
    'src/ops.ts': `import 'dep';\nimport './part.ts';\nexport const n = 1;\n`,
    'src/part.ts': 'export const part = 1;\n',
    'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","main":"index.js"}',
    'node_modules/dep/index.js': '',
  };
  const project = (edit: Readonly<Record<string, string | null>> = {}) =>
    hash(temporaryProject({ ...FILES, ...edit })).nodes[0]?.surroundings;

  test('stay when its text changes', () => {
    expect(project({ 'src/ops.ts': `${FILES['src/ops.ts']}export const m = 2;\n` })).toBe(project());
  });

  test.each([
    ['an installed package', { 'node_modules/dep/package.json': '{"name":"dep","version":"1.0.1","main":"index.js"}' }],
    ['a compiler option', { 'tsconfig.json': '{"compilerOptions":{"experimentalDecorators":true}}' }],
    ['the module type', { 'package.json': '{"type":"commonjs","dependencies":{"dep":"^1.0.0"}}' }],
    ['where an import leads', { 'src/ops.ts': `import 'dep';\nimport './other.ts';\n`, 'src/other.ts': '' }],
  ])('change with %s', (_what, edit) => {
    expect(project(edit)).not.toBe(project());
  });
});
