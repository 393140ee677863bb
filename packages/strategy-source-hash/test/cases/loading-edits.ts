import type { HardEdit } from './hard-edits.ts';

/** The module of an op with a value, and what it imports. */
export const opModule = (value: string, imports: string): string =>
  `import { op } from '@memo/core';\n${imports}export const main = op('main', async () => ${value});\n`;

export function edit(title: string, files: HardEdit['files'], change: HardEdit['edit'], mustChange = true): HardEdit {
  return { title, files, edit: change, mustChange };
}

const D = `import data from './d.json' with { type: 'json' };\n`;

export const LOADING_EDITS: readonly HardEdit[] = [
  edit(
    'an element of a JSON list that a method goes through',
    { 'src/ops.ts': opModule('data.map((n: any) => n + 1)', D), 'src/d.json': '[11]\n' },
    { 'src/d.json': ['11', '22'] },
  ),
  edit(
    'whether JSON has a key that a method asks for',
    { 'src/ops.ts': opModule(`data.hasOwnProperty('a')`, D), 'src/d.json': '{"a":1}\n' },
    { 'src/d.json': ['a', 'b'] },
  ),
  edit(
    'a key of JSON beside one that is read and missing',
    { 'src/ops.ts': opModule('data.c ?? 1', D), 'src/d.json': '{"a":1}\n' },
    { 'src/d.json': ['a', 'b'] },
    false,
  ),
  edit(
    'a constant that a module reads before it is evaluated by all names of itself',
    {
      'src/ops.ts': opModule('seen', `import { seen } from './lib.ts';\n`),
      'src/lib.ts': `import * as me from './lib.ts';\nvar n = 0;\nexport const seen = ['later'].map((k) => { try { return (me as any)[k]; } catch { return 'early'; } }).join();\nexport const later = 5;\n`,
    },
    { 'src/lib.ts': ['var n = 0;\n', 'export const later = 5;\nvar n = 0;\n//'] },
  ),
  edit(
    'which of two equal members of JSON a function changes',
    {
      'src/ops.ts': opModule(
        '[change(), read()]',
        `${D}const change = () => { const { a }: any = data; a.n += 1; };\nconst read = () => data.a.n;\n`,
      ),
      'src/d.json': '{"a":{"n":1},"b":{"n":1}}\n',
    },
    { 'src/ops.ts': ['{ a }', '{ b: a }'] },
  ),
  edit(
    'the name of a parameter that hides what JSX is compiled to use',
    {
      'src/ops.ts': opModule('view(5)', `import { view } from './view.tsx';\n`),
      'src/view.tsx': `/** @jsx element */\nimport { element } from './element.ts';\nexport const view = (n: any): any => { try { return <b>{n}</b>; } catch { return 'hidden'; } };\n`,
      'src/element.ts':
        'export const element = (tag: any, props: any, ...all: any[]): any => [tag, props, ...all].join();\n',
    },
    {
      'src/view.tsx': [
        '(n: any): any => { try { return <b>{n}</b>',
        '(element: any): any => { try { return <b>{element}</b>',
      ],
    },
  ),
  edit(
    'the place that a function loads from',
    {
      'src/ops.ts': opModule('d', `import { d } from './lib.ts';\n`),
      'src/lib.ts': `import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\nexport const d = load('./d.json').a;\n`,
      'src/d.json': '{"a":1}',
      'src/o/d.json': '{"a":2}',
    },
    { 'src/lib.ts': ['(import.meta.url)', `(new URL('./o/x.js', import.meta.url))`] },
  ),
  edit(
    'the folder of a module that makes a function which loads from there',
    {
      'src/ops.ts': opModule('d', `import { d } from './lib.ts';\n`),
      'src/lib.ts': `import { createRequire } from 'node:module';\nexport const d = createRequire(import.meta.url)('./d.json').a;\n`,
      'src/o/lib.ts': `import { createRequire } from 'node:module';\nexport const d = createRequire(import.meta.url)('../d.json').a;\n`,
      'src/d.json': '{"a":1}',
    },
    { 'src/ops.ts': ['./lib.ts', './o/lib.ts'] },
    false,
  ),
  edit(
    'the name of an export that a pattern takes of what is loaded',
    {
      'src/ops.ts': opModule(
        `(async () => { const { a, b }: any = await import('./m.ts'); return [a, b, typeof a]; })()`,
        '',
      ),
      'src/m.ts': 'export const a = 1;\n',
    },
    { 'src/m.ts': ['a =', 'b ='] },
  ),
  edit(
    'what an export is another name for that a pattern takes of what is loaded',
    {
      'src/ops.ts': opModule(
        `(async () => { const { a, b, c }: any = await import('./m.ts'); return [a, b, c]; })()`,
        '',
      ),
      'src/m.ts': 'const x = 1;\nconst y = 2;\nexport { x as a, y as b, x as c };\n',
    },
    { 'src/m.ts': ['x as c', 'y as c'] },
  ),
  ...[true, false].flatMap((counts) => [
    edit(
      `an export ${counts ? 'that' : 'beside one that'} a pattern takes of a namespace`,
      {
        'src/ops.ts': opModule(
          'go()',
          `import * as all from './m.ts';\nconst go = () => { const { a, c = 3 }: any = all; return [a, c]; };\n`,
        ),
        'src/m.ts': 'export const a = 1;\nexport const b = 1;\n',
      },
      { 'src/m.ts': counts ? ['a = 1', 'a = 2'] : ['b = 1', 'b = 2'] },
      counts,
    ),
    edit(
      `a key ${counts ? 'that' : 'beside one that'} a pattern takes of JSON`,
      {
        'src/ops.ts': opModule('[a, b]', `${D}const { a, b = 3 }: any = data;\n`),
        'src/d.json': '{"a":1,"c":2}\n',
      },
      { 'src/d.json': counts ? ['"c"', '"b"'] : ['"c"', '"d"'] },
      counts,
    ),
  ]),
];
