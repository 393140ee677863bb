import { describe, expect, test } from 'vitest';
import { sourceFacts } from '../src/source-facts.ts';

const facts = (text: string, file = 'file.ts') => sourceFacts(file, Buffer.from(text));
const kinds = (text: string): readonly string[] => [...new Set(facts(text).findings.map(({ kind }) => kind))];
const references = (text: string): readonly string[] =>
  facts(text).references.map(({ kind, specifier, lazy }) => `${lazy ? 'lazy ' : ''}${kind} ${specifier}`);
const atLoad = (text: string): readonly string[] =>
  facts(text).initialisers.module.findings.map(({ message }) => message.split(' ')[0] ?? '');

const URL_OF = (name: string): string => `new URL('${name}', import.meta.url)`;
const FS = `import fs, { readFileSync, promises } from 'node:fs'; import { readFile } from 'fs/promises';`;

describe('what a version cannot see is reported', () => {
  test.each<readonly [string, readonly string[]]>([
    ['import(name)', ['dynamic-import']],
    [`import * as all from './x.js'; all[name]`, ['computed-member']],
    [`import * as all from './x.js'; import one from './y.js'; all['name'] + one[name]`, []],
    [`import(\`./\${name}.js\`)`, ['dynamic-import']],
    ['require(name)', ['dynamic-import']],
    ['use(require)', ['dynamic-import']],
    ['typeof require', []],
    [
      `import { createRequire } from 'node:module'; const r = createRequire(import.meta.url); r(name)`,
      ['dynamic-import'],
    ],
    [`import { createRequire } from 'node:module'; const r = createRequire('/elsewhere/')`, ['dynamic-import']],
    [`import.meta.glob('./x/*.ts')`, ['dynamic-import']],
    [`import { Worker } from 'node:worker_threads'; new Worker('./w.js')`, ['dynamic-import']],
    [`import { Worker } from 'node:worker_threads'; new Worker(${URL_OF('./w.js')})`, []],
    [`import { fork } from 'node:child_process'; fork(name)`, ['dynamic-import']],
    ['eval(text)', ['eval']],
    ['const run = eval', ['eval']],
    ['new Function(text)', ['eval']],
    ['x instanceof Function', []],
    [`import vm from 'node:vm'; vm.runInThisContext(text)`, ['eval']],
    ['with (a) { b }', ['eval']],
    ['process.env.MODEL', ['env:MODEL']],
    [`process.env['MODEL']`, ['env:MODEL']],
    ['import.meta.env.MODE', ['env:MODE']],
    ['const { MODEL, KEY: key } = process.env', ['env:MODEL', 'env:KEY']],
    ['const { MODEL, ...rest } = process.env', ['env:MODEL', 'env:*']],
    ['const env = process.env; use(env.MODEL)', ['env:MODEL']],
    [`import { env } from 'node:process'; use(env.MODEL)`, ['env:MODEL']],
    ['const { env: { MODEL } } = process', ['env:MODEL']],
    [`const { argv, 'env': { MODEL: model = 'x', KEY } } = process`, ['env:MODEL', 'env:KEY']],
    ['const { env: { MODEL, ...rest } } = process', ['env:MODEL', 'env:*']],
    ['const { env: { MODEL }, ...rest } = process', ['env:*']],
    ['const { [name]: value, env: { MODEL } } = process', ['env:*']],
    ['const { env: { [name]: value } } = process', ['env:*']],
    ['const f = ({ MODEL } = process.env) => MODEL', ['env:MODEL']],
    ['const f = ({ MODEL, ...rest } = process.env) => MODEL', ['env:MODEL', 'env:*']],
    ['const f = (env = process.env) => env.MODEL', ['env:*']],
    [`'MODEL' in process.env`, ['env:MODEL']],
    ['name in process.env', ['env:*']],
    ['process.env in list', ['env:*']],
    ['(async () => {}).constructor(text)', ['eval']],
    ['const made = Object.getPrototypeOf(function* () {}).constructor', ['eval']],
    ['Object.getPrototypeOf(value).constructor', []],
    ['new (this.constructor)()', []],
    ['process.env[name]', ['env:*']],
    [`const NAME = 'MODEL'; export const f = () => process.env[NAME]`, ['env:MODEL']],
    [`const NAME = 'MODEL'; export const f = (NAME) => process.env[NAME]`, ['env:*']],
    [`let NAME = 'MODEL'; export const f = () => process.env[NAME]`, ['env:*']],
    [`const { NAME } = names; export const f = () => process.env[NAME]`, ['env:*']],
    ['use({ ...process.env })', ['env:*']],
    ['use(process)', ['env:*']],
    ['process[name]', ['env:*']],
    ['globalThis.process.env.MODEL', ['env:MODEL']],
    [`${FS} readFileSync(path)`, ['file-read']],
    [`${FS} await readFile('./x.txt')`, ['file-read']],
    [`${FS} promises.readFile(path)`, ['file-read']],
    [`${FS} const { existsSync } = fs; existsSync(path)`, ['file-read']],
    [`${FS} use({ fs })`, ['file-read']],
    [`${FS} list.map(readFileSync)`, ['file-read']],
    [`${FS} fs.writeFileSync(path, text)`, []],
    [`${FS} readFileSync(${URL_OF('./x.txt')})`, []],
    [`${FS} const place = ${URL_OF('./x.txt')}; readFileSync(place, 'utf8')`, []],
    [`${FS} const place = ${URL_OF('./x.txt')}; const f = (place) => readFileSync(place)`, ['file-read']],
    [`${FS} import { fileURLToPath } from 'node:url'; readFileSync(fileURLToPath(${URL_OF('./x.txt')}))`, []],
    ['use(__dirname)', ['location']],
    ['use(import.meta.url)', ['location']],
    ['new URL(name, import.meta.url)', ['location']],
    [`new URL('..', import.meta.url)`, ['location']],
    [`${FS} readFileSync(${URL_OF('./')} + name)`, ['file-read', 'location']],
    ['import.meta.dirname', ['location']],
    [
      `import { pathToFileURL } from 'node:url'; if (import.meta.url === pathToFileURL(process.argv[1]).href) main()`,
      [],
    ],
    ['if (require.main === module) main()', []],
    [`process.dlopen(module, name)`, ['native-addon']],
    ['const = 1', ['parse-error']],
    ['const process = {}; use(process.env.X)', []],
    ['interface A { eval: typeof process.env }', []],
    ['({ eval: 1, process: 2 }); a.eval; a.require', []],
  ])('%s: %s', (text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });
});

describe('references of a file', () => {
  test.each<readonly [string, readonly string[]]>([
    [
      `import a from 'a'; export { b } from './b'; export * from './c'; import './d'`,
      ['import a', 'import ./b', 'import ./c', 'import ./d'],
    ],
    [`import type { A } from 'a'; export type * from 'b'; type C = import('c').C`, []],
    [`import a = require('a'); export = a`, ['lazy require a']],
    ["import('a'); import(`b`)", ['lazy import a', 'lazy import b']],
    [`require('a'); require.resolve('b'); module.require('c')`, ['lazy require a', 'lazy locate b', 'lazy require c']],
    [
      `import { createRequire } from 'module'; const r = createRequire(import.meta.url); r('a')`,
      ['import module', 'lazy require a'],
    ],
    [`import.meta.resolve('a'); ${URL_OF('./b.txt')}`, ['lazy locate a', 'lazy locate ./b.txt']],
    [`namespace N { export import a = require('a') }`, ['lazy require a']],
    [`import a from 'a'; import b from 'a'`, ['import a']],
  ])('%s: %s', (text, expected) => {
    expect(references(text)).toEqual(expected);
  });

  test('imports that compilers may drop are marked', () => {
    const { references: found } = facts(
      `import { A } from 'a'; import { type B } from 'b'; import { c } from 'c'; import 'd'; let x: A = c`,
    );
    expect(found.map(({ specifier, elidable }) => [specifier, elidable])).toEqual([
      ['a', 'unused'],
      ['b', 'marked'],
      ['c', undefined],
      ['d', undefined],
    ]);
  });

  test('a name that only JSX uses is used', () => {
    const [found] = facts(`import { A } from 'a'; export const x = <A/>;`, 'file.tsx').references;
    expect(found?.elidable).toBeUndefined();
  });
});

describe('what a module asks the world while it is loaded', () => {
  test.each<readonly [string, readonly string[]]>([
    ['const start = Date.now()', ['Date.now']],
    ['const start = new Date(), same = new Date(0)', ['Date']],
    ['export const seed = Math.random()', ['Math.random']],
    ['const args = process.argv.slice(2)', ['process.argv']],
    ['const args = process.argv', ['process.argv']],
    ['const [, , first] = process.argv', ['process.argv']],
    ['const { length } = process.argv', ['process.argv']],
    ['const { argv: args } = process', ['process.argv']],
    ['const { pid } = process', ['process.pid']],
    ['const now = Date.now, { random } = Math, where = process.cwd', []],
    ['const now = Date.now; const at = now()', ['Date.now']],
    [`import { parseArgs } from 'node:util'; const { values } = parseArgs({ strict: false })`, ['util.parseArgs']],
    [`import { parseArgs } from 'node:util'; const { values } = parseArgs({ args: ['-v'] })`, []],
    [
      `import { isMainThread } from 'node:worker_threads'; const name = isMainThread ? 'main' : 'other'`,
      ['worker_threads.isMainThread'],
    ],
    [
      `import { generateKeyPairSync } from 'node:crypto'; const keys = generateKeyPairSync('ed25519')`,
      ['crypto.generateKeyPairSync'],
    ],
    [`const key = await crypto.subtle.generateKey('Ed25519', true, ['sign'])`, ['crypto.subtle.generateKey']],
    [`import { createHash } from 'node:crypto'; const none = createHash('sha256').digest('hex')`, []],
    [`import os from 'node:os'; const n = os.cpus().length`, ['node:os.cpus']],
    [`const r = await fetch('https://x')`, ['fetch']],
    [`${FS} const x = readFileSync(path)`, ['fs.readFileSync']],
    [`${FS} const x = readFileSync(${URL_OF('./x.txt')})`, []],
    ['const now = () => Date.now()', []],
    ['const ids = list.map(() => Math.random())', ['Math.random']],
    ['const x = (() => Date.now())()', ['Date.now']],
    ['class A { static at = Date.now(); at = Date.now(); m() { return Date.now() } }', ['Date.now']],
    [`import { op } from '@memo/core'; export const a = op('a', () => Date.now())`, []],
    [`import { job } from '@memo/core'; const j = job('j', {}); await j.run({ config: process.argv[2] })`, []],
    [`if (import.meta.url === 'file://' + process.argv[1]) main(Date.now())`, []],
  ])('%s: %s', (text, expected) => {
    expect(atLoad(text)).toEqual(expected.map((name) => name.replace('node:', '')));
  });
});

/** One for each global through which something outside of the text can be asked for: names of variables are not looked at any further. */
test.each([
  'process.argv',
  'process.hrtime()',
  'Date.now()',
  'new Date()',
  'performance.now()',
  'Temporal.Now.instant()',
  'Math.random()',
  'crypto.randomUUID()',
  'navigator.hardwareConcurrency',
  "localStorage.getItem('x')",
  "sessionStorage.getItem('x')",
  "fetch('/')",
  'new XMLHttpRequest()',
  "new WebSocket('/')",
  "new EventSource('/')",
  'globalThis.fetch()',
  'global.process.argv',
  'self.crypto.getRandomValues(bytes)',
])('%s as a module is loaded is found', (expression) => {
  expect(facts(`use(${expression});`).initialisers.module.findings).not.toEqual([]);
});

test.each([
  'eval(text)',
  'Function(text)',
  'globalThis.eval(text)',
  'require(name)',
  'module.require(name)',
  'use(module.filename)',
  'use(__dirname)',
  'use(__filename)',
  'self.process.env.MODEL',
  'global.process.env.MODEL',
])('%s is found, however deep it stands', (expression) => {
  expect(kinds(`export const made = () => [{ a: () => ${expression} }];`)).not.toEqual([]);
});
