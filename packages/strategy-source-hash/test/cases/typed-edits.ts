import type { HardEdit } from './hard-edits.ts';

type Replaced = readonly [from: string, to: string];
type Edits = Readonly<Record<string, Replaced>>;

/** `main` over `f` of `lib.ts`. */
const OPS = `import { op } from '@memo/core';\nimport { f } from './lib.ts';\nexport const main = op('main', async (x: any) => f(x));\n`;

const edits = (title: string, files: HardEdit['files'], kept: Edits, counting: Edits): readonly HardEdit[] => {
  const all = { 'src/ops.ts': OPS, ...files };
  return [
    { title: `${title} (in vain)`, files: all, edit: kept, mustChange: false },
    { title: `${title} (in earnest)`, files: all, edit: counting, mustChange: true },
  ];
};

const inLib = (title: string, lib: string, kept: Replaced, counting: Replaced): readonly HardEdit[] =>
  edits(title, { 'src/lib.ts': lib }, { 'src/lib.ts': kept }, { 'src/lib.ts': counting });

const DECORATED = `const seen: any[] = [];\nconst dec = (k: any) => (v: any, c: any) => { seen.push([k, c.kind]); };\n@dec(11) class K { go(n: number) { const k: number = 2; return (k as number) + n; } }\nexport const f = (n: any) => JSON.stringify(seen) + new K().go(n);\n`;
const MEMBERS = 'export const a: any = { n: 1 };\nexport const b: any = { n: 5 };\n';
const BY_NAME = {
  'src/lib.ts': `import { all } from './all.ts';\nexport const f = (n: any) => all.a.n + n;\n`,
  'src/all.ts': `export * as all from './members.ts';\n`,
  'src/members.ts': MEMBERS,
};

/** Edits behind types that stand around what is assigned, read or declared, and of what is reached by the name of a namespace. */
export const TYPED_EDITS: readonly HardEdit[] = [
  ...inLib(
    'a variable that is assigned as another type, by a function that only the op calls',
    `let k: any = 1;\nlet j: any = 1;\nfunction set(): void { (k as number) = 11; }\nexport const other = () => { (j as number) = 5; return j; };\nexport const f = (n: any) => { set(); return read() + n; };\nconst read = () => k;\n`,
    ['= 5', '= 6'],
    ['11', '12'],
  ),
  ...inLib(
    'a variable that is counted up and asserted to be there',
    `let k: any = 1;\nlet j: any = 1;\nexport const up = () => { k! += 11; return k; };\nexport const other = () => { j! += 5; return j; };\nup();\nexport const f = (n: any) => k + n;\n`,
    ['+= 5', '+= 6'],
    ['11', '12'],
  ),
  ...inLib(
    'variables that a pattern assigns as other types',
    `let k: any;\nlet j: any;\n[(k as any), j!] = [11, 5];\nexport const f = (n: any) => k + n;\n`,
    ['let j: any;', 'let j: number | undefined;'],
    ['11', '12'],
  ),
  ...inLib(
    'a variable that keeps its value since it is constant',
    `export const f = (n: any) => { const k: any = 1; const j = 2; try { (k as any) = 11; } catch { return 'kept'; } return k + j + n; };\n`,
    ['const j', 'let j'],
    ['const k', 'let k'],
  ),
  ...inLib(
    'a variable of a module that keeps its value since it is constant',
    `const k: any = 1;\nconst j = 2;\nfunction set(): void { (k as any) = 11; }\nexport const f = (n: any) => { try { set(); } catch { return 'kept'; } return k + j + n; };\n`,
    ['const j', 'let j'],
    ['const k', 'let k'],
  ),
  ...inLib(
    'the name of a function that is assigned as another type',
    `export const f = (n: any) => { let g: any; let k: any; (g as any) = () => 1; k = n; return g.name + k; };\n`,
    [
      'let k: any; (g as any) = () => 1; k = n; return g.name + k',
      'let j: any; (g as any) = () => 1; j = n; return g.name + j',
    ],
    [
      'let g: any; let k: any; (g as any) = () => 1; k = n; return g',
      'let h: any; let k: any; (h as any) = () => 1; k = n; return h',
    ],
  ),
  ...inLib(
    'a type in a method of a decorated class',
    DECORATED,
    ['k: number = 2; return (k as number)', 'k = 2; return k'],
    ['11', '12'],
  ),
  ...edits(
    'a member of a namespace that goes by the name of an export',
    BY_NAME,
    { 'src/members.ts': ['5', '6'] },
    { 'src/members.ts': ['1', '2'] },
  ),
  ...edits(
    'a member that another module changes of a namespace with a name',
    {
      ...BY_NAME,
      'src/all.ts': `import * as members from './members.ts';\nexport { members as all };\n`,
      'src/lib.ts': `import './set.ts';\n${BY_NAME['src/lib.ts']}`,
      'src/set.ts': `import { all } from './all.ts';\nall.a.n = 11;\nall.b.n = 7;\n`,
    },
    { 'src/set.ts': ['7', '8'] },
    { 'src/set.ts': ['11', '12'] },
  ),
  ...edits(
    'a name that a namespace with a name has not',
    {
      ...BY_NAME,
      'src/lib.ts': `import { all } from './all.ts';\nexport const f = (n: any) => [all.a.n, (all as any).c?.n, n];\n`,
    },
    { 'src/members.ts': ['const b', 'const d'] },
    { 'src/members.ts': ['const b', 'const c'] },
  ),
  ...edits(
    'a namespace with a name that is also handed on',
    {
      ...BY_NAME,
      'src/lib.ts': `import { all } from './all.ts';\nconst count = (o: object) => Object.keys(o).length;\nexport const f = (n: any) => all.a.n + count(all) + n;\n`,
    },
    { 'src/members.ts': ['const a: any', 'const a: unknown'] },
    { 'src/members.ts': ['export const b', 'export const c = 3;\nexport const b'] },
  ),
  ...edits(
    'a member of a namespace that is read as another type',
    {
      'src/lib.ts': `import * as all from './members.ts';\nexport const f = (n: any) => (all as any).a.n + n;\n`,
      'src/members.ts': MEMBERS,
    },
    { 'src/members.ts': ['5', '6'] },
    { 'src/members.ts': ['1', '2'] },
  ),
  ...edits(
    'a key of JSON that is read as another type',
    {
      'src/lib.ts': `import data from './data.json' with { type: 'json' };\nexport const f = (n: any) => (data as { a: number })?.a + n;\n`,
      'src/data.json': '{ "a": 1, "b": 5 }',
    },
    { 'src/data.json': ['5', '6'] },
    { 'src/data.json': ['1', '2'] },
  ),
];
