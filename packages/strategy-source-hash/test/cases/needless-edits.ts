import type { HardEdit } from './hard-edits.ts';

type Replaced = readonly [from: string, to: string];

/** An edit of the module that holds `f`, which must leave the version of its user alone; and beside it one of the same text that must not. */
function needless(title: string, lib: string, kept: Replaced, counting: Replaced): readonly HardEdit[] {
  const files = {
    'src/ops.ts': `import { op } from '@memo/core';\nimport { f } from './lib.ts';\nexport const main = op('main', async (x: any) => f(x));\n`,
    'src/lib.ts': lib,
  };
  return [
    { title: `${title} (in vain)`, files, edit: { 'src/lib.ts': kept }, mustChange: false },
    { title: `${title} (in earnest)`, files, edit: { 'src/lib.ts': counting }, mustChange: true },
  ];
}

const REGISTRY = `const reg: any = new Map();\nreg.set('a', 11);\nexport const f = (n: any) => reg.get('a') + n;\n`;
const CLASS = `class K { a = 11; go() { return this.a; } }\nconst k: any = new K();\nk.b = 3;\nexport const f = (n: any) => k.go() + k.b + n;\n`;
const TEXT = `export const f = (n: any) => n + 'it';\n`;
const OPTIONS = `const o: any = { b: 11, [Symbol.for('c')]: 2 };\nexport const f = (n: any) => o.b + n;\n`;
const LABEL = `export const f = (n: any) => { let s = 0; outer: for (const a of [1, 2, 3]) { inner: for (const b of [1, 2, 3]) { if (b > a) continue outer; if (b > 1) break inner; s += b; } } return s + n; };\n`;
const PRIVATE = `class K { #a = 11; #b = () => 2; go() { return [this.#a, this.#b.name, #a in this].join(); } }\nexport const f = () => new K().go();\n`;
const LIST = `const one: any = { n: 0 };\nconst two: any = { n: 0 };\nfor (const each of [one]) each.n = 11;\nexport const f = () => one.n;\nexport const g = () => two.n;\n`;

/** Edits that a version must not see, and what they are held against. */
export const NEEDLESS_EDITS: readonly HardEdit[] = [
  ...needless(
    'a comment with an arrow in a statement',
    REGISTRY,
    [`'a', 11`, `'a', /* => () { this function */ 11`],
    ['11', '12'],
  ),
  ...needless('a comment with `static` in a class', CLASS, ['{ a = 11', '{ /* static this */ a = 11'], ['11', '12']),
  ...needless(
    'a comment that names `this` where a value is asked',
    REGISTRY,
    ['export', '// this\nexport'],
    ['+ n', '- n'],
  ),
  ...needless('a text that is written as a template', TEXT, [`'it'`, '`it`'], [`'it'`, '`at`']),
  ...needless('an escape in a text', TEXT, [`'it'`, `'\\u0069\\x74'`], [`'it'`, `'\\u0068t'`]),
  ...needless('a member that is named by a text', OPTIONS, ['o.b', `o['b']`], ['o.b', `o['c']`]),
  ...needless('a key that is computed from a text', OPTIONS, ['{ b:', `{ ['b']:`], ['{ b:', `{ ['c']:`]),
  ...needless('a key that is written as a text', OPTIONS, ['{ b:', `{ 'b':`], ['{ b:', `{ 'c':`]),
  ...needless(
    'the name of a label',
    LABEL,
    [
      'inner: for (const b of [1, 2, 3]) { if (b > a) continue outer; if (b > 1) break inner;',
      'rows: for (const b of [1, 2, 3]) { if (b > a) continue outer; if (b > 1) break rows;',
    ],
    ['break inner', 'break outer'],
  ),
  ...needless(
    'the name of a private field',
    PRIVATE,
    [
      '#a = 11; #b = () => 2; go() { return [this.#a, this.#b.name, #a in this]',
      '#z = 11; #b = () => 2; go() { return [this.#z, this.#b.name, #z in this]',
    ],
    ['#b = () => 2; go() { return [this.#a, this.#b', '#c = () => 2; go() { return [this.#a, this.#c'],
  ),
  ...needless('what a loop over a list changes elsewhere', LIST, ['() => two.n', '() => two.n + 1'], ['11', '12']),
  ...needless(
    'what a function does to a variable that held nothing',
    `const all: any[] = [{ n: 11 }];\nfunction mark() { let best: any = undefined; for (const one of [{ n: 1 }]) best = one; best.seen = 1; return best; }\nexport const other = mark();\nexport const f = () => all[0].n;\n`,
    ['best.seen = 1', 'best.seen = 2'],
    ['11', '12'],
  ),
  ...needless(
    'the order of functions',
    `function a() { return 11; }\nfunction b() { return 2; }\nexport const f = () => [a(), b()].join();\n`,
    [
      'function a() { return 11; }\nfunction b() { return 2; }',
      'function b() { return 2; }\nfunction a() { return 11; }',
    ],
    ['11', '12'],
  ),
  ...needless(
    'a type that holds the name of a conversion',
    `const o: any = { n: 11 };\nexport const f = (n: any) => o.n + n;\n`,
    ['export', `type T = 'valueOf' | { then(): void };\nexport`],
    ['11', '12'],
  ),
  ...needless(
    'an assertion on options',
    `const o = { n: 11 } as const;\nexport const f = (n: any) => o.n + n;\n`,
    [' as const', ' satisfies object'],
    ['11', '12'],
  ),
];

const op = (definition: string, imports = ''): HardEdit['files'] => ({
  'src/ops.ts': `import { op } from '@memo/core';\n${imports}export const main = op('main', ${definition});\n`,
});

const apart = (title: string, files: HardEdit['files'], edit: HardEdit['edit'], mustChange: boolean): HardEdit => ({
  title,
  files: { ...op('async (x: any) => used(x)', `import { used } from './used.ts';\nimport './beside.ts';\n`), ...files },
  edit,
  mustChange,
});

const KEYS = {
  'src/used.ts': `const all = new Map<any, any>();\nexport const put = (k: any) => all.set(k, 11);\nput('a');\nexport const used = (x: any) => all.get('a') + x;\nexport const names = () => [...all.keys()];\n`,
  'src/beside.ts': `import { names } from './used.ts';\nexport const listed = names();\n`,
};
const EMITTERS = {
  'src/used.ts': `import { EventEmitter } from 'node:events';\nexport const other = new EventEmitter();\nconst own: any = new EventEmitter();\nown.setMaxListeners(11);\nexport const used = (x: any) => own.getMaxListeners() + x;\n`,
  'src/beside.ts': `import { other } from './used.ts';\nother.setMaxListeners(5);\n`,
};
const STRICT = {
  'package.json': '{"name":"p","type":"module"}',
  'tsconfig.json': '{"compilerOptions":{"strict":true,"jsx":"react","useDefineForClassFields":true}}',
  'src/used.ts': 'class K { a: any; }\nexport const used = (x: any) => Object.keys(new K()).join() + x;\n',
  'src/beside.ts': 'export {};\n',
};

export const DEFINITION_EDITS: readonly HardEdit[] = [
  apart(
    'whether keys are sorted that something else lists',
    KEYS,
    { 'src/used.ts': ['keys()]', 'keys()].sort()'] },
    false,
  ),
  apart('a key beside what something else lists', KEYS, { 'src/used.ts': ['11', '12'] }, true),
  apart('what another emitter is told', EMITTERS, { 'src/beside.ts': ['(5)', '(6)'] }, false),
  apart('what an emitter is told', EMITTERS, { 'src/used.ts': ['11', '12'] }, true),
  apart('an option of the checker', STRICT, { 'tsconfig.json': ['"strict":true', '"strict":false'] }, false),
  apart('an option for JSX where there is none', STRICT, { 'tsconfig.json': ['"react"', '"preserve"'] }, false),
];
