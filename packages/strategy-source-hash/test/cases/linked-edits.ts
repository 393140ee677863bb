/** In place of a text: the file is not there any more. */
export const GONE = '';

/** A program and an edit that changes what its code does as it is loaded, or what others know of a file: texts are put in place of others. */
export interface LinkedEdit {
  readonly title: string;
  /** Beside those that all have. */
  readonly files: Readonly<Record<string, string>>;
  readonly edit: Readonly<Record<string, string>>;
}

/** `main` reads `lib`, and `setup.ts` calls `f` as it is loaded. */
export const COMMON: Readonly<Record<string, string>> = {
  'package.json': '{"name":"p","type":"module"}',
  'src/lib.ts': 'export const lib: any = { n: 0 };\nexport const others: any = { n: 0 };\n',
  'src/set.ts': `import { lib } from './lib.ts';\nexport function set(): any { lib.n = 1; }\nexport function read(): any { return lib.n; }\n`,
  'src/f.ts': 'export function f(): any { return 1; }\n',
  'src/setup.ts': `import { f } from './f.ts';\nexport const made = f();\n`,
  'src/far.ts': `import { lib } from './lib.ts';\nlib.n = 4;\nexport function far(): any { return 4; }\n`,
  'src/ops.ts': `import { op } from '@memo/core';\nimport { lib } from './lib.ts';\nimport './setup.ts';\nimport './set.ts';\nexport const main = op('main', async () => lib.n);\n`,
};

const CALLS_SET = `import { set } from './set.ts';\nexport function f(): any { return set(); }\n`;

const READS_OTHERS = (COMMON['src/ops.ts'] ?? '').replaceAll('lib', 'others').replace('others.ts', 'lib.ts');

/** A file whose code hands a value to what changes it, loaded for a constant in it. */
const HANDED_ON = {
  'src/list.ts': `export const list: any[] = [];\nexport function add(x: any): any { list.push(x); }\n`,
  'src/late.ts': `import { list } from './list.ts';\nlist[0].n = 2;\nexport const late = 1;\n`,
  'src/hand.ts': `import { add } from './list.ts';\nimport { lib } from './lib.ts';\nexport const K = 1;\nexport const handed = add(lib);\n`,
  'src/set.ts': `import { late } from './late.ts';\nexport function set(): any { return late; }\n`,
  'src/f.ts': `import { K } from './hand.ts';\nexport function f(): any { return K; }\n`,
  'src/setup.ts': `import { f } from './f.ts';\nexport const made = f;\n`,
  'src/ops.ts': `import { op } from '@memo/core';\nimport { lib } from './lib.ts';\nimport { made } from './setup.ts';\nimport { set } from './set.ts';\nexport const main = op('main', async () => [lib.n, made(), set()]);\n`,
};

/** `main` reads one member of an object. */
const MEMBERS = {
  'src/c.ts': 'export const c: any = { a: 1, b: 1, f: (): any => 1 };\n',
  'src/ops.ts': opThatReads('c.a'),
};

function opThatReads(read: string): string {
  return `import { op } from '@memo/core';\nimport { c } from './c.ts';\nimport './setup.ts';\nexport const main = op('main', async () => ${read});\n`;
}

/** Edits that are left to a look at everything. */
export const LOUD_EDITS: readonly LinkedEdit[] = [
  {
    title: 'a function less that asks the machine as another module is loaded',
    files: {
      'src/f.ts': `import { sep } from 'node:path';\nfunction g(): any { return sep; }\nexport function f(): any { return g(); }\n`,
    },
    edit: { 'src/f.ts': 'export function f(): any { return 1; }\n' },
  },
  {
    title: 'a member that gets at the others',
    files: { ...MEMBERS, 'src/ops.ts': opThatReads('c.f()') },
    edit: { 'src/c.ts': 'export const c: any = { a: 1, b: 1, f(): any { return this.b; } };\n' },
  },
  {
    title: 'a function puts something in the place of a member',
    files: MEMBERS,
    edit: { 'src/f.ts': `import { c } from './c.ts';\nexport function f(): any { c.a = c.b; }\n` },
  },
  {
    title: 'a function leaves a member as it is that it has changed',
    files: { ...MEMBERS, 'src/f.ts': `import { c } from './c.ts';\nexport function f(): any { c.a = c.b; }\n` },
    edit: { 'src/f.ts': `import { c } from './c.ts';\nexport function f(): any { return c.b; }\n` },
  },
  { title: 'a function calls one that changes something', files: {}, edit: { 'src/f.ts': CALLS_SET } },
  {
    title: 'a function calls none any more that changes something',
    files: { 'src/f.ts': CALLS_SET },
    edit: { 'src/f.ts': COMMON['src/f.ts'] ?? '' },
  },
  {
    title: 'a function changes something itself',
    files: {},
    edit: { 'src/f.ts': `import { lib } from './lib.ts';\nexport function f(): any { lib.n = 2; }\n` },
  },
  {
    title: 'a function changes what nobody has changed',
    files: { 'src/ops.ts': READS_OTHERS },
    edit: { 'src/f.ts': `import { others } from './lib.ts';\nexport function f(): any { others.n = 2; }\n` },
  },
  {
    title: 'a method fills what another module has put in the place of an empty object',
    files: {
      'src/ops.ts': READS_OTHERS,
      'src/f.ts': 'export const c: any = { items: {}, f(): any { return 1; } };\n',
      'src/setup.ts': `import { c } from './f.ts';\nimport { others } from './lib.ts';\nc.items = others;\nexport const made = c.f();\n`,
    },
    edit: { 'src/f.ts': 'export const c: any = { items: {}, f(): any { this.items.n = 2; } };\n' },
  },
  {
    title: 'a function gives something at last, which is changed through it',
    files: {
      'src/ops.ts': READS_OTHERS,
      'src/setup.ts': `import { f } from './f.ts';\nconst given = f();\ngiven.n = 5;\n`,
    },
    edit: { 'src/f.ts': `import { others } from './lib.ts';\nexport function f(): any { return others; }\n` },
  },
  {
    title: 'a statement comes that changes something',
    files: {},
    edit: { 'src/f.ts': `import { lib } from './lib.ts';\nexport function f(): any { return 1; }\nlib.n = 3;\n` },
  },
  {
    title: 'a statement goes that changes something',
    files: { 'src/f.ts': `import { lib } from './lib.ts';\nexport function f(): any { return 1; }\nlib.n = 3;\n` },
    edit: { 'src/f.ts': COMMON['src/f.ts'] ?? '' },
  },
  {
    title: 'a function gives another value, which is changed through it',
    files: {
      'src/f.ts': `import { others } from './lib.ts';\nexport function f(): any { return others; }\n`,
      'src/setup.ts': `import { f } from './f.ts';\nconst given = f();\ngiven.n = 5;\n`,
    },
    edit: { 'src/f.ts': `import { lib } from './lib.ts';\nexport function f(): any { return lib; }\n` },
  },
  {
    title: 'a file is loaded that changes something',
    files: { 'src/all.ts': `import './far.ts';\nexport const all = 1;\n` },
    edit: { 'src/f.ts': `import { far } from './far.ts';\nexport function f(): any { return far(); }\n` },
  },
  {
    title: 'a file is not loaded any more that handed on what others change',
    files: HANDED_ON,
    edit: { 'src/f.ts': COMMON['src/f.ts'] ?? '' },
  },
  {
    title: 'a file is edited and not loaded any more that handed on what others change',
    files: HANDED_ON,
    edit: {
      'src/f.ts': COMMON['src/f.ts'] ?? '',
      'src/hand.ts': `import { add } from './list.ts';\nimport { lib } from './lib.ts';\nexport const K = 2;\nexport const handed = add(lib);\n`,
    },
  },
  {
    title: 'packages that are imported for what they do come in another order',
    files: {
      'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","main":"index.js"}',
      'node_modules/dep/index.js': 'exports.one = 1;\n',
      'src/one.ts': `import 'dep';\nexport const one = 1;\n`,
      'src/two.ts': `import 'node:process';\nexport const two = 1;\n`,
      'src/f.ts': `import { one } from './one.ts';\nimport { two } from './two.ts';\nexport function f(): any { return [one, two]; }\n`,
    },
    edit: {
      'src/f.ts': `import { two } from './two.ts';\nimport { one } from './one.ts';\nexport function f(): any { return [one, two]; }\n`,
    },
  },
  {
    title: 'a file goes that others import',
    files: {
      'src/f.ts': `import { g } from './g.ts';\nexport function f(): any { return g(); }\n`,
      'src/g.ts': 'export function g(): any { return 1; }\n',
    },
    edit: { 'src/g.ts': GONE },
  },
  {
    title: 'a file goes that has changed something',
    files: { 'src/f.ts': `import { far } from './far.ts';\nexport function f(): any { return far; }\n` },
    edit: { 'src/f.ts': COMMON['src/f.ts'] ?? '', 'src/far.ts': GONE },
  },
  {
    title: 'files import each other',
    files: {},
    edit: { 'src/f.ts': `import { made } from './setup.ts';\nexport function f(): any { return made; }\n` },
  },
  {
    title: 'lines move of which something is said in a file that another one asks what it calls as it is loaded',
    files: {
      'src/f.ts': 'export function f(): any { return 1; }\nexport function e(): any { return process.env.A; }\n',
    },
    edit: {
      'src/f.ts':
        '\nfunction g(): any { return 2; }\nexport function f(): any { return g(); }\nexport function e(): any { return process.env.A; }\n',
    },
  },
  {
    title: 'the text of a file is read, too',
    files: {
      'src/ops.ts': `import { op } from '@memo/core';\nimport { readFileSync } from 'node:fs';\nimport { f } from './f.ts';\nexport const main = op('main', async () => [f(), readFileSync(new URL('./f.ts', import.meta.url))]);\n`,
    },
    edit: { 'src/f.ts': 'function g(): any { return 2; }\nexport function f(): any { return g(); }\n' },
  },
  {
    title: 'the texts of all files in a directory are read, too',
    files: {
      'src/ops.ts': `import { op } from '@memo/core';\nimport { readdirSync } from 'node:fs';\nimport { f } from './below/f.ts';\nexport const main = op('main', async () => [f(), readdirSync(new URL('./below', import.meta.url))]);\n`,
      'src/below/f.ts': COMMON['src/f.ts'] ?? '',
    },
    edit: { 'src/below/f.ts': 'function g(): any { return 2; }\nexport function f(): any { return g(); }\n' },
  },
  {
    title: 'the text of a file with an op is read, too',
    files: {
      'src/ops.ts': `import { op } from '@memo/core';\nimport { readFileSync } from 'node:fs';\nconst f = (): any => 1;\nexport const main = op('main', async () => [f(), readFileSync(new URL('./ops.ts', import.meta.url))]);\n`,
    },
    edit: {
      'src/ops.ts': `import { op } from '@memo/core';\nimport { readFileSync } from 'node:fs';\nconst g = (): any => 2;\nconst f = (): any => g();\nexport const main = op('main', async () => [f(), readFileSync(new URL('./ops.ts', import.meta.url))]);\n`,
    },
  },
  {
    title: 'a file exports all of another one',
    files: {},
    edit: { 'src/f.ts': `export * from './set.ts';\nexport function f(): any { return 1; }\n` },
  },
  {
    title: 'a name goes that others import',
    files: {},
    edit: { 'src/f.ts': 'export function g(): any { return 1; }\n' },
  },
  {
    title: 'a name comes that others have imported in vain',
    files: { 'src/setup.ts': `import { f, g } from './f.ts';\nexport const made = [f(), g];\n` },
    edit: { 'src/f.ts': 'export function f(): any { return 1; }\nexport function g(): any { return 1; }\n' },
  },
];

/** Edits that are told by linking again. */
export const STILL_EDITS: readonly LinkedEdit[] = [
  {
    title: 'a member that is read',
    files: MEMBERS,
    edit: { 'src/c.ts': 'export const c: any = { a: 2, b: 1, f: (): any => 1 };\n' },
  },
  {
    title: 'a member beside one that is read',
    files: MEMBERS,
    edit: { 'src/c.ts': 'export const c: any = { a: 1, b: 2, f: (): any => 1 };\n' },
  },
  {
    title: 'a member more, before the others',
    files: MEMBERS,
    edit: { 'src/c.ts': 'export const c: any = { z: 0, a: 1, b: 1, f: (): any => 1 };\n' },
  },
  { title: 'an op that reads another member', files: MEMBERS, edit: { 'src/ops.ts': opThatReads('c.b') } },
  { title: 'an op that reads all members', files: MEMBERS, edit: { 'src/ops.ts': opThatReads('Object.values(c)') } },
  {
    title: 'a function that reads another member',
    files: {
      ...MEMBERS,
      'src/ops.ts': opThatReads('g()').replace(`'./c.ts'`, `'./c.ts';\nimport { g } from './g.ts'`),
      'src/g.ts': `import { c } from './c.ts';\nexport function g(): any { return c.a; }\n`,
    },
    edit: { 'src/g.ts': `import { c } from './c.ts';\nexport function g(): any { return [c.f, c.b]; }\n` },
  },
  {
    title: 'a function more, and a call of it',
    files: {},
    edit: { 'src/f.ts': 'function g(): any { return 2; }\nexport function f(): any { return g(); }\n' },
  },
  {
    title: 'a file more',
    files: {},
    edit: {
      'src/f.ts': `import { g } from './g.ts';\nexport function f(): any { return g(); }\n`,
      'src/g.ts': 'export const SOME = 2;\nexport function g(): any { return SOME; }\n',
    },
  },
  {
    title: 'a function less, with its call and its import',
    files: {
      'src/f.ts': `import { posix } from 'node:path';\nfunction g(): any { return posix; }\nexport function f(): any { return g(); }\n`,
    },
    edit: { 'src/f.ts': 'export function f(): any { return 1; }\n' },
  },
  {
    title: 'a file more in a program that imports a package for what it does, as files do that import each other',
    files: {
      'src/one.ts': `import { two } from './two.ts';\nexport function one(): any { return two; }\n`,
      'src/two.ts': `import 'dep';\nimport { one } from './one.ts';\nexport function two(): any { return one; }\n`,
      'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","main":"index.js"}',
      'node_modules/dep/index.js': 'exports.one = 1;\n',
      'src/setup.ts': `import { f } from './f.ts';\nimport { one } from './one.ts';\nexport const made = f();\nexport const first = (): any => one;\n`,
    },
    edit: {
      'src/f.ts': `import { g } from './g.ts';\nexport function f(): any { return g(); }\n`,
      'src/g.ts': 'export const SOME = 2;\nexport function g(): any { return SOME; }\n',
    },
  },
  {
    title: 'a file less, with its import',
    files: {
      'src/f.ts': `import { g } from './g.ts';\nexport function f(): any { return g(); }\n`,
      'src/g.ts': 'export const SOME = 2;\nexport function g(): any { return SOME; }\n',
    },
    edit: { 'src/f.ts': COMMON['src/f.ts'] ?? '', 'src/g.ts': GONE },
  },
  {
    title: 'another import',
    files: { 'src/f.ts': `import { join } from 'node:path';\nexport const f = (): any => join('a', 'b');\n` },
    edit: { 'src/f.ts': `import { resolve } from 'node:path';\nexport const f = (): any => resolve('a', 'b');\n` },
  },
  {
    title: 'lines move of which something is said',
    files: {
      'src/ops.ts': `import { op } from '@memo/core';\nimport { e, n } from './e.ts';\nexport const main = op('main', async () => [e(), n()]);\n`,
      'src/e.ts':
        'export function n(): any { return 1; }\nexport function e(): any { return [process.env.A, Date.now()]; }\n',
    },
    edit: {
      'src/e.ts':
        'function g(): any { return 2; }\nexport function n(): any { return g(); }\nexport function e(): any { return [process.env.A, Date.now()]; }\n',
    },
  },
  {
    title: 'something is said for the first time, and of another thing not any more',
    files: {
      'src/ops.ts': `import { op } from '@memo/core';\nimport { e, n } from './e.ts';\nexport const main = op('main', async () => [e(), n()]);\n`,
      'src/e.ts':
        'export function e(): any { return Date.now(); }\nfunction m(): any { return 1; }\nexport function n(): any { return m(); }\n',
    },
    edit: {
      'src/e.ts':
        'export function e(): any { return 1; }\nfunction m(): any { const now = process.env.B; return 1; }\nexport function n(): any { return m(); }\n',
    },
  },
  {
    title: 'what a file names that is loaded late',
    files: {
      'src/ops.ts': `import { op } from '@memo/core';\nexport const main = op('main', async () => (await import('./late.ts')).v);\n`,
      'src/late.ts': `export const v = 1;\nexport function unused(): any { return 1; }\n`,
    },
    edit: {
      'src/late.ts': `import { sep } from 'node:path';\nexport const v = 1;\nexport function unused(): any { return sep; }\n`,
    },
  },
  {
    title: 'an op, and what it calls',
    files: {},
    edit: {
      'src/ops.ts': `import { op } from '@memo/core';\nimport { lib } from './lib.ts';\nimport { f } from './f.ts';\nimport './setup.ts';\nimport './set.ts';\nexport const main = op('main', async () => [lib.n, f()]);\n`,
    },
  },
];
