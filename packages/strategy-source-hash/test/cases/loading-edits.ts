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
];
