import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { OP_MODULE, TSX } from './support/answering-program.ts';
import { LiveProcess } from './support/live-process.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './support/project.ts';

// Starts programs.
vi.setConfig({ testTimeout: 180_000 });

const PACKAGE = fileURLToPath(new URL('../', import.meta.url));

/** Answers with the version of its op, and with the parsers that the process has loaded. */
const MAIN = `
import { sourceHash } from '@memo/strategy-source-hash';
import { main } from './ops.ts';
process.report.excludeNetwork = true;
process.stdin.once('data', () => {
  const [option] = process.argv.slice(2);
  const { version } = sourceHash(option === 'off' ? { cache: false } : {}).getOpVersion(main);
  const kinds = process.report.getReport().sharedObjects.filter((path) => path.includes('oxc-parser')).map(() => 'parser');
  process.stdout.write('answer ' + JSON.stringify({ version, kinds }) + '\\n', () => process.exit());
});
`;

const FILES: FileTexts = {
  'package.json': '{"name":"p","type":"module"}',
  'tsconfig.json': '{"compilerOptions":{"target":"es2022"}}',
  'op.mjs': OP_MODULE,
  'main.ts': MAIN,
  'ops.ts': `import { op } from './op.mjs';\nimport { twice } from './twice.ts';\nexport const main = op('main', (n: number) => twice(n) + 1);\n`,
  'twice.ts': 'export const twice = (n: number): number => n * 2;\n',
  '.memo/store/entry': '',
};

function project(): TemporaryProject {
  const made = temporaryProject(FILES);
  made.link(PACKAGE, 'node_modules/@memo/strategy-source-hash');
  return made;
}

function start({ root }: TemporaryProject, ...args: readonly string[]): LiveProcess {
  return new LiveProcess(root, ['--conditions=@memo/source', '--import', TSX, 'main.ts', ...args]);
}

const linesIn = (made: TemporaryProject): readonly string[] =>
  readdirSync(made.path('.memo/cache/source-hash')).flatMap((name) =>
    readFileSync(made.path(`.memo/cache/source-hash/${name}`), 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );

test('a process that finds all facts in the cache loads no parser, until a file is edited', async () => {
  const made = project();
  const cold = await start(made).ask();
  expect(cold).toMatchObject({ version: expect.stringMatching(/^sh2-/), kinds: ['parser'] });
  const lines = linesIn(made);
  expect(await start(made).ask()).toEqual({ ...cold, kinds: [] });
  expect(linesIn(made)).toEqual(lines);

  made.write({ 'twice.ts': 'export const twice = (n: number): number => n + n;\n' });
  const edited = await start(made).ask();
  expect(edited.kinds).toEqual(['parser']);
  expect(edited.version).not.toBe(cold.version);
  expect(await start(made, 'off').ask()).toEqual(edited);
  expect(linesIn(made).slice(0, lines.length)).toEqual(lines);
});

test('two processes that begin at once fill one cache', async () => {
  const made = project();
  const both = [start(made), start(made)];
  const [first, second] = await Promise.all(both.map((running) => running.ask()));
  expect(second?.version).toBe(first?.version);
  expect(await start(made).ask()).toEqual({ version: first?.version, kinds: [] });
});

test('without `.memo`, and without a cache, nothing is written', async () => {
  const made = project();
  await start(made, 'off').ask();
  expect(existsSync(made.path('.memo/cache'))).toBe(false);
  rmSync(made.path('.memo'), { recursive: true });
  await start(made).ask();
  expect(existsSync(made.path('.memo'))).toBe(false);
});
