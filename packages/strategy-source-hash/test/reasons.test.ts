import { readFileSync } from 'node:fs';
import type { Json } from '@memo/core/plugin';
import { expect, test } from 'vitest';
import { definitionManifest } from '../src/definition-manifest.ts';
import { uncertaintiesOf } from '../src/definition-notes.ts';
import { diffManifests } from '../src/manifest.ts';
import { EFFECT_EDITS } from './cases/effect-edits.ts';
import { HARD_EDITS, type HardEdit } from './cases/hard-edits.ts';
import { LOADING_EDITS } from './cases/loading-edits.ts';
import { DEFINITION_EDITS, NEEDLESS_EDITS } from './cases/needless-edits.ts';
import { TYPED_EDITS } from './cases/typed-edits.ts';
import { forgetLoaded, freshReader } from './support/fresh-reader.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './support/project.ts';

interface Edit {
  readonly title: string;
  readonly files: FileTexts;
  readonly edits: FileTexts;
  readonly link?: readonly [string, string];
}

const PACKAGE = '{"name":"p","type":"module"}';

const hard = ({ title, files, edit }: HardEdit): Edit => ({
  title,
  files: { 'package.json': PACKAGE, ...files },
  edits: Object.fromEntries(
    Object.entries(edit).map(([file, [from, to]]) => [file, (files[file] ?? '').replace(from, () => to)]),
  ),
});

const IS_LONG = process.env['MEMO_TEST_FULL'] === '1' || process.env['MEMO_REQUIRE_SERVERS'] === '1';
const SHARED = JSON.parse(readFileSync(new URL('./cases/edits.json', import.meta.url), 'utf8')) as readonly (Edit & {
  readonly id: string;
  readonly expect: string;
})[];
const HARD = [...HARD_EDITS, ...LOADING_EDITS, ...EFFECT_EDITS, ...NEEDLESS_EDITS, ...DEFINITION_EDITS, ...TYPED_EDITS];
const EDITS = [
  ...SHARED.filter((edit) => edit.expect === 'inv').map((edit) => ({ ...edit, title: edit.id })),
  ...HARD.filter(({ mustChange }, index) => mustChange && (IS_LONG || index % 4 === 1)).map(hard),
];

const OPS = `import { op } from '@memo/core';\nimport { f } from './lib.ts';\nexport const main = op('main', async (x: any) => f(x));\n`;
const CALLS = `import { dep } from 'dep';\nconst add = (a: any, b: any) => a + b;\nconst take = (a: any, b: any) => a - b;\nexport class Field { a: any; }\nexport const f = (x: any) => [add(x, 1), take(x, 1), dep(x), new Field()];\n`;
const LEADING = {
  'package.json': PACKAGE,
  'tsconfig.json': '{"compilerOptions":{"useDefineForClassFields":true}}',
  'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","type":"module","exports":"./index.js"}',
  'node_modules/dep/index.js': 'export const dep = (x) => x; export const other = dep;\n',
  'src/ops.ts': OPS,
  'src/lib.ts': CALLS,
};

function manifestOf({ root, path }: TemporaryProject): Json {
  forgetLoaded();
  const reader = freshReader();
  const answer = reader.slices.ofExport(path('src/ops.ts'), 'main');
  if (answer === undefined) throw new Error('the program has no op');
  const uncertain = uncertaintiesOf(answer.findings);
  const env = uncertain.flatMap(({ kind }) => (kind.startsWith('env:') ? [kind] : []));
  const more = { algorithm: '', node: '', included: [], packages: [], declared: [], texts: undefined };
  return JSON.parse(JSON.stringify(definitionManifest(answer.slice, { ...more, base: root, uncertain, env }))) as Json;
}

function reasonsFor({ files, edits, link }: Edit): ReturnType<typeof diffManifests> {
  const project = temporaryProject(files);
  if (link !== undefined) project.link(...link);
  const before = manifestOf(project);
  project.write(edits);
  return diffManifests(before, manifestOf(project));
}

test.each(EDITS.map((edit) => [edit.title, edit] as const))('a new version has a reason: %s', (_title, edit) => {
  expect(reasonsFor(edit)).not.toEqual([]);
});

test.each([
  ['two functions change places', 'src/lib.ts', 'add(x, 1), take(x, 1)', 'take(x, 1), add(x, 1)', 'src/lib.ts#f'],
  ['another export of a package', 'src/lib.ts', '{ dep }', '{ other as dep }', 'src/lib.ts#f'],
  ['a compiler option', 'tsconfig.json', 'true', 'false', 'compiler options, or the type of a package'],
  [
    'the type of a package',
    'package.json',
    '"type":"module"',
    '"type":"commonjs"',
    'compiler options, or the type of a package',
  ],
] as const)('the reason is named where no symbol has another text: %s', (_title, file, from, to, name) => {
  const text = LEADING[file];
  expect(text).toContain(from);
  expect(reasonsFor({ title: '', files: LEADING, edits: { [file]: text.replace(from, to) } })).toMatchObject([
    { name, how: 'changed' },
  ]);
});
