import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type SourceSlice, sliceSource } from '../src/index.ts';
import type { HardEdit } from './cases/hard-edits.ts';
import { PROGRAM_EDITS } from './cases/program-edits.ts';
import { TSX } from './support/answering-program.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './support/project.ts';

interface Edit {
  readonly group: string;
  readonly id: string;
  readonly files: FileTexts;
  readonly edits: FileTexts;
  readonly expect: string;
  readonly link?: readonly [string, string];
  readonly move?: boolean;
}

const EDITS = JSON.parse(readFileSync(new URL('./cases/edits.json', import.meta.url), 'utf8')) as readonly Edit[];

const IS_LONG = process.env['MEMO_TEST_FULL'] === '1' || process.env['MEMO_REQUIRE_SERVERS'] === '1';
/** Each is two looks at a program: the long form and CI take all of them. */
const SAMPLED = PROGRAM_EDITS.filter((_edit, index) => IS_LONG || index % 4 === 0);

describe('the version of an op after an edit', () => {
  test.each(EDITS.map((edit) => [edit.group, edit.id, edit.expect, edit] as const))(
    '%s: %s: %s',
    (_group, _id, expected, edit) => {
      const project = projectOf(edit);
      const before = slice(project);
      const kinds = before.uncertain.map(({ kind }) => kind);
      if (expected.startsWith('flag:')) return expect(kinds).toContain(expected.slice('flag:'.length));
      if (expected.startsWith('env:')) return expect(before.env).toContain(expected.slice('env:'.length));
      const after = edit.move === true ? slice(projectOf(edit)) : sliceAfter(project, edit.edits);
      expect(after.version === before.version).toBe(expected === 'same');
    },
  );

  test.each(SAMPLED.filter(({ mustChange }) => mustChange))('is another one: $title', (edit) => {
    const project = temporaryProject({ 'package.json': PACKAGE, ...edit.files });
    const before = slice(project);
    expect(sliceAfter(project, editedFiles(edit)).version).not.toBe(before.version);
  });

  test.each(SAMPLED.filter(({ mustChange }) => !mustChange))('is the same: $title', (edit) => {
    const project = temporaryProject({ 'package.json': PACKAGE, ...edit.files });
    const before = slice(project);
    expect(sliceAfter(project, editedFiles(edit)).version).toBe(before.version);
  });
});

const PACKAGE = '{"name":"p","type":"module"}';

function editedFiles({ files, edit }: HardEdit): FileTexts {
  return Object.fromEntries(
    Object.entries(edit).map(([file, [from, to]]) => [file, (files[file] ?? '').replace(from, () => to)]),
  );
}

const ANSWERS = `for (const directory of process.argv.slice(2)) {
  let text;
  try {
    const { main } = await import(directory + '/src/ops.ts');
    text = JSON.stringify([await main(0), await main(2)]);
  } catch (error) { text = error.name; }
  console.log(text ?? 'undefined');
}
`;

test('those edits change what programs compute that are said to, and no others', () => {
  const project = temporaryProject({
    'answers.mjs': ANSWERS,
    'node_modules/@memo/core/package.json': '{"name":"@memo/core","type":"module","exports":"./index.js"}',
    'node_modules/@memo/core/index.js': 'export const op = (name, run) => run.run ?? run;\n',
  });
  for (const [index, edit] of SAMPLED.entries()) {
    for (const [when, texts] of [['before', {}] as const, ['after', editedFiles(edit)] as const]) {
      const files = Object.entries({ 'package.json': PACKAGE, ...edit.files, ...texts });
      project.write(Object.fromEntries(files.map(([name, text]) => [`${when}/${index}/${name}`, text])));
    }
  }
  const answers = ['before', 'after'].map((when) => {
    const directories = SAMPLED.map((_edit, index) => project.path(`${when}/${index}`));
    const run = spawnSync(process.execPath, ['--import', TSX, 'answers.mjs', ...directories], {
      cwd: project.root,
      encoding: 'utf8',
    });
    return run.stdout.trimEnd().split('\n');
  });
  const seen = SAMPLED.map(({ title }, index) => [title, answers[0]?.[index] !== answers[1]?.[index]]);
  expect(answers.map(({ length }) => length)).toEqual([SAMPLED.length, SAMPLED.length]);
  expect(Object.fromEntries(seen)).toEqual(
    Object.fromEntries(SAMPLED.map(({ title, mustChange }) => [title, mustChange])),
  );
});

test.each(['k = 11', '(k as number) = 11', 'k! += 11', '[k as number] = [11]', '({ k: k! } = { k: 11 })'])(
  'who assigns a variable counts for all that read it, however it is written: %s',
  (assignment) => {
    const lib = `let k: any = 1;\nexport const set = () => { ${assignment}; };\nexport const f = () => k;\n`;
    const ops = `import { op } from '@memo/core';\nimport { f } from './lib.ts';\nexport const main = op('main', async () => f());\n`;
    const project = temporaryProject({ 'package.json': PACKAGE, 'src/ops.ts': ops, 'src/lib.ts': lib });
    const before = slice(project);
    expect(sliceAfter(project, { 'src/lib.ts': lib.replace('11', '12') }).version).not.toBe(before.version);
  },
);

function projectOf(edit: Edit): TemporaryProject {
  const project = temporaryProject(edit.files);
  if (edit.link !== undefined) project.link(...edit.link);
  return project;
}

function slice({ root }: TemporaryProject): SourceSlice {
  return sliceSource({ root, file: 'src/ops.ts', exportName: 'main' });
}

function sliceAfter(project: TemporaryProject, edits: FileTexts): SourceSlice {
  project.write(edits);
  return slice(project);
}
