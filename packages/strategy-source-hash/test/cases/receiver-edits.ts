import type { HardEdit } from './hard-edits.ts';
import { edit, opModule } from './loading-edits.ts';

const FILES = {
  'src/ops.ts': opModule('lib.n', `import { lib } from './lib.ts';\nimport './setup.ts';\n`),
  'src/lib.ts': 'export const lib: any = { n: 0 };\n',
};

function setup(code: string): Readonly<Record<string, string>> {
  return { ...FILES, 'src/setup.ts': `import { lib } from './lib.ts';\n${code}\n` };
}

/** A module that gets at what another one holds by `this`, and changes it to 11 or to 22. */
function changes(how: string, code: string): HardEdit {
  return edit(`a change by \`this\` ${how}`, setup(code), { 'src/setup.ts': ['11', '22'] });
}

/** A module that uses `this`, and changes nothing of the other one. */
function leaves(how: string, code: string): HardEdit {
  const title = `the other module beside \`this\` ${how}`;
  return { title, files: setup(code), edit: { 'src/setup.ts': ['11', '22'] }, mustChange: false };
}

/** The same where another module makes the object `c`. */
function changesOf(how: string, made: string, code: string): HardEdit {
  const files = { ...setup(`import { c } from './made.ts';\n${code}`), 'src/made.ts': `${made}\n` };
  const file = made.includes('11') ? 'src/made.ts' : 'src/setup.ts';
  return edit(`a change ${how}`, files, { [file]: ['11', '22'] });
}

const CALLED = 'o.go(); }\ngo();';
const AFTERWARDS = '{ const o: any = { go() { this.l.n = 11; } };';

/** What `this` is, and what is reached by it and by functions that are put into values. */
export const RECEIVER_EDITS: readonly HardEdit[] = [
  changes(
    'of what methods give that call each other',
    'function go() { const o: any = { a(k: number): any { return k ? this.b(k) : 0; }, b(k: number): any { if (k === 2) this.a(1).n = 11; return lib; } };\no.b(2); }\ngo();',
  ),
  changes(
    'of what a getter gives beside its setter',
    `function go() { const o: any = { set x(v: any) {}, get x(): any { return lib; }, go() { this.x.n = 11; } };\n${CALLED}`,
  ),
  changes(
    'of a member that stands there twice',
    `function go() { const o: any = { x: 1, ['x']: lib, go() { this.x.n = 11; } };\n${CALLED}`,
  ),
  changes(
    'of a member with a text as its name',
    `function go() { const o: any = { 'x y': lib, go() { this['x y'].n = 11; } };\n${CALLED}`,
  ),
  changes(
    'of a member with a number as its name',
    `function go() { const o: any = { 1: lib, go() { this[1].n = 11; } };\n${CALLED}`,
  ),
  changes(
    'of a member with a computed name',
    `const k = 'x';\nfunction go() { const o: any = { [k]: lib, go() { this.x.n = 11; } };\n${CALLED}`,
  ),
  changes(
    'of a member of a copied object',
    `const base = { x: lib };\nfunction go() { const o: any = { ...base, go() { this.x.n = 11; } };\n${CALLED}`,
  ),
  changes(
    'of a member of a prototype',
    '{ const p = { l() { return lib; } };\nconst o: any = { __proto__: p, go() { this.l().n = 11; } };\no.go(); }',
  ),
  changes('that is taken apart', '{ const o: any = { l: lib, go() { const { l } = this; l.n = 11; } };\no.go(); }'),
  changes(
    'with another name',
    '{ const o: any = { l() { return lib; }, go() { const self = this; self.l().n = 11; } };\no.go(); }',
  ),
  changes('in a static block', '{ class D { static l() { return lib; } static { this.l().n = 11; } } }'),
  changes('of a private field', '{ class D { #l = lib; constructor() { this.#l.n = 11; } }\nnew D(); }'),
  changes(
    'of what a private getter gives',
    'class D { get #l() { return lib; } constructor() { this.#l.n = 11; } }\nnew D();',
  ),
  changes('of what a private method gives', '{ class D { static #l() { return lib; } static { this.#l().n = 11; } } }'),
  changes('of what is put there afterwards', `${AFTERWARDS}\no.l = lib;\no.go(); }`),
  changes(
    'of what is put there afterwards by a parameter',
    'function go(x: any) { const o: any = { go() { this.l.n = 11; } };\no.l = x;\no.go(); }\ngo(lib);',
  ),
  changes(
    'of what is put in the place of a member',
    '{ const o: any = { l: { n: 0 }, go() { this.l.n = 11; } };\no.l = lib;\no.go(); }',
  ),
  changes(
    'of what is put into an instance',
    '{ class D { l: any = { n: 0 }; go() { this.l.n = 11; } }\nconst d = new D();\nd.l = lib;\nd.go(); }',
  ),
  changes(
    'of what an instance is made with',
    '{ class D { constructor(private l: any) {} go() { this.l.n = 11; } }\nconst d = new D(lib);\nd.go(); }',
  ),
  changes(
    'in a function that is put beside',
    '{ const o: any = {};\no.l = lib;\no.go = function (this: any) { this.l.n = 11; };\no.go(); }',
  ),
  changes(
    'in a function that is put into a list',
    '{ const o: any = [lib];\no.go = function (this: any) { this[0].n = 11; };\no.go(); }',
  ),
  changes(
    'in a method of another object',
    '{ const o: any = { l: { n: 0 }, go() { this.l.n = 11; } };\nconst p: any = { go: o.go, l: lib };\np.go(); }',
  ),
  changes(
    'by whoever is handed it',
    `function set(x: any) { x.n = 11; }\n{ const o: any = { go() { set(this.l); } };\no.l = lib;\no.go(); }`,
  ),
  changesOf(
    'by `this` of what others put there',
    'export const c: any = { go() { this.l.n = 11; } };',
    'c.l = lib;\nc.go();',
  ),
  changesOf(
    'by `this` of what others put into a free place',
    'export const c: any = { l: null, go() { this.l.n = 11; } };',
    'c.l = lib;\nc.go();',
  ),
  changesOf(
    'by `this` of what others put in the place of a member',
    'export const c: any = { l: { n: 0 }, go() { this.l.n = 11; } };',
    'c.l = lib;\nc.go();',
  ),
  changesOf(
    'by another name of `this` of what others put there',
    'export const c: any = { go() { const me = this; me.l.n = 11; } };',
    'c.l = lib;\nc.go();',
  ),
  changesOf(
    'by `this` in a function that is put beside',
    'export const c: any = {};',
    'c.l = lib;\nc.go = function (this: any) { this.l.n = 11; };\nc.go();',
  ),
  changesOf(
    'by a function that is put into an object',
    'export const c: any = {};',
    'c.a = (l: any) => { l.n = 11; };\nc.a(lib);',
  ),
  changesOf(
    'by functions of an object, one by one',
    'export const c: any = {};',
    'c.a = (l: any) => { l.n = 11; };\nfor (const name in c) c[name](lib);',
  ),
  changesOf(
    'by a function with a name that is put into an object',
    'export const c: any = {};',
    'function put(l: any) { l.n = 11; }\nc.a = put;\nconst run = () => c.a(lib);\nrun();',
  ),
  changesOf(
    'by `this` of the parts of what others put in the place of an empty list',
    'export const c: any = { items: [], go() { this.items[0].n = 11; } };',
    'c.items = [lib];\nc.go();',
  ),
  changesOf(
    'by `this` of what others put in the place of an empty object',
    'export const c: any = { items: {}, go() { this.items.n = 11; } };',
    'c.items = lib;\nc.go();',
  ),
  changesOf(
    'by `this` of what a method puts in the place of an empty object',
    'export const c: any = { items: {}, set(l: any) { this.items = l; }, go() { this.items.n = 11; } };',
    'export const set = c.set(lib);\nexport const gone = c.go();',
  ),
  changesOf(
    'by `this` of what heirs have in the place of an empty object',
    'export const c: any = { items: {}, go(k: any) { this.items.n = k; } };',
    'const o: any = Object.create(c);\no.items = lib;\nexport const gone = o.go(11);',
  ),
  changesOf(
    'by `this` of what a method has put into a list',
    'export const c: any = { items: [], add(l: any) { return this.items.push(l); }, go() { this.items[0].n = 11; } };',
    'export const added = c.add(lib);\nexport const gone = c.go();',
  ),
  changesOf(
    'by `this` of what a method has put into a map, under another name',
    `export const c: any = { items: new Map(), add(l: any) { return this.items.set('a', l); }, go() { const l = this.items.get('a'); l.n = 11; } };`,
    'export const added = c.add(lib);\nexport const gone = c.go();',
  ),
  leaves('that counts', '{ const o = { n: 0, l: lib, go() { this.n += 11; } };\no.go(); }'),
  leaves(
    'that keeps a list',
    'function make(_given: any) { const o = { items: [] as any[], add(_x: any) { this.items.push(11); } };\no.add(1);\nreturn o; }\nexport const made = make(lib);',
  ),
  leaves(
    'in a class that keeps a list',
    'function make() { class C { items: any[] = []; add() { this.items.push(11); return this; } get n() { return lib.n; } }\nconst c = new C();\nc.add();\nreturn c; }\nexport const made = make();',
  ),
  leaves(
    'beside a map that holds it',
    `function go() { const m = new Map([['a', lib]]);\nconst o = { items: [] as any[], go() { this.items.push(11); } };\no.go();\nreturn m.get('a').n; }\nexport const got = go();`,
  ),
  leaves(
    'in methods that read',
    'export const o = { l: lib, go() { return this.other() + 11; }, other() { return this.l.n; } };',
  ),
  {
    title: 'what a method puts into a list beside what others have put there',
    files: {
      ...setup(`import { c } from './made.ts';\nexport const one = c.add(lib);\nexport const two = c.add({ n: 11 });`),
      'src/made.ts': 'export const c: any = { items: [], add(x: any) { return this.items.push(x); } };\n',
    },
    edit: { 'src/setup.ts': ['11', '22'] },
    mustChange: false,
  },
  {
    title: 'what is put beside a function that changes what it is given',
    files: {
      ...setup(`import { c } from './made.ts';\nc.a = (x: any) => { x.v = 11; };\nc.b = lib;`),
      'src/made.ts': 'export const c: any = {};\n',
    },
    edit: { 'src/setup.ts': ['11', '22'] },
    mustChange: false,
  },
];
