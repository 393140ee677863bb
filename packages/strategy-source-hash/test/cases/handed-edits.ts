import type { HardEdit } from './hard-edits.ts';
import { edit, opModule } from './loading-edits.ts';

type Files = HardEdit['files'];

const LIB = `import { lib } from './lib.ts';\n`;

/** A module that puts what another one holds somewhere, or is given it, and changes it to 11 or to 22 there. */
function handed(how: string, code: string, more: Files = {}, mustChange = true): HardEdit {
  const files = {
    'src/ops.ts': opModule('lib.n', `${LIB}import './setup.ts';\n`),
    'src/lib.ts': 'export const lib: any = { n: 0 };\n',
    'src/setup.ts': `${LIB}${code}\n`,
    ...more,
  };
  const file = Object.keys(more).find((name) => more[name]?.includes('11')) ?? 'src/setup.ts';
  return edit(`${mustChange ? 'a change' : 'no change'} of what ${how}`, files, { [file]: ['11', '22'] }, mustChange);
}

/** The same inside a function that is called as the module is loaded. */
const inside = (how: string, code: string, more: Files = {}, mustChange = true): HardEdit =>
  handed(how, `function go() { ${code} }\nexport const gone = go();`, more, mustChange);

const SET = { 'src/set.ts': 'export const set = (l: any, n: any) => { l.n = n; return l; };\n' };
const GIVE = { 'src/give.ts': `${LIB}export const give = () => lib;\n` };
const BOTH = { ...SET, ...GIVE };
const IMPORTS = `import { set } from './set.ts';\nimport { give } from './give.ts';\n`;
const KEEP = {
  'src/keep.ts': 'export const keep = (l: any) => { const all: any[] = []; all.push(l); return all; };\n',
};

/** What calls put into values inside other code, and what functions give that is handed on. */
export const HANDED_EDITS: readonly HardEdit[] = [
  inside('a list is handed', 'const all: any[] = []; const count = all.push(lib); all[0].n = 11; return count;'),
  inside('a map is handed', `const all = new Map(); const map = all.set('a', lib); all.get('a').n = 11; return map;`),
  inside(
    'a list is handed by its prototype',
    'const all: any[] = []; const k = Array.prototype.push.call(all, lib); all[0].n = 11; return k;',
  ),
  inside(
    'a list is handed with a list',
    'const all: any[] = []; const k = all.push.apply(all, [lib]); all[0].n = 11; return k;',
  ),
  inside('an object is assigned', 'const o: any = {}; const k = Object.assign(o, { l: lib }); o.l.n = 11; return k;'),
  inside(
    'a property is defined as',
    `const o: any = {}; const k = Object.defineProperty(o, 'l', { value: lib }); o.l.n = 11; return k;`,
  ),
  inside(
    'an object inherits',
    'const o: any = {}; const k = Object.setPrototypeOf(o, { l: lib }); o.l.n = 11; return k;',
  ),
  inside('a part is handed', 'const o: any = { all: [] }; const k = o.all.push(lib); o.all[0].n = 11; return k;'),
  inside(
    'a part is handed by its own name',
    'const o: any = { all: [] }; const { all } = o; const k = all.push(lib); o.all[0].n = 11; return k;',
  ),
  inside('is put in by another name', 'const a: any = {}; const b = a; b.l = lib; a.l.n = 11;'),
  inside(
    'is put in by what a function gives',
    'const a: any = {}; const same = (x: any) => x; const b = same(a); b.l = lib; a.l.n = 11;',
  ),
  inside('is put in by what a list gives', 'const a: any = {}; const [b] = [a]; b.l = lib; a.l.n = 11;'),
  inside(
    'is put in by what a map holds',
    'const a: any = {}; const m = new Map([[1, a]]); m.get(1).l = lib; a.l.n = 11;',
  ),
  inside(
    'is put in by name and given in a condition',
    'const all: any[] = []; const k = all.push(() => { if (all) { return lib; } }); all[0]().n = 11; return k;',
  ),
  inside(
    'a function is given that a list holds',
    `const all: any[] = []; const k = all.push(put); return all[0](lib) ?? k;`,
    {
      'src/setup.ts': `${LIB}const put = (l: any) => { l.n = 11; };\nfunction go() { const all: any[] = []; const k = all.push(put); return all[0](lib) ?? k; }\nexport const gone = go();\n`,
    },
  ),
  inside(
    'a list keeps whose method is another one',
    'const all: any = []; all.push = (l: any) => { l.n = 11; }; all.push(lib);',
  ),
  inside(
    'a list keeps whose class is another one',
    'class L extends Array { push(l: any) { l.n = 11; return 1; } } const all: any = new L(); all.push(lib);',
  ),
  handed(
    'another module keeps in a list and gives back',
    `import { keep } from './keep.ts';\nkeep(lib)[0].n = 11;`,
    KEEP,
  ),
  handed(
    'another module keeps in a list and changes there',
    `import { keep } from './keep.ts';\nexport const kept = keep(lib);`,
    {
      'src/keep.ts':
        'export const keep = (l: any) => { const all: any[] = []; all.push(l); for (const one of all) one.n = 11; return 1; };\n',
    },
  ),
  handed('a function gives', `${IMPORTS}export const done = set(give(), 11);`, BOTH),
  handed('a function gives, for nothing but the effect', `${IMPORTS}set(give(), 11);`, BOTH),
  handed('a function gives later', `${IMPORTS}export const done = set(await give(), 11);`, BOTH),
  handed(
    'a function of the module gives',
    `${IMPORTS}const own = () => give();\nexport const done = set(own(), 11);`,
    BOTH,
  ),
  handed('a function is bound to give', `${IMPORTS}export const done = set(give.bind(null)(), 11);`, BOTH),
  inside('a variable has from a function', 'const l = give(); return set(l, 11);', {
    ...BOTH,
    'src/setup.ts': `${IMPORTS}function go() { const l = give(); return set(l, 11); }\nexport const gone = go();\n`,
  }),
  handed(
    'a list is kept in',
    'export const all = (() => { const all: any[] = []; all.push(lib); return all.length + 11; })();',
    {},
    false,
  ),
  handed(
    'another module keeps in a list',
    `import { keep } from './keep.ts';\nexport const kept = keep(lib);\nexport const other = 11;`,
    KEEP,
    false,
  ),
  handed(
    'another list holds',
    '{ const all: any[] = [lib]; const others: any[] = []; others.push({ n: 1 }); others[0].n = 11; void all; }',
    {},
    false,
  ),
  handed(
    'a handler reads that is registered',
    `import { all } from './all.ts';\nconst run = (k: any) => lib.n + k;\nall.add({ run, k: 11 });`,
    {
      'src/all.ts': 'const list: any[] = [];\nexport const all = { add: (o: any) => { list.push(o); } };\n',
    },
    false,
  ),
  handed(
    'a decorated field begins with',
    'function dec(_v: any, _c: any): any { return (l: any) => { l.n = 11; return l; }; }\nclass A { @dec x = lib; }\nexport const a = new A();',
  ),
  handed(
    'a decorated field begins with, by a decorator of another module',
    `import { dec } from './dec.ts';\nclass A { @dec(11) accessor x = lib; }\nexport const a = new A();`,
    {
      'src/dec.ts':
        'export const dec = (k: any) => (_v: any, _c: any): any => ({ init(l: any) { l.n = k; return l; } });\n',
    },
  ),
  handed(
    'a class with a decorated method begins with',
    'const dec = (f: any): any => f;\nclass A { x = lib; @dec go() { return lib.n + 11; } }\nexport const a = new A();',
    {},
    false,
  ),
];
