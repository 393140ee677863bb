import { runInThisContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { checkFunction } from '../src/defined-function.ts';
import { outlinesIn } from '../src/outline.ts';
import { parseSource } from '../src/syntax-tree.ts';
import { hash } from './support/hashing.ts';
import { temporaryProject } from './support/project.ts';

const SOURCE = `
import { helper } from './helper.ts';
export const a = async (x: number): Promise<number> => { const f = () => helper(x) + 1; return f(); };
export function b(list: string[]) { for (const item of list) if (item !== 'stop') helper(item!); }
export const c = { async run() { return await helper('method'); } };
`;

/** Source functions as runners leave them in memory. */
const REWRITTEN: Readonly<Record<string, string>> = {
  'without types': `async (x) => { const f = () => helper(x) + 1; return f(); }`,
  'with names kept (esbuild)': `async (x) => { const f = /* @__PURE__ */ __name(() => helper(x) + 1, "f"); return f(); }`,
  'with imports of Vite': `async (x) => { const f = () => (0, __vi_import_0__.helper)(x) + 1; return f(); }`,
  'with imports of Babel': `(function b(list) { for (const item of list) if (item !== "stop") (0, _helper.helper)(item); })`,
  'as a method': `({ async run() { return await helper('method'); } }).run`,
};

const FOREIGN: Readonly<Record<string, string>> = {
  'another operator': `async (x) => { const f = () => helper(x) - 1; return f(); }`,
  'another value': `async (x) => { const f = () => helper(x) + 2; return f(); }`,
  'native code': 'Math.max',
};

function check(text: string): ReturnType<typeof checkFunction> {
  const project = temporaryProject({
    'src/ops.ts': SOURCE,
    'src/helper.ts': 'export const helper = (x: unknown) => x as number;',
  });
  return checkFunction(runInThisContext(text) as () => unknown, { nodes: hash(project).nodes });
}

describe('a function in memory is found in its file', () => {
  test.each(Object.entries(REWRITTEN))('%s', (_title, text) => {
    expect(check(text)).toEqual({ found: true, isInPlace: false });
  });

  test('and in its place, where the outlines of what defines it are known', () => {
    const text = 'async (x) => helper(x) + 1';
    const known = parseSource('ops.js', `export const a = ${text};`)?.program;
    const outlines = outlinesIn(known === undefined ? [] : [known]);
    expect(checkFunction(runInThisContext(text), { nodes: [], outlines })).toEqual({ found: true, isInPlace: true });
  });
});

describe('a function in memory is not found in its file', () => {
  test.each(Object.entries(FOREIGN))('%s', (_title, text) => {
    expect(check(text)).toMatchObject({ found: false, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('and counts by its code, not by its layout', () => {
    const digestOf = (text: string): unknown => Reflect.get(check(text), 'digest');
    expect(digestOf('() => 4711')).toBe(digestOf('() => { /* c */ return 4711 }'));
    expect(digestOf('() => 4711')).not.toBe(digestOf('() => 4712'));
  });
});
