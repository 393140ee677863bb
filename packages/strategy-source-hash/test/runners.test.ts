import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import { ANSWER_MODULE, JITI, OP_MODULE, TSC, TSX, VITEST, VITEST_PACKAGE } from './support/answering-program.ts';
import { type Answer, LiveProcess } from './support/live-process.ts';
import { type TemporaryProject, temporaryProject } from './support/project.ts';

/** Runners that load the same files, each by the arguments that it is started with. */
interface Runners {
  readonly names: string;
  /** Extension of the project's files. */
  readonly extension: 'mjs' | 'ts';
  readonly starts: readonly (readonly string[])[];
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

const RUNNERS: readonly Runners[] = [
  { names: 'node', extension: 'mjs', starts: [['src/main.mjs']], loaded: 'src/helper.mjs' },
  {
    names: 'tsx and jiti',
    extension: 'ts',
    starts: [['--import', TSX, 'src/main.ts'], ['jiti.mjs']],
    loaded: 'src/helper.ts',
  },
  {
    names: 'node on built files, with source maps and without',
    extension: 'ts',
    starts: [['dist/main.js'], ['--enable-source-maps', 'dist/main.js']],
    loaded: 'dist/helper.js',
  },
];

function projectFor({ extension }: Runners): TemporaryProject {
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

function helper(extension: Runners['extension'], factor: number): string {
  return `// A helper.\nexport const helper = (n${extension === 'ts' ? ': number' : ''}) => n * ${factor};\n`;
}

/** The answers of new processes, each under another of the runners. */
async function answersUnder({ starts }: Runners, project: TemporaryProject): Promise<readonly Answer[]> {
  return Promise.all(starts.map((args) => new LiveProcess(project.root, args).ask()));
}

/** CI tries all, and vitest; other tests start jobs under plain Node. */
const TRIED = RUNNERS.filter(({ names }) => IS_WHOLE || names === 'tsx and jiti');

describe.each(TRIED)('under $names', (runners) => {
  const { extension, loaded, starts } = runners;
  const isBuilt = loaded.startsWith('dist/');

  test('an op has one version until its code is edited, and none then until the process is restarted', async () => {
    const project = projectFor(runners);
    const write = (text: string): void => {
      project.write({ [`src/helper.${extension}`]: text });
      if (isBuilt) build(project);
    };
    write(helper(extension, 2));
    const running = starts.map((args) => new LiveProcess(project.root, args));
    const ask = (): Promise<readonly Answer[]> => Promise.all(running.map((one) => one.ask()));
    const before = await ask();
    const [first = {}] = before;
    expect(first).toMatchObject({ certainty: 'exact', kinds: [] });
    expect(before).toEqual(before.map(() => first));
    expect(first.files).toContain(loaded);
    expect(first.files).not.toContain(`src/main.${extension}`);

    const commented = `/* Another comment. */\n\n${helper(extension, 2)}`;
    if (!isBuilt) {
      write(commented);
      expect(await ask()).toEqual(before);
    }

    write(helper(extension, 3));
    for (const edited of await ask()) {
      expect(edited.code).toBe('M4007');
      expect(edited.message).toContain(project.path(loaded));
    }

    const after = await answersUnder(runners, project);
    expect(after[0]?.version).toMatch(/^sh3-[0-9a-f]{64}$/);
    expect(after[0]?.version).not.toBe(first.version);
    expect(after).toEqual(after.map(() => after[0]));

    write(commented);
    const again = await answersUnder({ ...runners, starts: starts.slice(0, 1) }, project);
    expect(again.map(({ version }) => version)).toEqual([first.version]);
  });
});

if (IS_WHOLE) {
  describe('under vitest', () => {
    test('an op has the version that it has under other runners of the same files', async () => {
      const [, typed] = RUNNERS;
      if (typed === undefined) throw new Error('runners are missing');
      const project = projectFor(typed);
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
      const [underTsx] = await answersUnder({ ...typed, starts: typed.starts.slice(0, 1) }, project);
      const [underVitest, edited] = answersOf(runVitest(project));
      expect(underVitest).toEqual(underTsx);
      expect(edited?.code).toBe('M4007');
    });
  });
}

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
    expect(editedInWorker.version).toMatch(/^sh3-/);
    expect(editedInWorker.version).not.toBe(before.version);
  });
});
