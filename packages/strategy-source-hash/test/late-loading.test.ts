import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { ClosureReader } from '../src/closure.ts';
import { FileAge } from '../src/file-age.ts';
import { adoptFile, LoadedFiles } from '../src/loaded-files.ts';
import { Sightings } from '../src/sightings.ts';
import { CONDITIONS, hash } from './support/hashing.ts';
import { LiveProcess } from './support/live-process.ts';
import { linkMemo } from './support/memo.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './support/project.ts';

const JOB = `
import { readFileSync } from 'node:fs';
import { job, op } from '@memo/core';
import { fs } from '@memo/io-fs';
import { sourceHash } from '@memo/strategy-source-hash';
const load = op('load', async () => {
  globalThis.beforeLoading?.();
  return (await import('./late.mjs')).value;
});
const read = op('read', () => {
  globalThis.beforeLoading?.();
  return readFileSync(new URL('./note.txt', import.meta.url), 'utf8');
});
export const loading = job('loading', {
  io: fs('.memo/store'),
  versions: sourceHash(),
  build: () => ({ load: load(), read: read() }),
});
`;

/** Runs the job once for each line. Its ops make the edits in `edits.json`, if there are any, before they load anything. */
const MAIN = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { loading } from './job.mjs';
globalThis.beforeLoading = () => {
  if (!existsSync('edits.json')) return;
  for (const [file, text] of Object.entries(JSON.parse(readFileSync('edits.json', 'utf8')))) writeFileSync(file, text);
};
for await (const _line of createInterface({ input: process.stdin })) {
  console.log('answer ' + JSON.stringify(await run()));
}
async function run() {
  try {
    const { executed, reused, failed } = await loading.run();
    return { executed: executed.toSorted(), reused: reused.toSorted(), failed: failed.map(({ step, error }) => [step, error.code]) };
  } catch (error) {
    return { code: error.code, files: error.errors?.length ? error.errors.flatMap((one) => one.details.files) : error.details?.files };
  }
}
`;

const FILES: FileTexts = {
  'package.json': '{"name":"p","type":"module"}',
  'src/job.mjs': JOB,
  'src/main.mjs': MAIN,
  'src/late.mjs': `import { one } from './part.mjs';\nexport const value = one;\n`,
  'src/part.mjs': 'export const one = 1;\n',
  'src/note.txt': 'a note',
};

function project(files: FileTexts = {}): TemporaryProject {
  const made = temporaryProject({ ...FILES, ...files });
  linkMemo(made);
  return made;
}

function run({ root }: TemporaryProject): LiveProcess {
  return new LiveProcess(root, ['src/main.mjs']);
}

const DONE = { executed: ['load', 'read'], reused: [], failed: [] };

describe('ops that load code and read files while they run', () => {
  test('are published when nothing was edited, and re-used by the next process', async () => {
    const made = project();
    expect(await run(made).ask()).toEqual(DONE);
    expect(await run(made).ask()).toEqual({ executed: [], reused: ['load', 'read'], failed: [] });
  });

  test('publish nothing when a file that only late code imports was edited after planning', async () => {
    const made = project({ 'edits.json': '{"src/part.mjs":"export const one = 2;"}' });
    const running = run(made);
    expect(await running.ask()).toMatchObject({ failed: expect.arrayContaining([['load', 'M4007']]) });
    // Put back, the file is what was planned, but not what is in memory.
    made.write({ 'edits.json': null, 'src/part.mjs': FILES['src/part.mjs'] ?? null });
    expect(await running.ask()).toEqual({ code: 'M4007', files: [made.path('src/part.mjs')] });
    expect(await run(made).ask()).toEqual(DONE);
  });

  test('publish nothing when an asset was edited before they read it', async () => {
    const made = project({ 'edits.json': '{"src/note.txt":"another"}' });
    expect(await run(made).ask()).toMatchObject({ failed: expect.arrayContaining([['read', 'M4007']]) });
    made.write({ 'edits.json': null });
    expect(await run(made).ask()).toEqual(DONE);
  });
});

test('a file that a glob of `include` matched and that is gone gives no version, until it is back', async () => {
  const made = project({ 'src/job.mjs': JOB.replace('sourceHash()', "sourceHash({ include: ['notes/*.md'] })") });
  made.write({ 'notes/a.md': 'a', 'notes/b.md': 'b' });
  const running = run(made);
  expect(await running.ask()).toEqual(DONE);
  made.write({ 'notes/b.md': null });
  expect(await running.ask()).toEqual({ code: 'M4007', files: [made.path('notes/*.md')] });
  made.write({ 'notes/b.md': 'b' });
  expect(await running.ask()).toEqual({ executed: [], reused: ['load', 'read'], failed: [] });
});

test('a branch that is checked out between loading and the first look gives no version, even though its files are whole', async () => {
  const main = MAIN.replace('for await', "console.log('answer {}');\nfor await");
  const made = project({ 'src/main.mjs': main });
  const git = (...args: readonly string[]): Buffer =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: made.root, stdio: 'pipe' });
  const commit = (): Buffer => git('commit', '-qam', 'one');
  git('init', '-qb', 'one');
  git('add', 'src', 'package.json');
  commit();
  git('switch', '-qc', 'two');
  made.write({ 'src/job.mjs': JOB.replace("'utf8'", "'latin1'") });
  commit();
  git('switch', '-q', 'one');
  const running = run(made);
  await running.answer();
  git('switch', '-q', 'two');
  expect(await running.ask()).toEqual({ code: 'M4007', files: [made.path('src/job.mjs')] });
  const next = run(made);
  await next.answer();
  expect(await next.ask()).toEqual(DONE);
});

/** Whether the closure of a file with this text is loaded late in part. */
function isLate(text: string, files: FileTexts = {}): boolean {
  const made = temporaryProject({ 'package.json': '{"type":"module"}', 'src/ops.ts': text, 'src/x.ts': '', ...files });
  return hash(made).loadsLate;
}

describe('code is loaded late', () => {
  test.each([
    `export const f = () => import('./x.ts');`,
    `export const p = import('./x.ts');`,
    `export const f = () => require('./x.ts');`,
    `export class A { x = require('./x.ts') }`,
    `export const u = new URL('./x.ts', import.meta.url);`,
    `import { Worker } from 'node:worker_threads'; export const f = () => new Worker(new URL('./x.ts', import.meta.url));`,
    `export const f = () => import('./gone.ts');`,
    `export const f = () => import('dep');`,
    `import './y.ts';`,
    `const does not parse; import('./x.ts')`,
  ])('%s', (text) => {
    const dep = {
      'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0"}',
      'node_modules/dep/index.js': '',
    };
    expect(isLate(text, { 'src/y.ts': `export const f = () => import('./x.ts')`, ...dep })).toBe(true);
  });

  test.each([
    `import './x.ts';`,
    `export * from './x.ts';`,
    `const x = require('./x.ts');`,
    `import './x.ts'; export const f = () => import('./x.ts');`,
    `export const f = () => import('node:fs');`,
    `export const f = () => import('@memo/core');`,
    `export const f = () => import('data:text/javascript,');`,
  ])('not: %s', (text) => expect(isLate(text)).toBe(false));
});

describe('a graph that was read before', () => {
  function readerOf(made: TemporaryProject): ClosureReader {
    const began = Date.now() + 3_600_000;
    const files = new LoadedFiles(new FileAge({ now: () => began, loadingBegan: () => began }));
    const reader = new ClosureReader({ files, conditions: CONDITIONS, tsconfig: undefined, nativeTypes: false });
    reader.of(made.path('src/ops.mjs'));
    return reader;
  }

  const LATE: FileTexts = {
    'package.json': '{"type":"module"}',
    'src/ops.mjs': `export const f = () => import('./late.mjs');`,
    'src/late.mjs': `import './part'; import 'dep';`,
    'src/part.js': '',
    'node_modules/dep/package.json': '{"name":"dep","version":"1.0.0","dependencies":{"sub":"1"}}',
    'node_modules/dep/index.js': '',
  };

  test.each<FileTexts>([
    { 'src/part.ts': '' },
    { 'src/node_modules/dep/package.json': '{"name":"dep","version":"2.0.0"}', 'src/node_modules/dep/index.js': '' },
    { 'node_modules/sub/package.json': '{"name":"sub","version":"1.0.0"}' },
    { 'node_modules/dep/package.json': '{"name":"dep","version":"1.0.1"}' },
    { 'src/late.mjs': `import './part';` },
    { 'src/part.js': null },
  ])('holds no more when late code would find something else: %j', (edit) => {
    const made = temporaryProject(LATE);
    const reader = readerOf(made);
    expect(reader.graph.isCurrent()).toBe(true);
    made.write(edit);
    expect(reader.graph.isCurrent()).toBe(false);
  });
});

describe('where a file led when it was loaded', () => {
  const REGISTRY = Symbol.for('@memo/strategy-source-hash/loaded-files@1');
  const began = Date.now() + 3_600_000;
  const age = new FileAge({ now: () => began, loadingBegan: () => began });

  /** A look of the process at the files of its op. */
  function look(made: TemporaryProject): { readonly edited: readonly string[]; readonly sightings: Sightings } {
    const sightings = new Sightings(age);
    const files = new LoadedFiles(age, sightings);
    const options = { files, conditions: CONDITIONS, tsconfig: undefined, nativeTypes: false };
    const reader = new ClosureReader(options, sightings);
    const edited = reader.of(made.path('src/ops.ts'))?.edited.map((path) => path.slice(made.root.length + 1)) ?? [];
    reader.graph.noteLeads();
    return { edited, sightings };
  }

  /** Has this process know only what an earlier one has stored. */
  function adopt(sightings: Sightings): void {
    Reflect.deleteProperty(globalThis, REGISTRY);
    for (const [path, { look: seen, contents }] of sightings.files) adoptFile(path, seen, contents);
  }

  const DEP = (version: string): string => `{"name":"dep","version":"${version}"}`;
  const LED: FileTexts = {
    'package.json': '{"type":"module"}',
    'tsconfig.json': '{"compilerOptions":{"target":"es2022","paths":{"@app":["./one/deep.ts"]}}}',
    'src/tsconfig.json': '{"compilerOptions":{"target":"es2020","paths":{"@app":["../two/deep.ts"]}}}',
    'src/package.json': '{"type":"commonjs"}',
    'src/ops.ts': `import './part';\nimport './twin.js';\nimport 'dep';\nimport '@app';\nimport './linked/deep.ts';\nexport const all = new URL('./assets', import.meta.url);\n`,
    'src/part.ts': '1;',
    'src/part/index.ts': '2;',
    'src/twin.js': '1;',
    'src/twin.ts': '2;',
    'node_modules/dep/package.json': DEP('1.0.0'),
    'node_modules/dep/index.js': '',
    'src/node_modules/dep/package.json': DEP('2.0.0'),
    'src/node_modules/dep/index.js': '',
    'one/deep.ts': '1;',
    'two/deep.ts': '2;',
    'src/assets/a.txt': 'a',
    'src/assets/b.txt': 'b',
  };

  test.each<[string, string, (made: TemporaryProject) => void, string]>([
    ['a file before a directory of its name', 'src/part.ts', () => {}, 'src/ops.ts'],
    ['a file beside its twin', 'src/twin.js', () => {}, 'src/ops.ts'],
    ['a package that was nearer', 'src/node_modules/dep/package.json', () => {}, 'src/ops.ts'],
    ['a tsconfig that was nearer', 'src/tsconfig.json', () => {}, 'src/ops.ts'],
    ['a package.json that was nearer', 'src/package.json', () => {}, 'src/ops.ts'],
    ['a file of a directory', 'src/assets/b.txt', () => {}, 'src/assets'],
    ['a link', 'src/linked', (made) => made.link('two', 'src/linked'), 'src/ops.ts'],
  ])('is another place once %s is gone: the file has no version until it is back', (_name, gone, instead, file) => {
    Reflect.deleteProperty(globalThis, REGISTRY);
    const made = temporaryProject(LED);
    made.link('one', 'src/linked');
    const { edited, sightings } = look(made);
    expect(edited).toEqual([]);
    made.write({ [gone]: null });
    instead(made);
    expect(look(made).edited).toContain(file);
    adopt(sightings);
    if (file !== 'src/assets') expect(look(made).edited).toContain(file);
    if (gone === 'src/linked') {
      made.write({ [gone]: null });
      made.link('one', gone);
    } else made.write({ [gone]: LED[gone] ?? null });
    expect(look(made).edited).toEqual([]);
  });
});
