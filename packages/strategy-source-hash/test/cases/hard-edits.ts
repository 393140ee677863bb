/** An edit of a small program, and whether the version of `main` in `src/ops.ts` must change. */
export interface HardEdit {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** Path → text that is replaced, its replacement. */
  readonly edit: Readonly<Record<string, readonly [from: string, to: string]>>;
  readonly mustChange: boolean;
}

type Files = HardEdit['files'];
type Edit = HardEdit['edit'];

/** `main`, whose value is an expression over `x`. */
const main = (value: string, before = ''): string =>
  `import { op } from '@memo/core';\n${before}export const main = op('main', async (x: any) => ${value});\n`;

const changes = (title: string, files: Files, edit: Edit): HardEdit => ({ title, files, edit, mustChange: true });
const keeps = (title: string, files: Files, edit: Edit): HardEdit => ({ title, files, edit, mustChange: false });

const LIB = `import { lib } from './lib.ts';\n`;
const ONE_TWO: readonly [string, string] = ['1', '2'];

export const HARD_EDITS: readonly HardEdit[] = [
  changes(
    'what one of two files with the same text leads to',
    {
      'src/ops.ts': main('[a(), b()]', `import { f as a } from './a/f.ts';\nimport { f as b } from './b/f.ts';\n`),
      'src/a/f.ts': `import { n } from './n.ts';\nexport const f = () => n;\n`,
      'src/a/n.ts': 'export const n = 1;\n',
      'src/b/f.ts': `import { n } from './n.ts';\nexport const f = () => n;\n`,
      'src/b/n.ts': 'export const n = 3;\n',
    },
    { 'src/a/n.ts': ONE_TWO },
  ),
  changes(
    'a getter of an object',
    { 'src/ops.ts': main('lib.size', LIB), 'src/lib.ts': 'export const lib = { get size() { return 1; } };\n' },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a default parameter that reads state of its module',
    {
      'src/ops.ts': main('lib()', LIB),
      'src/lib.ts': 'let state = 0;\nexport const lib = (n = state) => n;\nstate += 1;\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a static block of a class',
    {
      'src/ops.ts': main('lib.size', LIB),
      'src/lib.ts': 'export class lib { static size = 0; static { lib.size = 1; } }\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a static block that changes another binding',
    {
      'src/ops.ts': main('lib.size', LIB),
      'src/lib.ts': 'export const lib = { size: 0 };\nclass Setup { static { lib.size = 1; } }\n',
    },
    { 'src/lib.ts': ['= 1', '= 2'] },
  ),
  changes(
    'a static field that calls something which changes another binding',
    {
      'src/ops.ts': main('lib.size', LIB),
      'src/lib.ts':
        'export const lib = { size: 0 };\nfunction set(n: number) { lib.size = n; return n; }\nexport class Setup { static made = set(1); }\n',
    },
    { 'src/lib.ts': ['set(1)', 'set(2)'] },
  ),
  changes(
    'a prototype that another module patches',
    {
      'src/ops.ts': main('new lib().go()', `${LIB}import './patch.ts';\n`),
      'src/lib.ts': 'export class lib { go() { return 0; } }\n',
      'src/patch.ts': `${LIB}lib.prototype.go = () => 1;\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'the prototype of a base class that another module patches',
    {
      'src/ops.ts': main('new Sub().go()', `import { Sub } from './sub.ts';\nimport './patch.ts';\n`),
      'src/lib.ts': 'export class lib { go() { return 0; } }\n',
      'src/sub.ts': `${LIB}export class Sub extends lib {}\n`,
      'src/patch.ts': `${LIB}Object.defineProperty(lib.prototype, 'go', { value: () => 1 });\n`,
    },
    { 'src/patch.ts': ['=> 1', '=> 2'] },
  ),
  changes(
    'a prototype that is patched through an instance',
    {
      'src/ops.ts': main('new lib().go()', `${LIB}import './patch.ts';\n`),
      'src/lib.ts': 'export class lib { go() { return 0; } }\n',
      'src/patch.ts': `${LIB}const one: any = new lib();\nObject.getPrototypeOf(one).go = () => 1;\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'a prototype that is patched through the constructor of an instance',
    {
      'src/ops.ts': main('new lib().go()', `${LIB}import './patch.ts';\n`),
      'src/lib.ts': 'export class lib { go() { return 0; } }\n',
      'src/patch.ts': `${LIB}const one: any = new lib();\none.constructor.prototype.go = () => 1;\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'a builtin prototype that a module patches',
    {
      'src/ops.ts': main('([3] as any).firstOfThem()', `import './patch.ts';\n`),
      'src/patch.ts': `Object.defineProperty(Array.prototype, 'firstOfThem', { value() { return this[0] + 1; }, configurable: true });\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'a builtin prototype that is patched through an alias',
    {
      'src/ops.ts': main('([3] as any).secondOfThem()', `import './patch.ts';\n`),
      'src/patch.ts': `const proto: any = Array.prototype;\nproto.secondOfThem = function () { return this[0] + 1; };\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'a cycle of re-exports',
    {
      'src/ops.ts': main('lib()', `import { lib } from './a.ts';\n`),
      'src/a.ts': `export * from './b.ts';\n`,
      'src/b.ts': `export * from './a.ts';\nexport * from './lib.ts';\n`,
      'src/lib.ts': 'export const lib = () => 1;\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a const enum of another file',
    {
      'src/ops.ts': main('lib.B', LIB),
      'src/lib.ts': 'export enum lib { A = 1, B }\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'an enum member that a constant of another file gives',
    {
      'src/ops.ts': main('lib.B', LIB),
      'src/lib.ts': `import { base } from './base.ts';\nexport enum lib { A = 0, B = base.length }\n`,
      'src/base.ts': `export const base = 'x1';\n`,
    },
    { 'src/base.ts': ['x1', 'x'] },
  ),
  changes(
    'an enum that is merged from two declarations',
    {
      'src/ops.ts': main('(lib as any).B', LIB),
      'src/lib.ts': 'export enum lib { A = 0 }\nexport enum lib { B = 1 }\n',
    },
    { 'src/lib.ts': ['B = 1', 'B = 2'] },
  ),
  changes(
    'a namespace that is merged from two declarations',
    {
      'src/ops.ts': main('lib.b', LIB),
      'src/lib.ts': 'export namespace lib { export const a = 0; }\nexport namespace lib { export const b = 1; }\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a namespace of one file that a statement of another one changes',
    {
      'src/ops.ts': main('lib.a', `${LIB}import './patch.ts';\n`),
      'src/lib.ts': 'export namespace lib { export let a = 0; }\n',
      'src/patch.ts': `${LIB}(lib as any).a = 1;\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'the text of a tagged template',
    { 'src/ops.ts': main(`lib\`a\${x}b1\``, LIB), 'src/lib.ts': 'export const lib = (s: any) => s.raw.join("|");\n' },
    { 'src/ops.ts': ['b1', 'b\\u0031'] },
  ),
  changes(
    'a member with a symbol for its key',
    {
      'src/ops.ts': main('lib[key]()', `${LIB}import { key } from './key.ts';\n`),
      'src/key.ts': `export const key = Symbol('k');\n`,
      'src/lib.ts': `import { key } from './key.ts';\nexport const lib = { [key]: () => 1 };\n`,
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a well-known symbol',
    {
      'src/ops.ts': main('[...lib]', LIB),
      'src/lib.ts': 'export const lib = { *[Symbol.iterator]() { yield 1; } };\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'the label that a break names',
    {
      'src/ops.ts': main(
        '{ let n = 0; outer: for (const a of [1, 2]) { inner: for (const b of [1, 2]) { n += a * b; break outer; } } return n; }',
      ),
    },
    { 'src/ops.ts': ['break outer', 'break inner'] },
  ),
  changes(
    'an async generator',
    {
      'src/ops.ts': main('{ const all = []; for await (const n of lib()) all.push(n); return all; }', LIB),
      'src/lib.ts': 'export async function* lib() { yield 0; yield 1; }\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'the order of two modules that wait',
    {
      'src/ops.ts': main('log', `import './a.ts';\nimport './b.ts';\nimport { log } from './log.ts';\n`),
      'src/log.ts': 'export const log: string[] = [];\n',
      'src/a.ts': `import { log } from './log.ts';\nawait Promise.resolve();\nlog.push('a');\n`,
      'src/b.ts': `import { log } from './log.ts';\nlog.push('b');\n`,
    },
    { 'src/a.ts': ['await Promise.resolve();\n', ''] },
  ),
  changes(
    'the order of imports for their effects',
    {
      'src/ops.ts': main('log', `import './a.ts';\nimport './b.ts';\nimport { log } from './log.ts';\n`),
      'src/log.ts': 'export const log: string[] = [];\n',
      'src/a.ts': `import { log } from './log.ts';\nlog.push('a');\n`,
      'src/b.ts': `import { log } from './log.ts';\nlog.push('b');\n`,
    },
    { 'src/ops.ts': [`import './a.ts';\nimport './b.ts';`, `import './b.ts';\nimport './a.ts';`] },
  ),
  changes(
    'JSON',
    {
      'src/ops.ts': main('lib.a', `import lib from './lib.json' with { type: 'json' };\n`),
      'src/lib.json': '{"a":1,"b":3}',
    },
    { 'src/lib.json': ONE_TWO },
  ),
  keeps(
    'a key of JSON that is not read',
    {
      'src/ops.ts': main('lib.a', `import lib from './lib.json' with { type: 'json' };\n`),
      'src/lib.json': '{"a":1,"b":3}',
    },
    { 'src/lib.json': ['3', '4'] },
  ),
  changes(
    'the first key of JSON, of which all keys are read',
    {
      'src/ops.ts': main('Object.keys(lib)', `import lib from './lib.json' with { type: 'json' };\n`),
      'src/lib.json': '{"a":1,"b":3}',
    },
    { 'src/lib.json': ['{"a":1,"b":3}', '{"b":3,"a":1}'] },
  ),
  changes(
    'a key of JSON that is read by a computed name',
    {
      'src/ops.ts': main(`lib[x > 1 ? 'a' : 'b']`, `import lib from './lib.json' with { type: 'json' };\n`),
      'src/lib.json': '{"a":1,"b":3}',
    },
    { 'src/lib.json': ONE_TWO },
  ),
  changes(
    'a key of JSON that is destructured',
    {
      'src/ops.ts': main('a', `import lib from './lib.json' with { type: 'json' };\nconst { a } = lib;\n`),
      'src/lib.json': '{"a":1,"b":3}',
    },
    { 'src/lib.json': ONE_TWO },
  ),
  changes(
    'an asset',
    {
      'src/ops.ts': main(
        `readFileSync(new URL('./lib.txt', import.meta.url), 'utf8')`,
        `import { readFileSync } from 'node:fs';\n`,
      ),
      'src/lib.txt': '1',
    },
    { 'src/lib.txt': ONE_TWO },
  ),
  changes(
    'an asset whose URL is a constant of another module',
    {
      'src/ops.ts': main(
        `readFileSync(where, 'utf8')`,
        `import { readFileSync } from 'node:fs';\nimport { where } from './where.ts';\n`,
      ),
      'src/where.ts': `export const where = new URL('./lib.txt', import.meta.url);\n`,
      'src/lib.txt': '1',
    },
    { 'src/lib.txt': ONE_TWO },
  ),
  changes(
    'a worker',
    {
      'src/ops.ts': main(
        `(await once(new Worker(new URL('./work.mjs', import.meta.url)), 'message'))[0]`,
        `import { Worker } from 'node:worker_threads';\nimport { once } from 'node:events';\n`,
      ),
      'src/work.mjs': `import { parentPort } from 'node:worker_threads';\nimport { n } from './n.mjs';\nparentPort.postMessage(n);\n`,
      'src/n.mjs': 'export const n = 1;\n',
    },
    { 'src/n.mjs': ONE_TWO },
  ),
  changes(
    'a worker that finds a name before its declaration, in files that the program loads in another order',
    {
      'src/ops.ts': main(
        `[back(), await once(new Worker(new URL('./work.mjs', import.meta.url)), 'message').catch(() => 'fails')]`,
        `import { Worker } from 'node:worker_threads';\nimport { once } from 'node:events';\nimport { back } from './one.mjs';\n`,
      ),
      'src/work.mjs': `import { parentPort } from 'node:worker_threads';\nimport { k } from './two.mjs';\nparentPort.postMessage(k);\n`,
      'src/one.mjs': `import * as two from './two.mjs';\nexport function back() { return 1; }\ntwo.f.limit = [two.k].join();\n`,
      'src/two.mjs': `import { back } from './one.mjs';\nexport function f() { return back(); }\nexport let k = 46;\nk += 1;\n`,
    },
    { 'src/one.mjs': ['two.k', 'two.none'] },
  ),
  changes(
    'the order in which a worker imports what the program has imported',
    {
      'src/ops.ts': main(
        `[a, b, await once(new Worker(new URL('./work.mjs', import.meta.url)), 'message')]`,
        `import { Worker } from 'node:worker_threads';\nimport { once } from 'node:events';\nimport { a } from './a.mjs';\nimport { b } from './b.mjs';\n`,
      ),
      'src/work.mjs': `import { parentPort } from 'node:worker_threads';\nimport { list } from './list.mjs';\nimport { a } from './a.mjs';\nimport { b } from './b.mjs';\nparentPort.postMessage([a, b, ...list]);\n`,
      'src/list.mjs': 'export const list = [];\n',
      'src/a.mjs': `import { list } from './list.mjs';\nexport const a = 'a';\nlist.push('from a');\n`,
      'src/b.mjs': `import { list } from './list.mjs';\nexport const b = 'b';\nlist.push('from b');\n`,
    },
    {
      'src/work.mjs': [
        `import { a } from './a.mjs';\nimport { b } from './b.mjs';`,
        `import { b } from './b.mjs';\nimport { a } from './a.mjs';`,
      ],
    },
  ),
  keeps(
    'an export that nobody reads of a module that a constant holds',
    {
      'src/ops.ts': main('await use()', `async function use() { const m = await import('./late.ts'); return m.a; }\n`),
      'src/late.ts': 'export const a = 1;\nexport const b = 3;\n',
    },
    { 'src/late.ts': ['3', '4'] },
  ),
  changes(
    'an export of a module that a constant holds',
    {
      'src/ops.ts': main('await use()', `async function use() { const m = await import('./late.ts'); return m.a; }\n`),
      'src/late.ts': 'export const a = 1;\nexport const b = 3;\n',
    },
    { 'src/late.ts': ONE_TWO },
  ),
  changes(
    'an export that is read by a computed name of a module that a constant holds',
    {
      'src/ops.ts': main(
        'await use()',
        `async function use() { const m = await import('./late.ts'); return [m.b, m['ab'[0] as string]]; }\n`,
      ),
      'src/late.ts': 'export const a = 1;\nexport const b = 3;\n',
    },
    { 'src/late.ts': ONE_TWO },
  ),
  changes(
    'an export of a module that a constant holds and passes on',
    {
      'src/ops.ts': main(
        'await use()',
        `async function use() { const m = await import('./late.ts'); const read = (n: any) => n.a; return [m.b, read(m)]; }\n`,
      ),
      'src/late.ts': 'export const a = 1;\nexport const b = 3;\n',
    },
    { 'src/late.ts': ONE_TWO },
  ),
  changes(
    'an export of a module that two constants of one name hold',
    {
      'src/ops.ts': main(
        'await use()',
        `async function use() { const m = await import('./late.ts'); return [m.b, await (async () => { const m = await import('./late.ts'); return m.a; })()]; }\n`,
      ),
      'src/late.ts': 'export const a = 1;\nexport const b = 3;\n',
    },
    { 'src/late.ts': ONE_TWO },
  ),
  keeps(
    'the layout of a worker',
    {
      'src/ops.ts': main(
        `(await once(new Worker(new URL('./work.mjs', import.meta.url)), 'message'))[0]`,
        `import { Worker } from 'node:worker_threads';\nimport { once } from 'node:events';\n`,
      ),
      'src/work.mjs': `import { parentPort } from 'node:worker_threads';\nparentPort.postMessage( 1 );\n`,
    },
    { 'src/work.mjs': ['( 1 )', '(/* one */ 1)'] },
  ),
  changes(
    'a module that is loaded late to one that asks an empty module for a name',
    {
      'src/ops.ts': main(`import('./one.ts').then(({ n }: any) => typeof n, () => 'fails')`),
      'src/one.ts': '',
      'src/two.ts': `export { n } from './one.ts';\n`,
    },
    { 'src/ops.ts': ['./one.ts', './two.ts'] },
  ),
  changes(
    'which of two modules that are loaded late cannot be loaded',
    {
      'src/ops.ts': main(
        `[await end(import('./a.ts')), await end(import('./b.ts')), await end(import('./a.ts'))].join()`,
        `const end = (loading: any) => loading.then(() => 'loaded', () => 'fails');\n`,
      ),
      'src/a.ts': `export {};\nthrow new Error('no');\n`,
      'src/b.ts': 'export {};\n',
    },
    { 'src/ops.ts': ["'./a.ts'))].", "'./b.ts'))]."] },
  ),
  changes(
    'a name that is declared twice in a function that nobody uses, of a module that is loaded late',
    {
      'src/ops.ts': main(`import('./late.ts').then(({ n }: any) => n, () => 'fails')`),
      'src/late.ts': 'export const n = 1;\nexport const unused = (a: any, b: any) => a;\n',
    },
    { 'src/late.ts': ['b: any', 'a: any'] },
  ),
  changes(
    'what a module that is loaded late asks a package for',
    {
      'package.json': '{"name":"p","type":"module","dependencies":{"dep":"1.0.0"}}',
      'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","type":"module","exports":"./index.js"}',
      'node_modules/dep/index.js': 'export const n = 1;\n',
      'src/ops.ts': main(`import('./late.ts').then(({ f }: any) => f(), () => 'fails')`),
      'src/late.ts': `import { n } from 'dep';\nexport const f = () => 1;\nexport const unused = () => n;\n`,
    },
    { 'src/late.ts': ['{ n }', '{ m as n }'] },
  ),
  changes(
    'what an import condition of the package leads to',
    {
      'package.json': '{"name":"p","type":"module","imports":{"#lib":{"node":"./src/a.ts","default":"./src/b.ts"}}}',
      'src/ops.ts': main('lib', `import { lib } from '#lib';\n`),
      'src/a.ts': 'export const lib = 1;\n',
      'src/b.ts': 'export const lib = 2;\n',
    },
    { 'package.json': ['"node"', '"browser"'] },
  ),
  changes(
    'what an export of a workspace package leads to',
    {
      'packages/q/package.json': '{"name":"q","type":"module","exports":{".":"./src/one.ts"}}',
      'packages/q/src/one.ts': 'export const lib = 1;\n',
      'packages/q/src/two.ts': 'export const lib = 2;\n',
      'src/ops.ts': main('lib', `import { lib } from '../packages/q/src/index.ts';\n`),
      'packages/q/src/index.ts': `export { lib } from 'q';\n`,
    },
    { 'packages/q/package.json': ['one', 'two'] },
  ),
  changes(
    'a live binding that a function of its module assigns',
    {
      'src/ops.ts': main('{ bump(); return n; }', `import { bump, n } from './lib.ts';\n`),
      'src/lib.ts': 'export let n = 0;\nexport function bump() { n = 1; }\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a live binding that a call from a third module assigns',
    {
      'src/ops.ts': main('n', `import { n } from './lib.ts';\nimport './go.ts';\n`),
      'src/lib.ts': 'export let n = 0;\nexport function set(to: number) { n = to; }\n',
      'src/go.ts': `import { set } from './lib.ts';\nset(1);\n`,
    },
    { 'src/go.ts': ONE_TWO },
  ),
  changes(
    'a live binding under another name',
    {
      'src/ops.ts': main('count', `import { count } from './mid.ts';\nimport './go.ts';\n`),
      'src/mid.ts': `export { n as count } from './lib.ts';\n`,
      'src/lib.ts': 'let inner = 0;\nexport { inner as n };\nexport const set = (to: number) => { inner = to; };\n',
      'src/go.ts': `import * as all from './lib.ts';\nall.set(1);\n`,
    },
    { 'src/go.ts': ONE_TWO },
  ),
  changes(
    'a name that two stars export: it becomes ambiguous',
    {
      'src/ops.ts': main('lib.a', `import * as lib from './all.ts';\n`),
      'src/all.ts': `export * from './one.ts';\nexport * from './two.ts';\n`,
      'src/one.ts': 'export const a = 1;\n',
      'src/two.ts': 'export const b = 1;\n',
    },
    { 'src/two.ts': ['const b', 'const a'] },
  ),
  changes(
    'a name that a module declares before one of its stars',
    {
      'src/ops.ts': main('a', `import { a } from './all.ts';\n`),
      'src/all.ts': `export * from './one.ts';\nexport const b = 2;\n`,
      'src/one.ts': 'export const a = 1;\n',
    },
    { 'src/all.ts': ['const b', 'const a'] },
  ),
  changes(
    'a default export without a name',
    {
      'src/ops.ts': main('lib()', `import lib from './lib.ts';\n`),
      'src/lib.ts': 'export default () => 1;\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'the name of a default export without a name',
    {
      'src/ops.ts': main('lib.name', `import lib from './lib.ts';\n`),
      'src/lib.ts': 'export default function () { return 1; }\n',
    },
    { 'src/lib.ts': ['function ()', 'function named()'] },
  ),
  changes(
    'a side effect that a module of a package without side effects has',
    {
      'package.json': '{"name":"p","type":"module","sideEffects":false}',
      'src/ops.ts': main('lib.a', `${LIB}import './patch.ts';\n`),
      'src/lib.ts': 'export const lib = { a: 0 };\n',
      'src/patch.ts': `${LIB}lib.a = 1;\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'a directive of a function',
    {
      'src/ops.ts': main('lib()', `import lib from './lib.cjs';\n`),
      'src/lib.cjs': `module.exports = function () { 'use strict'; return this === undefined; };\n`,
    },
    { 'src/lib.cjs': [`'use strict'; `, ''] },
  ),
  changes(
    'a directive of a CommonJS file',
    {
      'src/ops.ts': main('lib()', `import lib from './lib.cjs';\n`),
      'src/lib.cjs': `'use strict';\nmodule.exports = function () { return this === undefined; };\n`,
    },
    { 'src/lib.cjs': [`'use strict';\n`, ''] },
  ),
  keeps(
    'a comment',
    { 'src/ops.ts': main('lib()', LIB), 'src/lib.ts': '/** @internal */\nexport const lib = () => 1;\n' },
    { 'src/lib.ts': ['/** @internal */\n', ''] },
  ),
  changes(
    'the pragma that says what JSX is compiled to',
    {
      'src/ops.ts': main('view()', `import { view } from './view.tsx';\n`),
      'src/view.tsx': `/** @jsx h */\nconst h = (tag: any) => 'h' + tag;\nconst k = (tag: any) => 'k' + tag;\nexport const view = () => <a/>;\nexport const other = [h, k];\n`,
    },
    { 'src/view.tsx': ['@jsx h', '@jsx k'] },
  ),
  changes(
    'the function that a JSX pragma names',
    {
      'src/ops.ts': main('view()', `import { view } from './view.tsx';\n`),
      'src/view.tsx': `/** @jsx h */\nimport { h } from './h.ts';\nexport const view = () => <a/>;\n`,
      'src/h.ts': `export const h = (tag: any) => tag + 1;\n`,
    },
    { 'src/h.ts': ONE_TWO },
  ),
  changes(
    'the fragment that a JSX pragma names',
    {
      'src/ops.ts': main('view()', `import { view } from './view.tsx';\n`),
      'src/view.tsx': `/** @jsx h */\n/** @jsxFrag F */\nimport { h, F } from './h.ts';\nexport const view = () => <></>;\n`,
      'src/h.ts': `export const F = 1;\nexport const h = (tag: any) => tag;\n`,
    },
    { 'src/h.ts': ONE_TWO },
  ),
  changes(
    'the module that a JSX pragma names',
    {
      'src/ops.ts': main('view()', `import { view } from './view.tsx';\n`),
      'package.json': '{"name":"p","type":"module","imports":{"#jsx/*":"./src/*.ts"}}',
      'src/view.tsx': `/** @jsxRuntime automatic */\n/** @jsxImportSource #jsx */\nexport const view = () => <a/>;\n`,
      'src/jsx-runtime.ts': `export const jsx = (tag: any) => tag + 1;\n`,
    },
    { 'src/jsx-runtime.ts': ONE_TWO },
  ),
  keeps(
    'a byte order mark and line ends',
    { 'src/ops.ts': main('lib()', LIB), 'src/lib.ts': 'export const lib = () => `a\nb`;\n' },
    { 'src/lib.ts': ['export const lib = () => `a\nb`;\n', '\ufeffexport const lib = () => `a\r\nb`;\r\n'] },
  ),
  changes(
    'an escaped line end in a template',
    { 'src/ops.ts': main('lib()', LIB), 'src/lib.ts': 'export const lib = () => `a\nb`;\n' },
    { 'src/lib.ts': ['a\nb', 'a\\r\\nb'] },
  ),
  keeps(
    'escapes in names, and separators in numbers',
    { 'src/ops.ts': main('lib()', LIB), 'src/lib.ts': 'const ab = 1000;\nexport const lib = () => ab;\n' },
    { 'src/lib.ts': ['=> ab', '=> \\u0061b'] },
  ),
  keeps(
    'separators in numbers',
    { 'src/ops.ts': main('lib()', LIB), 'src/lib.ts': 'export const lib = () => 1000;\n' },
    { 'src/lib.ts': ['1000', '1_000'] },
  ),
  changes(
    'the name of a parameter property',
    {
      'src/ops.ts': main('JSON.stringify(new lib(x))', LIB),
      'src/lib.ts': 'export class lib { constructor(public q: any) {} }\n',
    },
    { 'src/lib.ts': ['public q', 'public r'] },
  ),
  ...[
    `(await import('./lib.ts')).a`,
    `{ const { a } = await import('./lib.ts'); return a; }`,
    `import('./lib.ts').then(({ a: b }) => b)`,
    `{ const { a = 5 } = createRequire(import.meta.url)('./lib.cjs'); return a; }`,
  ].flatMap((value) => {
    const files = {
      'src/ops.ts': main(value, `import { createRequire } from 'node:module';\nexport const keep = createRequire;\n`),
      'src/lib.ts': 'export const a = 1;\nexport const b = 3;\n',
      'src/lib.cjs': 'exports.a = 1;\n',
    };
    return [
      changes(`an export that is loaded: ${value}`, files, { 'src/lib.ts': ONE_TWO, 'src/lib.cjs': ONE_TWO }),
      keeps(`an export beside the one that is loaded: ${value}`, files, { 'src/lib.ts': ['3', '4'] }),
    ];
  }),
  changes(
    'the export `then` of a module that is waited for',
    {
      'src/ops.ts': main(`(await import('./lib.ts') as any).a`),
      'src/lib.ts': 'export const a = 1;\nexport const other = (done: any) => done({ a: 2 });\n',
    },
    { 'src/lib.ts': ['const other', 'const then'] },
  ),
  changes(
    'an export of a namespace that a computed name picks',
    {
      'src/ops.ts': main(`(lib as any)['a' + (x > 9 ? 'b' : '')]`, `import * as lib from './lib.ts';\n`),
      'src/lib.ts': 'export const a = 1;\nexport const b = 3;\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a value that another module changes after loading it itself',
    {
      'src/ops.ts': main('lib.a', `${LIB}import './patch.ts';\n`),
      'src/lib.ts': 'export const lib = { a: 0 };\n',
      'src/patch.ts': `const { lib } = await import('./lib.ts');\nlib.a = 1;\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'a value that another module changes through the namespace that it loads',
    {
      'src/ops.ts': main('lib.a', `${LIB}import './patch.ts';\n`),
      'src/lib.ts': 'export const lib = { a: 0 };\n',
      'src/patch.ts': `(await import('./lib.ts')).lib.a = 1;\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'a value that another module changes when it is loaded',
    {
      'src/ops.ts': main('lib.a', `${LIB}import './patch.ts';\n`),
      'src/lib.ts': 'export const lib = { a: 0 };\n',
      'src/patch.ts': `await import('./lib.ts').then((all) => { all.lib.a = 1; });\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'what CommonJS code changes of another CommonJS file',
    {
      'src/ops.ts': main('lib.a', `import lib from './lib.cjs';\nimport './patch.cjs';\n`),
      'src/lib.cjs': 'exports.a = 0;\n',
      'src/patch.cjs': `require('./lib.cjs').a = 1;\n`,
    },
    { 'src/patch.cjs': ONE_TWO },
  ),
  changes(
    'what CommonJS code changes of another CommonJS file by a name for it',
    {
      'src/ops.ts': main('lib.a', `import lib from './lib.cjs';\nimport './patch.cjs';\n`),
      'src/lib.cjs': 'exports.a = 0;\n',
      'src/patch.cjs': `const lib = require('./lib.cjs');\nlib.a = 1;\n`,
    },
    { 'src/patch.cjs': ONE_TWO },
  ),
  changes(
    'a module that is loaded late and then cannot be: an export twice',
    {
      'src/ops.ts': main(`(await import('./lib.ts')).a`),
      'src/lib.ts': 'export const a = 1;\nexport const b = 2;\n',
    },
    { 'src/lib.ts': ['const b = 2', 'const b = 2;\nexport { b as a }'] },
  ),
  changes(
    'a value that a class decorator of another module gives',
    {
      'src/ops.ts': main('new lib().tag', LIB),
      'src/lib.ts': `import { tag } from './tag.ts';\n@tag\nexport class lib { declare tag: any; }\n`,
      'src/tag.ts': 'export function tag(target: any) { target.prototype.tag = 1; }\n',
    },
    { 'src/tag.ts': ONE_TWO },
  ),
  changes(
    'what a registering decorator stores elsewhere',
    {
      'src/ops.ts': main(
        'registry.map((one: any) => one.size)',
        `import { registry } from './registry.ts';\nimport './lib.ts';\n`,
      ),
      'src/registry.ts':
        'export const registry: any[] = [];\nexport const register = (target: any, _context?: any) => { registry.push(target); };\n',
      'src/lib.ts': `import { register } from './registry.ts';\n@register\nclass Lib { static size = 1; }\nexport const keep = Lib;\n`,
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a getter that is defined on an imported object',
    {
      'src/ops.ts': main('(lib as any).late', `${LIB}import './patch.ts';\n`),
      'src/lib.ts': 'export const lib = {};\n',
      'src/patch.ts': `${LIB}const { defineProperty } = Object;\ndefineProperty(lib, 'late', { get: () => 1 });\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'a method that is added through the prototype of a value',
    {
      'src/ops.ts': main('(lib as any).late()', `${LIB}import './patch.ts';\n`),
      'src/lib.ts': 'class Lib {}\nexport const lib = new Lib();\n',
      'src/patch.ts': `${LIB}(lib as any).__proto__.late = () => 1;\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'a map that is filled by a loop',
    {
      'src/ops.ts': main(`lib.get('a')`, LIB),
      'src/lib.ts': `export const lib = new Map<string, number>();\nfor (const [key, value] of Object.entries({ a: 1 })) lib.set(key, value);\n`,
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a map that another module fills by a callback',
    {
      'src/ops.ts': main(`lib.get('a')`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = new Map<string, number>();\n`,
      'src/fill.ts': `${LIB}['a'].forEach((key) => lib.set(key, 1));\n`,
    },
    { 'src/fill.ts': ONE_TWO },
  ),
  changes(
    'a function that is bound and called to fill a map',
    {
      'src/ops.ts': main(`lib.get('a')`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = new Map<string, number>();\n`,
      'src/fill.ts': `${LIB}const put = lib.set.bind(lib);\nput('a', 1);\n`,
    },
    { 'src/fill.ts': ONE_TWO },
  ),
  changes(
    'a function that is handed out and called elsewhere to fill a map',
    {
      'src/ops.ts': main(`lib.get('a')`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = new Map<string, number>();\nexport const api = { put(n: number) { lib.set('a', n); } };\n`,
      'src/fill.ts': `import { api } from './lib.ts';\nconst { put } = api;\n[1].map(put);\n`,
    },
    { 'src/fill.ts': ONE_TWO },
  ),
  changes(
    'a change that a promise makes later',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { a: 0 };\n`,
      'src/fill.ts': `${LIB}export const done = Promise.resolve(1).then((n) => { lib.a = n; });\nawait done;\n`,
    },
    { 'src/fill.ts': ONE_TWO },
  ),
  changes(
    'a change that a timer makes',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { a: 0 };\n`,
      'src/fill.ts': `${LIB}await new Promise<void>((done) => setTimeout(() => { lib.a = 1; done(); }, 0));\n`,
    },
    { 'src/fill.ts': ONE_TWO },
  ),
  changes(
    'a change that an event makes',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `import { EventEmitter } from 'node:events';\nexport const bus = new EventEmitter();\nexport const lib = { a: 0 };\nbus.on('set', (n: number) => { lib.a = n; });\n`,
      'src/fill.ts': `import { bus } from './lib.ts';\nbus.emit('set', 1);\n`,
    },
    { 'src/fill.ts': ONE_TWO },
  ),
  changes(
    'a change through a proxy',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { a: 0 };\n`,
      'src/fill.ts': `${LIB}const view = new Proxy(lib, {});\nview.a = 1;\n`,
    },
    { 'src/fill.ts': ONE_TWO },
  ),
  changes(
    'a change through a class that keeps the value',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { a: 0 };\n`,
      'src/fill.ts': `${LIB}class Holder { held: any; constructor(held: any) { this.held = held; } set(n: number) { this.held.a = n; } }\nnew Holder(lib).set(1);\n`,
    },
    { 'src/fill.ts': ONE_TWO },
  ),
  changes(
    'a change through a closure that keeps the value',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { a: 0 };\n`,
      'src/fill.ts': `import { setter } from './setter.ts';\n${LIB}const set = setter(lib);\nset(1);\n`,
      'src/setter.ts': `export const setter = (target: any) => (n: number) => { target.a = n; };\n`,
    },
    { 'src/fill.ts': ONE_TWO },
  ),
  changes(
    'a change through the result of a function',
    {
      'src/ops.ts': main(`lib().a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `const state = { a: 0 };\nexport const lib = () => state;\n`,
      'src/fill.ts': `${LIB}lib().a = 1;\n`,
    },
    { 'src/fill.ts': ONE_TWO },
  ),
  changes(
    'a change in a generator that is run to its end',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { a: 0 };\n`,
      'src/fill.ts': `${LIB}function* go() { lib.a = 1; yield; }\nfor (const _ of go());\n`,
    },
    { 'src/fill.ts': ONE_TWO },
  ),
  changes(
    'a change by a getter that is read',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { a: 0 };\nexport const trap = { get go() { lib.a += 1; return 0; } };\n`,
      'src/fill.ts': `import { trap } from './lib.ts';\nexport const seen = trap.go;\n`,
    },
    { 'src/fill.ts': ['= trap.go', '= 0'] },
  ),
  changes(
    'a change by the conversion of a value',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { a: 0 };\nexport const trap = { valueOf() { lib.a += 1; return 0; } };\n`,
      'src/fill.ts': `import { trap } from './lib.ts';\nexport const seen = (trap as any) * 1;\n`,
    },
    { 'src/fill.ts': ['(trap as any) * 1', '0'] },
  ),
  changes(
    'a change by an iterator',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { a: 0 };\nexport const trap = { *[Symbol.iterator]() { lib.a += 1; } };\n`,
      'src/fill.ts': `import { trap } from './lib.ts';\nexport const seen = [...trap];\n`,
    },
    { 'src/fill.ts': ['[...trap]', '[]'] },
  ),
  changes(
    'a change by a setter',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { a: 0 };\nexport const trap = { set go(n: number) { lib.a = n; } };\n`,
      'src/fill.ts': `import { trap } from './lib.ts';\ntrap.go = 1;\n`,
    },
    { 'src/fill.ts': ONE_TWO },
  ),
  changes(
    'a change as a class is extended',
    {
      'src/ops.ts': main(`lib.made`, `${LIB}import './sub.ts';\n`),
      'src/lib.ts': `export class lib { static made = 0; }\n`,
      'src/sub.ts': `${LIB}class Sub extends lib { static { super.made; lib.made = 1; } }\nexport const keep = Sub;\n`,
    },
    { 'src/sub.ts': ONE_TWO },
  ),
  changes(
    'a change as a class is made',
    {
      'src/ops.ts': main(`lib.made`, `${LIB}import './sub.ts';\n`),
      'src/lib.ts': `export class lib { static made = 0; constructor(n: number) { lib.made = n; } }\n`,
      'src/sub.ts': `${LIB}class Sub extends lib {}\nexport const keep = new Sub(1);\n`,
    },
    { 'src/sub.ts': ONE_TWO },
  ),
  changes(
    'the name of a class that is read',
    {
      'src/ops.ts': main('new lib().constructor.name', LIB),
      'src/lib.ts': 'const lib = class Inner {};\nexport { lib };\n',
    },
    { 'src/lib.ts': ['Inner', 'Other'] },
  ),
  changes(
    'the name that a constant gives a function',
    {
      'src/ops.ts': main('lib.name', `import { made as lib } from './lib.ts';\n`),
      'src/lib.ts': 'const first = () => 1;\nexport { first as made };\n',
    },
    { 'src/lib.ts': ['const first = () => 1;\nexport { first', 'const second = () => 1;\nexport { second'] },
  ),
  changes(
    'the number of parameters of a function',
    { 'src/ops.ts': main('lib.length', LIB), 'src/lib.ts': 'export const lib = (a: any, b: any) => a;\n' },
    { 'src/lib.ts': ['b: any', 'b: any = 1'] },
  ),
  changes(
    'a `this` parameter that becomes a real one',
    { 'src/ops.ts': main('lib.length', LIB), 'src/lib.ts': 'export function lib(this: any) { return 1; }\n' },
    { 'src/lib.ts': ['this: any', 'that: any'] },
  ),
  changes(
    'a variable that shadows an import',
    {
      'src/ops.ts': main('{ const out = lib; { return [out]; } }', LIB),
      'src/lib.ts': 'export const lib = 1;\n',
    },
    { 'src/ops.ts': ['{ return [out]; }', '{ const out = 3; return [out]; }'] },
  ),
  changes(
    'a `var` in a block that is seen outside of it',
    {
      'src/ops.ts': main('lib()', LIB),
      'src/lib.ts': 'export function lib() { var n = 1; { let n = 2; n += 1; } return n; }\n',
    },
    { 'src/lib.ts': ['let n', 'var n'] },
  ),
  changes(
    'a function in a block',
    {
      'src/ops.ts': main('lib()', `import lib from './lib.cjs';\n`),
      'src/lib.cjs': `module.exports = function () { { function inner() { return 1; } } return typeof inner; };\n`,
    },
    { 'src/lib.cjs': ['module.exports', `'use strict';\nmodule.exports`] },
  ),
  changes(
    'which of two loop variables a closure sees',
    {
      'src/ops.ts': main('lib()', LIB),
      'src/lib.ts':
        'export const lib = () => { const all: any[] = []; for (let i = 0; i < 2; i++) all.push(() => i); return all.map((f) => f()); };\n',
    },
    { 'src/lib.ts': ['let i', 'var i'] },
  ),
  changes(
    'a namespace that is exported under a name',
    {
      'src/ops.ts': main('all.lib', `import { all } from './all.ts';\n`),
      'src/all.ts': `export * as all from './lib.ts';\n`,
      'src/lib.ts': 'export const lib = 1;\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a namespace that is spread',
    {
      'src/ops.ts': main('({ ...all }).lib', `import * as all from './lib.ts';\n`),
      'src/lib.ts': 'export const lib = 1;\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a namespace that is destructured',
    {
      'src/ops.ts': main('lib', `import * as all from './lib.ts';\nconst { lib } = all;\n`),
      'src/lib.ts': 'export const lib = 1;\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'whether a namespace has a name',
    {
      'src/ops.ts': main(`'extra' in all`, `import * as all from './lib.ts';\n`),
      'src/lib.ts': 'export const lib = 1;\n',
    },
    { 'src/lib.ts': ['lib = 1;', 'lib = 1;\nexport const extra = 2;'] },
  ),
  changes(
    'a name with letters beyond ASCII',
    { 'src/ops.ts': main('été', `import { été } from './lib.ts';\n`), 'src/lib.ts': 'export const été = 1;\n' },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'an export whose name is a text',
    {
      'src/ops.ts': main('lib', `import { 'a b' as lib } from './lib.ts';\n`),
      'src/lib.ts': `const lib = 1;\nexport { lib as 'a b' };\n`,
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a constant that a computed key of a class takes',
    {
      'src/ops.ts': main('Object.keys(new lib())', LIB),
      'src/lib.ts': `import { key } from './key.ts';\nexport class lib { [key] = 0; }\n`,
      'src/key.ts': `export const key = 'k1';\n`,
    },
    { 'src/key.ts': ONE_TWO },
  ),
  changes(
    'a private method',
    {
      'src/ops.ts': main('new lib().go()', LIB),
      'src/lib.ts': 'export class lib { #n() { return 1; } go() { return this.#n(); } }\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'an accessor field',
    {
      'src/ops.ts': main('new lib().n', LIB),
      'src/lib.ts': 'export class lib { static get base() { return 1; } get n() { return lib.base; } }\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a class that is made by a function',
    {
      'src/ops.ts': main('new lib().go()', LIB),
      'src/lib.ts': `import { mix } from './mix.ts';\nexport class lib extends mix(Object) {}\n`,
      'src/mix.ts': `export const mix = (base: any): any => class extends base { go() { return 1; } };\n`,
    },
    { 'src/mix.ts': ONE_TWO },
  ),
  changes(
    'an import that is there for its effects, behind a module that only passes names on',
    {
      'src/ops.ts': main('lib.a', `import { lib } from './index.ts';\n`),
      'src/index.ts': `export { lib } from './lib.ts';\nimport './patch.ts';\n`,
      'src/lib.ts': 'export const lib = { a: 0 };\n',
      'src/patch.ts': `${LIB}lib.a = 1;\n`,
    },
    { 'src/patch.ts': ONE_TWO },
  ),
  changes(
    'a module that passes names on and changes one',
    {
      'src/ops.ts': main('lib.a', `import { lib } from './index.ts';\n`),
      'src/index.ts': `import { lib } from './lib.ts';\nlib.a = 1;\nexport { lib };\n`,
      'src/lib.ts': 'export const lib = { a: 0 };\n',
    },
    { 'src/index.ts': ONE_TWO },
  ),
  changes(
    'an assignment that destructures',
    {
      'src/ops.ts': main('[n, m]', `import { n, m } from './lib.ts';\n`),
      'src/lib.ts': 'export let n = 0, m = 0;\n[n, m] = [1, 3];\n',
    },
    { 'src/lib.ts': ['[1, 3]', '[3, 1]'] },
  ),
  changes(
    'a variable that a loop assigns',
    {
      'src/ops.ts': main('n', `import { n } from './lib.ts';\n`),
      'src/lib.ts': 'export let n = 0;\nfor (n of [1]);\n',
    },
    { 'src/lib.ts': ['[1]', '[2]'] },
  ),
  changes(
    'a variable that an inner function of an initialiser assigns',
    {
      'src/ops.ts': main('n', `import { n } from './lib.ts';\n`),
      'src/lib.ts': 'export let n = 0;\nexport const made = [1].map((each) => { n += each; return n; });\n',
    },
    { 'src/lib.ts': ['[1]', '[2]'] },
  ),
  changes(
    'the order of two statements that change one value',
    {
      'src/ops.ts': main('lib.a', LIB),
      'src/lib.ts': 'export const lib = { a: 0 };\nlib.a += 2;\nlib.a *= 3;\n',
    },
    { 'src/lib.ts': ['lib.a += 2;\nlib.a *= 3;', 'lib.a *= 3;\nlib.a += 2;'] },
  ),
  changes(
    'a statement between a value and a copy of it',
    {
      'src/ops.ts': main('copy', `import { copy } from './lib.ts';\n`),
      'src/lib.ts': 'const lib = { a: 0 };\nlib.a = 1;\nexport const copy = lib.a;\n',
    },
    { 'src/lib.ts': ['lib.a = 1;\nexport const copy = lib.a;', 'export const copy = lib.a;\nlib.a = 1;'] },
  ),
  changes(
    'a counter that modules take numbers from',
    {
      'src/ops.ts': main('[a, b]', `import { a } from './a.ts';\nimport { b } from './b.ts';\n`),
      'src/count.ts': 'let n = 0;\nexport const next = () => ++n;\n',
      'src/a.ts': `import { next } from './count.ts';\nexport const a = next();\n`,
      'src/b.ts': `import { next } from './count.ts';\nexport const b = next();\n`,
    },
    {
      'src/ops.ts': [
        `import { a } from './a.ts';\nimport { b } from './b.ts';`,
        `import { b } from './b.ts';\nimport { a } from './a.ts';`,
      ],
    },
  ),
  changes(
    'a counter that another module takes a number from first',
    {
      'src/ops.ts': main('a', `import './b.ts';\nimport { a } from './a.ts';\n`),
      'src/count.ts': 'let n = 0;\nexport const next = () => ++n;\n',
      'src/a.ts': `import { next } from './count.ts';\nexport const a = next();\n`,
      'src/b.ts': `import { next } from './count.ts';\nexport const b = next();\n`,
    },
    { 'src/b.ts': ['= next()', '= 0'] },
  ),
  changes(
    'a switch of the global object',
    {
      'src/ops.ts': main('(globalThis as any).switchOfHardEdits', `import './on.ts';\n`),
      'src/on.ts': `Object.assign(globalThis, { switchOfHardEdits: 1 });\nexport {};\n`,
    },
    { 'src/on.ts': ONE_TWO },
  ),
  changes(
    'a switch of the global object under another name',
    {
      'src/ops.ts': main('(globalThis as any).otherSwitchOfHardEdits', `import './on.ts';\n`),
      'src/on.ts': `const world: any = globalThis;\nworld['otherSwitch' + 'OfHardEdits'] = 1;\nexport {};\n`,
    },
    { 'src/on.ts': ONE_TWO },
  ),
  changes(
    'a global function that is replaced',
    {
      'src/ops.ts': main('Math.hypot(3, 4)', `import './on.ts';\n`),
      'src/on.ts': `const { hypot } = Math;\nMath.hypot = (...all) => (all.length === 2 ? 1 : hypot(...all));\nexport {};\n`,
    },
    { 'src/on.ts': ['? 1', '? 2'] },
  ),
  changes(
    'a default that a re-exporting module gives',
    {
      'src/ops.ts': main('lib', `import lib from './index.ts';\n`),
      'src/index.ts': `export { default } from './lib.ts';\n`,
      'src/lib.ts': 'export default 1;\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a CommonJS module that a CommonJS module passes on',
    {
      'src/ops.ts': main('lib.a', `import lib from './lib.cjs';\n`),
      'src/lib.cjs': `module.exports = require('./inner.cjs');\n`,
      'src/inner.cjs': 'exports.a = 1;\n',
    },
    { 'src/inner.cjs': ONE_TWO },
  ),
  changes(
    'JSON that is required',
    {
      'src/ops.ts': main('lib.a', `import lib from './lib.cjs';\n`),
      'src/lib.cjs': `const { a } = require('./data.json');\nexports.a = a;\n`,
      'src/data.json': '{"a":1}',
    },
    { 'src/data.json': ONE_TWO },
  ),
  changes(
    'a directory that is listed',
    {
      'src/ops.ts': main(
        `readdirSync(new URL('./data', import.meta.url)).length`,
        `import { readdirSync } from 'node:fs';\n`,
      ),
      'src/data/a.txt': '1',
    },
    { 'src/data/b.txt': ['', '1'] },
  ),
  changes(
    'a package that is installed',
    {
      'src/ops.ts': main('lib', `import { lib } from 'hard-edit-package';\n`),
      'node_modules/hard-edit-package/package.json':
        '{"name":"hard-edit-package","version":"1.0.0","type":"module","exports":"./v1.js"}',
      'node_modules/hard-edit-package/v1.js': 'export const lib = 1;\n',
      'node_modules/hard-edit-package/v2.js': 'export const lib = 2;\n',
    },
    {
      'node_modules/hard-edit-package/package.json': [
        '"version":"1.0.0","type":"module","exports":"./v1.js"',
        '"version":"2.0.0","type":"module","exports":"./v2.js"',
      ],
    },
  ),
  changes(
    'an own name behind a package that is passed on as a whole',
    {
      'src/ops.ts': main('own', `import { own } from './all.ts';\n`),
      'src/all.ts': `export * from 'hard-edit-package';\nexport * from './own.ts';\n`,
      'src/own.ts': 'export const own = 1;\n',
      'node_modules/hard-edit-package/package.json':
        '{"name":"hard-edit-package","version":"1.0.0","type":"module","exports":"./v1.js"}',
      'node_modules/hard-edit-package/v1.js': 'export const lib = 1;\n',
    },
    { 'src/own.ts': ONE_TWO },
  ),
  keeps(
    'an export that nobody imports',
    { 'src/ops.ts': main('lib()', LIB), 'src/lib.ts': 'export const lib = () => 1;\nexport const other = () => 2;\n' },
    { 'src/lib.ts': ['=> 2', '=> 3'] },
  ),
  keeps(
    'the order of two functions',
    {
      'src/ops.ts': main('[lib(), other()]', `import { lib, other } from './lib.ts';\n`),
      'src/lib.ts': 'export const lib = () => 1;\nexport const other = () => 2;\n',
    },
    {
      'src/lib.ts': [
        'export const lib = () => 1;\nexport const other = () => 2;',
        'export const other = () => 2;\nexport const lib = () => 1;',
      ],
    },
  ),
  keeps(
    'a method of another name, in a class that is not used',
    {
      'src/ops.ts': main('lib()', LIB),
      'src/lib.ts': 'export const lib = () => 1;\nexport class Other { a() { return 1; } }\n',
    },
    { 'src/lib.ts': ['a()', 'b()'] },
  ),
  changes(
    'a module that is loaded late and uses what it declares only below',
    {
      'src/ops.ts': main(`typeof (await import('./lib.ts')).Lib`),
      'src/lib.ts': 'class Base {}\nexport class Lib extends Base {}\n',
    },
    {
      'src/lib.ts': [
        'class Base {}\nexport class Lib extends Base {}',
        'export class Lib extends Base {}\nclass Base {}',
      ],
    },
  ),
  changes(
    'a variable that is read before it is evaluated',
    { 'src/ops.ts': main('lib', LIB), 'src/lib.ts': 'var n = 1;\nexport var lib = String(n);\n' },
    { 'src/lib.ts': ['var n = 1;\nexport var lib = String(n);', 'export var lib = String(n);\nvar n = 1;'] },
  ),
  changes(
    'a variable that a function reads before it is evaluated',
    {
      'src/ops.ts': main('lib', LIB),
      'src/lib.ts': 'var n = 1;\nexport const lib = get();\nfunction get() { return String(n); }\n',
    },
    { 'src/lib.ts': ['var n = 1;\nexport const lib = get();', 'export const lib = get();\nvar n = 1;'] },
  ),
  changes(
    'a constant that is asked for before it is evaluated, which is caught',
    {
      'src/ops.ts': main('lib', LIB),
      'src/lib.ts':
        'const n = 1;\nexport const lib = get();\nfunction get() { try { return n; } catch { return 0; } }\n',
    },
    { 'src/lib.ts': ['const n = 1;\nexport const lib = get();', 'export const lib = get();\nconst n = 1;'] },
  ),
  changes(
    'an enum whose type is asked before it is evaluated',
    { 'src/ops.ts': main('lib', LIB), 'src/lib.ts': 'enum E { A }\nexport const lib = typeof E;\n' },
    { 'src/lib.ts': ['enum E { A }\nexport const lib = typeof E;', 'export const lib = typeof E;\nenum E { A }'] },
  ),
  changes(
    'which of two modules that import each other is evaluated first',
    {
      'src/ops.ts': main('[a, b]', `import { a } from './a.ts';\nimport { b } from './b.ts';\n`),
      'src/a.ts': `import { b } from './b.ts';\nexport const a = 1;\nexport const late = () => b;\n`,
      'src/b.ts': `import { a } from './a.ts';\nconst get = () => { try { return a; } catch { return 0; } };\nexport const b = get();\n`,
    },
    {
      'src/ops.ts': [
        `import { a } from './a.ts';\nimport { b } from './b.ts';`,
        `import { b } from './b.ts';\nimport { a } from './a.ts';`,
      ],
    },
  ),
  keeps(
    'the order of two constants of which one is used by a function that is called later',
    {
      'src/ops.ts': main('lib()', LIB),
      'src/lib.ts': 'const n = 1;\nconst made = new Map([[1, 2]]);\nexport const lib = () => [n, made.get(1)];\n',
    },
    {
      'src/lib.ts': ['const n = 1;\nconst made = new Map([[1, 2]]);', 'const made = new Map([[1, 2]]);\nconst n = 1;'],
    },
  ),
  changes(
    'an enum member that is a constant of another file',
    {
      'src/ops.ts': main('lib.B', LIB),
      'src/lib.ts': `import { base } from './base.ts';\nexport enum lib { A = base, B = A + 1 }\n`,
      'src/base.ts': 'export const base = 1;\n',
    },
    { 'src/base.ts': ONE_TWO },
  ),
  changes(
    'a constant function that is called before it is evaluated, which is caught',
    {
      'src/ops.ts': main('lib', LIB),
      'src/lib.ts': `const n = () => 1;\nexport const lib = get();\nfunction get() { try { return n(); } catch { return 0; } }\n`,
    },
    {
      'src/lib.ts': [`const n = () => 1;\nexport const lib = get();`, `export const lib = get();\nconst n = () => 1;`],
    },
  ),
  changes(
    'a constant that a getter reads before it is evaluated',
    {
      'src/ops.ts': main('lib', LIB),
      'src/lib.ts': `const o = { get v() { try { return n; } catch { return 0; } } };\nconst n = 1;\nexport const lib = o.v;\n`,
    },
    { 'src/lib.ts': [`const n = 1;\nexport const lib = o.v;`, `export const lib = o.v;\nconst n = 1;`] },
  ),
  changes(
    'a constant that a proxy reads before it is evaluated',
    {
      'src/ops.ts': main('lib', LIB),
      'src/lib.ts': `const o = new Proxy({}, { get() { try { return n; } catch { return 0; } } }) as any;\nconst n = 1;\nexport const lib = o.v;\n`,
    },
    { 'src/lib.ts': [`const n = 1;\nexport const lib = o.v;`, `export const lib = o.v;\nconst n = 1;`] },
  ),
  changes(
    'a constant that a conversion reads before it is evaluated',
    {
      'src/ops.ts': main('lib', LIB),
      'src/lib.ts': `const o = { valueOf() { try { return n; } catch { return 0; } } };\nconst n = 1;\nexport const lib = +o;\n`,
    },
    { 'src/lib.ts': [`const n = 1;\nexport const lib = +o;`, `export const lib = +o;\nconst n = 1;`] },
  ),
  changes(
    'a constant that a check of an instance reads before it is evaluated',
    {
      'src/ops.ts': main('lib', LIB),
      'src/lib.ts': `const o = { [Symbol.hasInstance]() { try { return n; } catch { return false; } } };\nconst n = true;\nexport const lib = {} instanceof o;\n`,
    },
    {
      'src/lib.ts': [
        `const n = true;\nexport const lib = {} instanceof o;`,
        `export const lib = {} instanceof o;\nconst n = true;`,
      ],
    },
  ),
  changes(
    'a namespace in a namespace, declared in one',
    {
      'src/ops.ts': main('lib.inner.size', LIB),
      'src/lib.ts': 'export namespace lib.inner { export const size = 1; }\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'the name of a namespace in a namespace, declared in one',
    {
      'src/ops.ts': main('Object.keys(lib)', LIB),
      'src/lib.ts': 'export namespace lib.inner { export const size = 1; }\n',
    },
    { 'src/lib.ts': ['inner', 'other'] },
  ),
  changes(
    'a variable that one of two declarations of a namespace in a namespace has',
    {
      'src/ops.ts': main('lib.inner.get()', LIB),
      'src/lib.ts':
        'export namespace lib.inner { export let size = 1; }\nexport namespace lib.inner { export const get = () => size; }\n',
    },
    { 'src/lib.ts': ONE_TWO },
  ),
  changes(
    'a change by a getter that was added to what it changes',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib: any = { a: 0 };\nObject.defineProperty(lib, 'go', { get() { this.a += 1; return 0; } });\n`,
      'src/fill.ts': `${LIB}export const seen = lib.go;\n`,
    },
    { 'src/fill.ts': ['= lib.go', '= 0'] },
  ),
  changes(
    'a change by a getter whose description stands in another file',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/going.ts': 'export const going = { get() { (this as any).a += 1; return 0; } };\n',
      'src/lib.ts': `import { going } from './going.ts';\nexport const lib: any = { a: 0 };\nObject.defineProperty(lib, 'go', going);\n`,
      'src/fill.ts': `${LIB}export const seen = lib.go;\n`,
    },
    { 'src/fill.ts': ['= lib.go', '= 0'] },
  ),
  changes(
    'a change by a getter that a function adds',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/arm.ts': `export const arm = (o: any) => o.__defineGetter__('go', function (this: any) { this.a += 1; return 0; });\n`,
      'src/lib.ts': `import { arm } from './arm.ts';\nexport const lib: any = { a: 0 };\narm(lib);\n`,
      'src/fill.ts': `${LIB}export const seen = lib.go;\n`,
    },
    { 'src/fill.ts': ['= lib.go', '= 0'] },
  ),
  changes(
    'a change by a getter of what is held by what is read',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib: any = { a: 0 };\nexport const box: any = {};\nbox.held = lib;\nObject.defineProperty(lib, 'go', { get() { this.a += 1; return 0; } });\n`,
      'src/fill.ts': `import { box } from './lib.ts';\nexport const seen = box.held.go;\n`,
    },
    { 'src/fill.ts': ['= box.held.go', '= 0'] },
  ),
  changes(
    'a change by a getter that has a name',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `function go(this: any) { this.a += 1; return 0; }\nexport const lib: any = { a: 0 };\nObject.defineProperty(lib, 'go', { get: go });\n`,
      'src/fill.ts': `${LIB}export const seen = lib.go;\n`,
    },
    { 'src/fill.ts': ['= lib.go', '= 0'] },
  ),
  changes(
    'a change by a conversion that is assigned',
    {
      'src/ops.ts': main(`lib.a`, `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib: any = { a: 0 };\nlib.valueOf = function (this: any) { this.a += 1; return 0; };\n`,
      'src/fill.ts': `${LIB}export const seen = lib * 1;\n`,
    },
    { 'src/fill.ts': ['= lib * 1', '= 0'] },
  ),
  changes(
    'a change by a getter of its own',
    {
      'src/ops.ts': main('lib.n', `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { n: 0, get go() { return (this.n += 1); } };\n`,
      'src/fill.ts': `import { lib } from './lib.ts';\nlib.go;\n`,
    },
    { 'src/fill.ts': [`lib.go;`, `lib.go; lib.go;`] },
  ),
  changes(
    'a change by a getter of the class of a value',
    {
      'src/ops.ts': main('lib.n', `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `class C { n = 0; get go() { return (this.n += 1); } }\nexport const lib = new C();\n`,
      'src/fill.ts': `import { lib } from './lib.ts';\nconst seen = lib.go;\n`,
    },
    { 'src/fill.ts': [`= lib.go;`, `= [lib.go, lib.go];`] },
  ),
  changes(
    'a change by a getter of what a function makes',
    {
      'src/ops.ts': main('lib.n', `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `const make = () => ({ n: 0, get go() { return (this.n += 1); } });\nexport const lib = make();\n`,
      'src/fill.ts': `import { lib } from './lib.ts';\nlib.go;\n`,
    },
    { 'src/fill.ts': [`lib.go;`, `lib.go; lib.go;`] },
  ),
  changes(
    'a change by the own conversion of a value',
    {
      'src/ops.ts': main('lib.n', `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { n: 0, valueOf() { return (this.n += 1); } };\n`,
      'src/fill.ts': `import { lib } from './lib.ts';\n+lib;\n`,
    },
    { 'src/fill.ts': [`+lib;`, `+lib; +lib;`] },
  ),
  changes(
    'a change by the own iterator of a value',
    {
      'src/ops.ts': main('lib.n', `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = { n: 0, *[Symbol.iterator]() { this.n += 1; } };\n`,
      'src/fill.ts': `import { lib } from './lib.ts';\n[...lib];\n`,
    },
    { 'src/fill.ts': [`[...lib];`, `[...lib]; [...lib];`] },
  ),
  changes(
    'a change by the proxy of a value',
    {
      'src/ops.ts': main('lib.n', `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export const lib = new Proxy({ n: 0 } as any, { get: (of, key) => (key === 'go' ? (of.n += 1) : of[key]) });\n`,
      'src/fill.ts': `import { lib } from './lib.ts';\nlib.go;\n`,
    },
    { 'src/fill.ts': [`lib.go;`, `lib.go; lib.go;`] },
  ),
  keeps(
    'another instance of a class that changes itself as it is read',
    {
      'src/ops.ts': main('lib.n', `${LIB}import './fill.ts';\n`),
      'src/lib.ts': `export class C { n = 0; get go() { return (this.n += 1); } }\nexport const lib = new C();\n`,
      'src/fill.ts': `import { C } from './lib.ts';\nconst other = new C();\nother.go;\n`,
    },
    { 'src/fill.ts': [`other.go;`, `other.go; other.go;`] },
  ),
];
