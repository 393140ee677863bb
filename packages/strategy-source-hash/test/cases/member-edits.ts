import type { HardEdit } from './hard-edits.ts';
import { edit, opModule } from './loading-edits.ts';

type Files = Readonly<Record<string, string>>;

/** A program whose op reads something of `api`; `more` are further modules, of which `set` is imported for what it does. */
function program(lib: string, read: string, more: Files = {}): Files {
  const set = 'src/set.ts' in more ? `import * as all from './set.ts';\nconst { go = () => 0 }: any = all;\n` : '';
  return {
    'src/ops.ts': opModule(read, `import { api } from './lib.ts';\n${set}`),
    'src/lib.ts': `${lib.replace('api =', 'api: any =')}\n`,
    ...more,
  };
}

/** What becomes 22 is in `lib`, unless another module has it. */
function eleven(lib: string, more: Files = {}): HardEdit['edit'] {
  const [file = 'src/lib.ts'] = lib.includes('11')
    ? []
    : Object.keys(more).filter((path) => more[path]?.includes('11'));
  return { [file]: ['11', '22'] };
}

function counts(what: string, lib: string, read: string, more?: Files): HardEdit {
  return edit(`a member of an object that counts ${what}`, program(lib, read, more), eleven(lib, more));
}

function leavesAlone(what: string, lib: string, read: string, more?: Files): HardEdit {
  return edit(`a member of an object beside ${what}`, program(lib, read, more), eleven(lib, more), false);
}

const PLAIN = 'export const api = { a: 1, b: 11 };';

/** Another module that has part in it. */
const set = (code: string): Files => ({ 'src/set.ts': `import { api } from './lib.ts';\n${code}\n` });

/** Members of objects: each counts for itself for who reads only this one, and all of them count where one may have part in another. */
export const MEMBER_EDITS: readonly HardEdit[] = [
  leavesAlone('one that is read', PLAIN, 'api.a'),
  leavesAlone('a function that is called', 'export const api = { a: () => 1, b: () => 11 };', 'api.a()'),
  leavesAlone('a method that is called', 'export const api = { a() { return 1; }, b() { return 11; } };', 'api.a()'),
  leavesAlone(
    'a function that is put there by its name',
    'const f = () => 1;\nexport const api = { a: f, b: 11 };',
    'api.a()',
  ),
  leavesAlone('one that is made of a constant', `const K = 5;\nexport const api = { a: \`x\${K}\`, b: 11 };`, 'api.a'),
  leavesAlone('an object that is read deeply', `export const api = { a: { c: 'x' }, b: 11 };`, 'api.a.c'),
  leavesAlone('one that a pattern takes', PLAIN, '(() => { const { a } = api; return a; })()'),
  leavesAlone('one that is asked for by a text', `export const api = { 'x-y': 1, b: 11 };`, `api['x-y']`),
  leavesAlone('one that may be missing', PLAIN, 'api?.a'),
  leavesAlone('one that is handed on', 'export const api = { a: (x) => x + 1, b: 11 };', '[1].map(api.a)'),
  leavesAlone('one that is made by a call', 'const make = () => 11;\nexport const api = { a: 1, b: make() };', 'api.a'),
  leavesAlone(
    'the arguments of a method',
    'export const api = { a() { return arguments.length; }, b: 11 };',
    'api.a(1)',
  ),
  leavesAlone('one of a template', 'export const api = { a: (s) => s.raw.join(), b: 11 };', 'api.a`x`'),
  leavesAlone('one that is exported again', `export { inner as api } from './inner.ts';`, 'api.a', {
    'src/inner.ts': 'export const inner: any = { a: 1, b: 11 };\n',
  }),
  leavesAlone(
    'a member that one calls by the name of the object',
    'export const api = { a: () => api.c(), b: 11, c: () => 1 };',
    'api.a()',
  ),
  leavesAlone('one of a frozen object', 'export const api = Object.freeze({ a: 1, b: 11 });', 'api.a'),
  leavesAlone('one of an enum', `enum E { A = 'a', B = '11' }\nexport const api = { e: () => E.A };`, 'api.e()'),
  leavesAlone('one of an enum of another module', `export { E as api } from './e.ts';`, 'api.A', {
    'src/e.ts': 'export enum E { A = 1, B = 11 }\n',
  }),
  leavesAlone(
    'one of a constant that is exported by default',
    `import inner from './inner.ts';\nexport { inner as api };`,
    'api.a',
    { 'src/inner.ts': 'const inner: any = { a: 1, b: 11 };\nexport default inner;\n' },
  ),
  leavesAlone('one of an object that is exported by default', `export { default as api } from './inner.ts';`, 'api.a', {
    'src/inner.ts': 'export default { a: 1, b: 11 };\n',
  }),
  counts('because it is read', 'export const api = { a: 11, b: 1 };', 'api.a'),
  counts('in a frozen object, because it is read', 'export const api = Object.freeze({ a: 11, b: 1 });', 'api.a'),
  counts(
    'in an enum, because it is read',
    `enum E { A = '11', B = 'b' }\nexport const api = { e: () => E.A };`,
    'api.e()',
  ),
  counts(
    'in an enum, because the next one goes on from it',
    'enum E { A = 11, B }\nexport const api = { e: () => E.B };',
    'api.e()',
  ),
  counts(
    'in an enum, because its number is looked up',
    'enum E { A = 1, B = 11 }\nexport const api = { e: () => E[11] };',
    'api.e()',
  ),
  counts(
    'of a second enum of its name',
    'enum E { A = 1 }\nenum E { B = 11 }\nexport const api = { e: () => [E.A, E.B] };',
    'api.e()',
  ),
  counts(
    'in what another function is given that is called like the one which freezes',
    'const Object = { freeze: (o: any) => ({ ...o, a: o.b }) };\nexport const api = Object.freeze({ a: 1, b: 11 });',
    'api.a',
  ),
  counts(
    'in what is exported by default after it was changed',
    `import inner from './inner.ts';\nexport { inner as api };`,
    'api.a',
    { 'src/inner.ts': 'const inner: any = { a: 1, b: 11 };\ninner.a = inner.b;\nexport default inner;\n' },
  ),
  counts(
    'of an export that has a member of its own name, read by a name for its module',
    `export * as api from './inner.ts';`,
    'api.inner.b',
    { 'src/inner.ts': 'export const inner: any = { inner: 1, b: 11 };\n' },
  ),
  counts('because all are asked for', PLAIN, 'Object.values(api)'),
  counts('because the object is handed on', PLAIN, '[api].map((one) => one.b)'),
  counts('because a pattern takes the rest', PLAIN, '(() => { const { a, ...rest } = api; return rest; })()'),
  counts('because any may be asked for', PLAIN, `['b'].map((name) => api[name])`),
  counts('by `this` of a method', 'export const api = { a() { return this.b; }, b: 11 };', 'api.a()'),
  counts('by `this` of a function', 'export const api = { a: function () { return this.b; }, b: 11 };', 'api.a()'),
  counts(
    'by `this` of an arrow in a method',
    'export const api = { a() { return (() => this.b)(); }, b: 11 };',
    'api.a()',
  ),
  counts(
    'by `this` of a function that is put there by its name',
    'function f(this: any) { return this.b; }\nexport const api = { f, b: 11 };',
    'api.f()',
  ),
  counts(
    'by `this` of a function of another module',
    `import { g } from './f.ts';\nexport const api = { a: g, b: 11 };`,
    'api.a()',
    { 'src/f.ts': 'function f(this: any) { return this.b; }\nexport const g = f;\n' },
  ),
  counts(
    'by `this` of a function that a call has made',
    'const wrap = (f: any) => function (this: any) { return f.call(this); };\nconst f = wrap(function (this: any) { return this.b; });\nexport const api = { a: f, b: 11 };',
    'api.a()',
  ),
  counts('by `this` of a template', 'export const api = { a: function () { return this.b; }, b: 11 };', 'api.a`x`'),
  counts('by a getter', 'export const api = { get a() { return this.b; }, b: 11 };', 'api.a'),
  counts(
    'by a getter inside of another one',
    'export const api = { a: { get x() { return api.b; } }, b: 11 };',
    'api.a.x',
  ),
  counts(
    'by another name of the object',
    'export const api = { a: () => self.b, b: 11 };\nconst self = api;',
    'api.a()',
  ),
  counts('by all names of the object', 'export const api = { a: () => JSON.stringify(api), b: 11 };', 'api.a()'),
  counts('because it comes after one of its name', `const k = 'a';\nexport const api = { a: 1, [k]: 11 };`, 'api.a'),
  counts(
    'because it is copied over one of its name',
    'const base = { a: 11 };\nexport const api = { a: 1, ...base };',
    'api.a',
  ),
  counts('by the prototype', 'export const api = { __proto__: { c: 11 }, a: 1 };', 'api.c'),
  counts('because it is put in the place of another one', PLAIN.replace('};', '};\napi.a = api.b;'), 'api.a'),
  counts('because another module puts it there', PLAIN, 'api.a', set('api.a = api.b;')),
  counts('because another module copies it', PLAIN, 'api.a', set('Object.assign(api, { a: api.b });')),
  counts('because another name is used for that', PLAIN, 'api.a', set('const o = api;\no.a = o.b;')),
  counts('because a list is gone through', PLAIN, 'api.a', set('for (const o of [api]) o.a = o.b;')),
  counts(
    'because an instance changes what it was given',
    PLAIN,
    'api.a',
    set('class S { o: any; constructor(o: any) { this.o = o; }\n go() { this.o.a = this.o.b; } }\nnew S(api).go();'),
  ),
  counts(
    'because a property is defined by it',
    PLAIN,
    'api.a',
    set(`Object.defineProperty(api, 'a', { get() { return this.b; } });`),
  ),
  counts(
    'because it is put into another one',
    'export const api = { a: [], b: 11 };',
    'api.a',
    set('api.a.push(api.b);'),
  ),
  counts(
    'because all members are changed',
    'export const api = { a: { n: 1 }, b: { n: 11 } };',
    'api.a.n',
    set('for (const one of Object.values<any>(api)) one.n = api.b.n;'),
  ),
  counts(
    'because a function puts it there as the op runs',
    PLAIN,
    '(go(), api.a)',
    set('export const go = () => { api.a = api.b; };'),
  ),
  counts(
    'because a function of another name puts it there as the op runs',
    PLAIN,
    '(go(), api.a)',
    set('const o = api;\nexport const go = () => { o.a = o.b; };'),
  ),
  counts(
    'because a function that is given the object puts it there',
    PLAIN,
    '(go(api), api.a)',
    set('export const go = (o: any) => { o.a = o.b; };'),
  ),
  counts(
    'because it changes another one as modules are loaded',
    'export const api = { a: { n: 1 }, go() { api.a.n = 11; } };',
    'api.a.n',
    set('api.go();'),
  ),
  counts('as a value that is changed', 'const K = { n: 1 };\nK.n = 11;\nexport const api = { a: K, b: 3 };', 'api.a.n'),
  counts('because the object is inherited from', PLAIN, '(Object.create(api).b + api.a)'),
];
