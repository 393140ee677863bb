import type { HardEdit } from './hard-edits.ts';
import { edit, opModule } from './loading-edits.ts';

const LIB = `import { lib } from './lib.ts';\n`;
const HOLDER = 'export const lib: any = { n: 0 };\n';

/** A module `setup` that changes what another one holds, to 11 or to 22. */
function effect(title: string, setup: string, { lib = HOLDER, read = 'lib.n' } = {}): HardEdit {
  return {
    title: `a change ${title}`,
    files: {
      'src/ops.ts': opModule(read, `${LIB}import './setup.ts';\n`),
      'src/lib.ts': lib,
      'src/setup.ts': `${LIB}${setup}\n`,
    },
    edit: { 'src/setup.ts': ['11', '22'] },
    mustChange: true,
  };
}

/** Code that one module puts somewhere, and a second one calls there, to change a third one. */
function handedOn(title: string, lib: string, call: string): HardEdit {
  return edit(
    `a change by code ${title}`,
    {
      'src/ops.ts': opModule('other.n', `import { other } from './other.ts';\nimport './setup.ts';\n`),
      'src/other.ts': 'export const other: any = { n: 0 };\nexport function set(n: any) { other.n = n; return n; }\n',
      'src/lib.ts': `import { set } from './other.ts';\n${lib}`,
      'src/setup.ts': `${LIB}${call}\n`,
    },
    { 'src/setup.ts': ['11', '22'] },
  );
}

const PUT = 'function put(l: any) { l.n = 11; return 1; }\n';
const PUT_THIS = 'function put(this: any) { this.n = 11; return 1; }\n';

export const EFFECT_EDITS: readonly HardEdit[] = [
  effect('by a function that `Array.from` calls', 'export const f = Array.from([1], () => { lib.n = 11; });'),
  effect('by a function that a promise calls', 'export const f = new Promise((r) => { lib.n = 11; r(1); });'),
  effect('by a function that parses JSON', `export const f = JSON.parse('1', () => { lib.n = 11; });`),
  effect('by a function that writes JSON', 'export const f = JSON.stringify({ a: 1 }, () => { lib.n = 11; });'),
  effect('by a function with a name that `Array.from` calls', `${PUT}export const f = Array.from([lib], put);`),
  effect('by a function with a name that a list calls', `${PUT}export const f = [lib].map(put);`),
  effect(
    'by a method that a list calls',
    `const o = { put(l: any) { l.n = 11; } };\nexport const f = [lib].map(o.put);`,
  ),
  effect(
    'by a function that another one calls',
    `const call = (f: any, x: any) => f(x);\n${PUT}export const f = call(put, lib);`,
  ),
  effect('of what a function is called on', `${PUT_THIS}put.call(lib);`),
  effect('of what a function is called on by `Reflect`', `${PUT_THIS}export const f = Reflect.apply(put, lib, []);`),
  effect('by a method that is called as if it asked', `lib.info(11);`, {
    lib: 'export const lib: any = { n: 0, info(k: any) { this.n = k; } };\n',
  }),
  effect(
    'by a method that was added and is called as if it asked',
    `lib.info = function (this: any) { this.n = 11; };\nexport const f = lib.info();`,
  ),
  effect('by a method of a function that is called as if it asked', `lib.info(11);`, {
    lib: 'export function lib(): any {}\nlib.n = 0 as any;\nlib.info = (k: any) => { lib.n = k; };\n',
  }),
  effect(
    'by a conversion that entries name',
    `const o: any = Object.fromEntries([['valueOf', () => { lib.n = 11; return 1; }]]);\nexport const f = +o;`,
  ),
  effect(
    'by a conversion of what holds it',
    `const o: any = { l: lib, valueOf() { this.l.n = 11; return 1; } };\nexport const f = o + 1;`,
  ),
  effect('of what a field holds', 'class H { l = lib; }\nnew H().l.n = 11;'),
  effect('of what a method gives', 'class H { get() { return lib; } }\nnew H().get().n = 11;'),
  effect('of what a static block names by `this`', 'export class K { static l = lib; static { this.l.n = 11; } }'),
  effect('of what a getter gives', 'const o: any = { get a() { return lib; } };\nconst { a } = o;\na.n = 11;'),
  effect(
    'of what an iterator gives',
    'const o: any = { *[Symbol.iterator]() { yield lib; } };\nconst [a] = o;\na.n = 11;',
  ),
  effect('of what was put into a map', 'const w = new WeakMap(); const k = {};\nw.set(k, lib);\nw.get(k).n = 11;'),
  effect(
    'of what a function has put into a map',
    'const store = new Map();\nfunction keep(l: any) { store.set(1, l); }\nkeep(lib);\nstore.get(1).n = 11;',
  ),
  effect(
    'of what a method has put into a list',
    'class S { items: any[] = []; add(l: any) { this.items.push(l); } }\nconst s = new S();\ns.add(lib);\ns.items[0].n = 11;',
  ),
  effect('of what was made a property of a function', 'function hold() {}\nhold.l = lib;\nhold.l.n = 11;'),
  effect('of what was made a property of an enum', 'enum E { A }\n(E as any).l = lib;\n(E as any).l.n = 11;'),
  effect('of what was assigned to a variable', 'let l: any;\nl ??= lib;\nl.n = 11;'),
  effect('of what was thrown', 'try { throw lib; } catch (l: any) { l.n = 11; }'),
  effect(
    'of what a namespace exports under another name',
    'namespace N { export const l = lib; }\nimport l = N.l;\n(l as any).n = 11;',
  ),
  effect('of what a setter is given', 'const o: any = { set a(l: any) { l.n = 11; } };\no.a = lib;'),
  effect('of what a setter is given by a pattern', 'const o: any = { set a(l: any) { l.n = 11; } };\n[o.a] = [lib];'),
  effect('of what a setter of a class is given', 'class O { set a(l: any) { l.n = 11; } }\nnew O().a = lib;'),
  effect(
    'of what a proxy is given',
    'const o: any = new Proxy({}, { set(_t, _k, l: any) { l.n = 11; return true; } });\no.a = lib;',
  ),
  effect('of what an inner function is handed', `function setup() { ${PUT}[lib].forEach(put); }\nsetup();`),
  effect(
    'of what an inner object holds',
    'function setup() { const o: any = { l: lib, go() { this.l.n = 11; } }; o.go(); }\nsetup();',
  ),
  effect(
    'of what an inner generator gives',
    'function setup() { function* g(): any { yield lib; } for (const l of g()) l.n = 11; }\nsetup();',
  ),
  effect(
    'of what an inner setter is given',
    'function setup() { const o = { set a(l: any) { l.n = 11; } }; o.a = lib; }\nsetup();',
  ),
  edit(
    'a change of what a second module has put into a third one',
    {
      'src/ops.ts': opModule('lib.n', `${LIB}import './keep.ts';\nimport './setup.ts';\n`),
      'src/lib.ts': HOLDER,
      'src/keep.ts': `${LIB}import { keep } from './store.ts';\nexport const kept = keep(lib);\n`,
      'src/store.ts':
        'const all: any[] = [];\nexport const keep = (l: any) => all.push(l);\nexport const first = () => all[0];\n',
      'src/setup.ts': `import { first } from './store.ts';\nfirst().n = 11;\n`,
    },
    { 'src/setup.ts': ['11', '22'] },
  ),
  effect('of each value of a list', 'for (const one of [lib]) one.n = 11;'),
  effect(
    'of each value of a list, in a loop with a label',
    'a: for (const l of [lib]) { for (;;) { l.n = 11; continue a; } }',
  ),
  effect('by an assignment that reflects, on another value', `export const f = Reflect.set({}, 'n', 11, lib);`),
  effect(
    'by a getter that is given another value',
    `const o = { get a() { (this as any).n = 11; return 1; } };\nexport const f = Reflect.get(o, 'a', lib);`,
  ),
  effect(
    'of what a promise gives that a variable settles',
    'let done: any;\nconst p = new Promise((r) => { done = r; });\ndone(lib);\nconst l: any = await p;\nl.n = 11;',
  ),
  effect(
    'of what a function gives that was handed on',
    `const made = new Map<any, any>();\nconst box = { put(k: any, f: any) { made.set(k, f); }, get(k: any) { return made.get(k)(); } };\nbox.put('l', () => lib);\nbox.get('l').n = 11;`,
  ),
  effect('in the name of a global function', `export const f = (Math as any)[(lib.n = 11, 'max')](1);`),
  effect(
    'by a conversion that a template names',
    'const o: any = Object.fromEntries([[`valueOf`, () => { lib.n = 11; return 1; }]]);\nexport const f = +o;',
  ),
  effect(
    'of all objects by a function that gives the global one',
    'const root = (): any => globalThis;\nroot().n = 11;',
    {
      read: '(globalThis as any).n',
    },
  ),
  effect(
    'of all objects by a variable of a function',
    'function root(): any { const g = typeof globalThis === "object" ? globalThis : self; return g; }\nroot().n = 11;',
    { read: '(globalThis as any).n' },
  ),
  effect(
    'of all objects by a function that is given the global one',
    `const define = (o: any, v: any) => Object.defineProperty(o, 'n', { value: v });\ndefine(globalThis, 11);`,
    { read: '(globalThis as any).n' },
  ),
  effect('of all lists by the prototype of one', '([] as any).__proto__.sum = () => 11;', {
    read: '([] as any).sum()',
  }),
  effect('of all lists by the constructor of one', '([] as any).constructor.prototype.sum = () => 11;', {
    read: '([] as any).sum()',
  }),
  effect(
    'of all lists by a prototype that is asked for',
    'const p: any = Object.getPrototypeOf([]);\np.sum = () => 11;',
    {
      read: '([] as any).sum()',
    },
  ),
  effect(
    'of all functions that wait',
    'const Later: any = (async () => 1).constructor;\nObject.assign(Later.prototype, { sum: 11 });',
    { read: '(async () => 1 as any as { sum: number }).constructor.prototype.sum' },
  ),
  handedOn('that is made a member', 'export const lib: any = {};\nlib.put = set;\n', 'lib.put(11);'),
  handedOn(
    'that is made a method',
    'export class lib {}\nObject.assign(lib.prototype, { set });\n',
    '(new lib() as any).set(11);',
  ),
  handedOn('in a list', 'export const lib: any[] = [];\nlib.push(set);\n', 'for (const one of lib) one(11);'),
  handedOn('in a map', `export const lib: any = new Map();\nlib.set('a', set);\n`, `lib.get('a')(11);`),
  handedOn('that is assigned', 'export let lib: any;\nlib = set;\n', 'lib(11);'),
  edit(
    'what another member of a registry does',
    {
      'src/ops.ts': opModule('lib.n', `${LIB}import './registry.ts';\n`),
      'src/lib.ts': HOLDER,
      'src/registry.ts': `${LIB}const handlers = new Map<any, any>();\nconst show = () => lib.n;\nhandlers.set('a', show);\nhandlers.set('b', () => 1);\n`,
    },
    { 'src/registry.ts': ['=> 1', '=> 2'] },
    false,
  ),
  edit(
    'a service that is given a value and keeps it',
    {
      'src/ops.ts': opModule('lib.n', `${LIB}import './service.ts';\n`),
      'src/lib.ts': HOLDER,
      'src/service.ts': `${LIB}class Service { private l: any; constructor(l: any) { this.l = l; } go() { return this.l.n + 1; } }\nexport const service = new Service(lib);\n`,
    },
    { 'src/service.ts': ['+ 1', '+ 2'] },
    false,
  ),
];
