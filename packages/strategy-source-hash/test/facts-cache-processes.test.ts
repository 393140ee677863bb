import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import { OP_MODULE } from './support/answering-program.ts';
import { LiveProcess } from './support/live-process.ts';
import { linkMemo } from './support/memo.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './support/project.ts';

/** Answers with the version of its op, with the parsers that the process has loaded, and with the files of the project that it has read. */
const MAIN = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { main } from './ops.mjs';
const files = [];
const { readFileSync } = fs;
fs.readFileSync = (path, ...options) => {
  if (String(path).startsWith(process.cwd()) && !/node_modules|[/]cache[/]/.test(path)) files.push(String(path).slice(process.cwd().length + 1));
  return readFileSync(path, ...options);
};
syncBuiltinESMExports();
const { sourceHash } = await import('@memo/strategy-source-hash');
process.report.excludeNetwork = true;
process.stdin.once('data', () => {
  const [option] = process.argv.slice(2);
  files.length = 0;
  const [{ version, manifest }] = sourceHash(option === 'off' ? { cache: false } : {}).getVersions([main]);
  const read = [...files];
  const kinds = process.report.getReport().sharedObjects.filter((path) => path.includes('oxc-parser')).map(() => 'parser');
  process.stdout.write('answer ' + JSON.stringify({ version, kinds, files: read, ...(option === 'manifest' && { manifest }) }) + '\\n', () => process.exit());
});
`;

const FILES: FileTexts = {
  'package.json': '{"name":"p","type":"module"}',
  'op.mjs': OP_MODULE,
  'main.mjs': MAIN,
  'ops.mjs': `import { op } from './op.mjs';\nimport { twice } from './twice.mjs';\nexport const main = op('main', (n) => twice(n) + 1);\n`,
  'twice.mjs': 'export const twice = (n) => n * 2;\n',
  '.memo/store/entry': '',
};

function project(): TemporaryProject {
  const made = temporaryProject(FILES);
  linkMemo(made);
  return made;
}

function start({ root }: TemporaryProject, ...args: readonly string[]): LiveProcess {
  return new LiveProcess(root, ['main.mjs', ...args]);
}

const linesIn = (made: TemporaryProject): readonly string[] =>
  cacheFiles(made, 'facts-').flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );

function cacheFiles(made: TemporaryProject, start: string): readonly string[] {
  const directory = made.path('.memo/cache/source-hash');
  return readdirSync(directory).flatMap((name) => (name.startsWith(start) ? [`${directory}/${name}`] : []));
}

/** What an answer file says, without how its directories looked: the one above the project is everybody's. */
function answersIn(file: string): unknown {
  const { answers, shared } = JSON.parse(file.split('\n')[1] ?? '') as Readonly<Record<'answers' | 'shared', unknown>>;
  return { answers, shared };
}

/** Something new above the project: any other program may make it at any time. */
function beside(made: TemporaryProject): void {
  rmSync(mkdtempSync(`${made.root}-beside-`), { recursive: true });
}

/** The project as another process finds it later: nothing in it was written a moment ago. */
function settle(made: TemporaryProject): void {
  const probe = made.path('probe');
  const began = Date.now();
  do writeFileSync(probe, '');
  while (statSync(probe).ctimeMs < began + 100);
  rmSync(probe);
}

test('a process that finds nothing changed reads no file, and a process that finds all facts in the cache loads no parser', async () => {
  const made = project();
  settle(made);
  const cold = await start(made).ask();
  expect(cold).toMatchObject({ version: expect.stringMatching(/^sh3-/), kinds: ['parser'] });
  expect(cold.files).toEqual(expect.arrayContaining(['ops.mjs', 'twice.mjs', 'op.mjs', 'package.json']));
  const lines = linesIn(made);
  expect(await start(made).ask()).toEqual({ ...cold, kinds: [], files: [] });
  expect(linesIn(made)).toEqual(lines);

  made.write({ 'twice.mjs': 'export const twice = (n) => n + n;\n' });
  const edited = await start(made).ask();
  expect(edited.kinds).toEqual(['parser']);
  expect(edited.version).not.toBe(cold.version);
  expect(await start(made, 'off').ask()).toMatchObject({ version: edited.version });
  expect(linesIn(made).slice(0, lines.length)).toEqual(lines);
  // Times say that something may have changed: then contents do that it has not.
  for (const path of cacheFiles(made, 'answers-')) rmSync(path);
  expect(await start(made).ask()).toMatchObject({ version: edited.version, kinds: [] });
});

test('answers that are damaged, or those of another place, are none; a manifest is made when it is asked for', async () => {
  const made = project();
  const cold = await start(made, 'manifest').ask();
  const [path = ''] = cacheFiles(made, 'answers-');
  const whole = readFileSync(path, 'utf8');
  const damage = whole.replace(/(?<="answers":\[\[[^,]*),false,/, ',true,');
  expect(damage).not.toBe(whole);
  beside(made);
  writeFileSync(path, damage);
  const damaged = await start(made).ask();
  expect(damaged).toMatchObject({ version: cold.version, files: expect.arrayContaining(['twice.mjs']) });
  expect(answersIn(readFileSync(path, 'utf8'))).toEqual(answersIn(whole));
  const { files: _read, ...again } = await start(made, 'manifest').ask();
  expect(again).toEqual({ version: cold.version, kinds: [], manifest: cold.manifest });

  const moved = project();
  moved.write({ 'twice.mjs': 'export const twice = (n) => n * 3;\n' });
  cpSync(made.path('.memo/cache'), moved.path('.memo/cache'), { recursive: true });
  expect((await start(moved).ask()).version).not.toBe(cold.version);
});

if (IS_WHOLE) {
  test('two processes that begin at once fill one cache', async () => {
    const made = project();
    const both = [start(made), start(made)];
    const [first, second] = await Promise.all(both.map((running) => running.ask()));
    expect(second?.version).toBe(first?.version);
    expect(await start(made).ask()).toMatchObject({ version: first?.version, kinds: [] });
  });

  test('without `.memo`, and without a cache, nothing is written', async () => {
    const made = project();
    await start(made, 'off').ask();
    expect(existsSync(made.path('.memo/cache'))).toBe(false);
    rmSync(made.path('.memo'), { recursive: true });
    await start(made).ask();
    expect(existsSync(made.path('.memo'))).toBe(false);
  });
}
