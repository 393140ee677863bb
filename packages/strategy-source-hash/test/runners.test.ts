import { spawnSync } from 'node:child_process';
import { describe, expect, test, vi } from 'vitest';
import { ANSWER_MODULE, JITI, OP_MODULE, TSC, TSX, VITEST, VITEST_PACKAGE } from './support/answering-program.ts';
import { type Answer, LiveProcess } from './support/live-process.ts';
import { type TemporaryProject, temporaryProject } from './support/project.ts';

// Each test starts several programs, some of them compilers.
vi.setConfig({ testTimeout: 180_000 });

interface Runner {
  readonly name: string;
  /** Extension of the project's files. */
  readonly extension: 'mjs' | 'ts';
  readonly start: (project: TemporaryProject) => readonly string[];
  readonly loaded: string;
}

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    outDir: 'dist',
    rootDir: 'src',
    module: 'nodenext',
    target: 'es2022',
    sourceMap: true,
    allowJs: true,
    types: [],
  },
  include: ['src'],
});

function build(project: TemporaryProject): void {
  const built = spawnSync(process.execPath, [TSC, '-p', project.root], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stdout);
}

const RUNNERS: readonly Runner[] = [
  { name: 'node', extension: 'mjs', start: () => ['src/main.mjs'], loaded: 'src/helper.mjs' },
  { name: 'tsx', extension: 'ts', start: () => ['--import', TSX, 'src/main.ts'], loaded: 'src/helper.ts' },
  { name: 'jiti', extension: 'ts', start: () => ['jiti.mjs'], loaded: 'src/helper.ts' },
  { name: 'node on built files', extension: 'ts', start: () => ['dist/main.js'], loaded: 'dist/helper.js' },
  {
    name: 'node with source maps on built files',
    extension: 'ts',
    start: () => ['--enable-source-maps', 'dist/main.js'],
    loaded: 'dist/helper.js',
  },
];

function projectFor({ extension }: Runner): TemporaryProject {
  const types = extension === 'ts';
  const js = types ? 'js' : 'mjs';
  return temporaryProject({
    'package.json': '{"name":"p","type":"module"}',
    'tsconfig.json': TSCONFIG,
    'op.mjs': OP_MODULE,
    'op.d.mts': 'export declare function op(name: string, run: (x: number) => unknown): unknown;',
    'answer.mjs': ANSWER_MODULE,
    'answer.d.mts': 'export declare function answer(context: unknown): Promise<void>;',
    'jiti.mjs': `import { createJiti } from ${JSON.stringify(JITI)};\nawait createJiti(import.meta.url, { fsCache: false }).import('./src/main.ts');\n`,
    [`src/main.${extension}`]: `import { answer } from '../answer.mjs';\nimport { main } from './ops.${js}';\nawait answer(main);\n`,
    [`src/ops.${extension}`]: `import { op } from '../op.mjs';\nimport { helper } from './helper.${js}';\nexport const main = op('main', async (x${types ? ': number' : ''}) => {\n  const name = () => helper(x) + 1;\n  return { name: name() };\n});\n`,
    [`src/helper.${extension}`]: helper(extension, 2),
  });
}

function startUnder(runner: Runner, project: TemporaryProject): LiveProcess {
  return new LiveProcess(project.root, runner.start(project));
}

function helper(extension: Runner['extension'], factor: number): string {
  return `// A helper.\nexport const helper = (n${extension === 'ts' ? ': number' : ''}) => n * ${factor};\n`;
}

describe.each(RUNNERS)('under $name', (runner) => {
  const helperFile = `src/helper.${runner.extension}`;
  const isBuilt = runner.loaded.startsWith('dist/');
  const start = (project: TemporaryProject): LiveProcess => {
    if (isBuilt) build(project);
    return startUnder(runner, project);
  };

  test('an edit of a loaded helper takes the version away until the process is restarted', async () => {
    const project = projectFor(runner);
    const first = start(project);
    const before = await first.ask();
    expect(before).toMatchObject({ certainty: 'exact', kinds: [] });
    expect(before.files).toContain(runner.loaded);
    expect(before.files).not.toContain(`src/main.${runner.extension}`);

    project.write({ [helperFile]: helper(runner.extension, 3) });
    if (isBuilt) build(project);
    const edited = await first.ask();
    expect(edited.code).toBe('M4007');
    expect(edited.message).toContain(project.path(runner.loaded));

    const second = await start(project).ask();
    expect(second.version).toMatch(/^sh2-[0-9a-f]{64}$/);
    expect(second.version).not.toBe(before.version);

    project.write({ [helperFile]: helper(runner.extension, 2) });
    const third = await start(project).ask();
    expect(third.version).toBe(before.version);
  });
});

describe.each(RUNNERS.filter(({ loaded }) => !loaded.startsWith('dist/')))('under $name', (runner) => {
  test('an edit of a comment leaves the version as it is', async () => {
    const project = projectFor(runner);
    const running = startUnder(runner, project);
    const before = await running.ask();
    project.write({ [`src/helper.${runner.extension}`]: `/* Another comment. */\n\n${helper(runner.extension, 2)}` });
    expect(await running.ask()).toEqual(before);
    expect(await startUnder(runner, project).ask()).toEqual(before);
  });
});

describe('under vitest', () => {
  test('an op has the version that it has under other runners of the same files', async () => {
    const [, tsx, jiti] = RUNNERS;
    if (tsx === undefined || jiti === undefined) throw new Error('runners are missing');
    const project = projectFor(tsx);
    project.link(VITEST_PACKAGE, 'node_modules/vitest');
    project.write({
      'test/ops.test.ts': `import { test } from 'vitest';
import { writeFileSync } from 'node:fs';
import { answerOnce } from '../answer.mjs';
import { main } from '../src/ops.ts';
test('asks', () => {
  console.log(answerOnce(main));
  writeFileSync('src/helper.ts', ${JSON.stringify(helper('ts', 3))});
  console.log(answerOnce(main));
});
`,
    });
    const underTsx = await new LiveProcess(project.root, tsx.start(project)).ask();
    const underJiti = await new LiveProcess(project.root, jiti.start(project)).ask();
    const [underVitest, edited] = answersOf(runVitest(project));
    expect(underJiti).toEqual(underTsx);
    expect(underVitest).toEqual(underTsx);
    expect(edited?.code).toBe('M4007');
  });
});

function runVitest(project: TemporaryProject): string {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
  return spawnSync(process.execPath, [VITEST, 'run'], { cwd: project.root, encoding: 'utf8', env }).stdout;
}

function answersOf(output: string): readonly Answer[] {
  const lines = output.split('\n').filter((line) => line.startsWith('answer '));
  return lines.map((line) => JSON.parse(line.slice('answer '.length)) as Answer);
}

describe('in worker threads', () => {
  test('a worker that starts after an edit gives the new version, the main thread none', async () => {
    const project = temporaryProject({
      'package.json': '{"name":"p","type":"module"}',
      'op.mjs': OP_MODULE,
      'answer.mjs': ANSWER_MODULE,
      'helper.mjs': helper('mjs', 2),
      'ops.mjs': `import { op } from './op.mjs';\nimport { helper } from './helper.mjs';\nexport const main = op('main', (x) => helper(x));\n`,
      'worker.mjs': `import { parentPort } from 'node:worker_threads';\nimport { answerOnce } from './answer.mjs';\nimport { main } from './ops.mjs';\nparentPort.postMessage(answerOnce(main));\n`,
      'main.mjs': `import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { answerOnce } from './answer.mjs';
import { main } from './ops.mjs';
for await (const _line of createInterface({ input: process.stdin })) {
  const [inWorker] = await once(new Worker(new URL('./worker.mjs', import.meta.url)), 'message');
  console.log(answerOnce(main));
  console.log(inWorker);
}
`,
    });
    const running = new LiveProcess(project.root, ['main.mjs']);
    const before = await running.ask();
    const beforeInWorker = await running.answer();
    expect(beforeInWorker).toEqual(before);
    project.write({ 'helper.mjs': helper('mjs', 3) });
    const edited = await running.ask();
    const editedInWorker = await running.answer();
    expect(edited.code).toBe('M4007');
    expect(editedInWorker.version).toMatch(/^sh2-/);
    expect(editedInWorker.version).not.toBe(before.version);
  });
});
