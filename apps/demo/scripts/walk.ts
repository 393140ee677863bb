// Walks through the demo as a newcomer would, and keeps the README's transcripts true.
// `node tools/transcripts.mjs --update` writes them; the test compares them.
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installedMemo } from '../../../tools/installed-memo.mjs';
import { shown, type Transcript, withTranscripts } from '../../../tools/transcripts/transcript.mjs';

const DEMO = fileURLToPath(new URL('..', import.meta.url));
const README = join(DEMO, 'README.md');

/** One command of the walk. */
export interface Leg {
  /** Name of the transcript in the README. */
  name: string;
  /** `npm run demo -- …` at the top of the repository, or `npx memo …` in apps/demo. */
  command: 'demo' | 'memo';
  args: readonly string[];
  /** An edit of a source before the command. */
  edit?: { file: string; from: string; to: string };
}

export interface Walked extends Leg {
  exitCode: number;
  /** What it printed on both channels. */
  output: string;
}

const SAMPLE = ['--sample', '20000'];
const SET_SAMPLE = ['--set', 'sample=20000'];
const SCALE = 'src/charts/lateness-scale.ts';

export const LEGS: readonly Leg[] = [
  { name: 'first', command: 'demo', args: SAMPLE },
  { name: 'again', command: 'demo', args: SAMPLE },
  {
    name: 'comment',
    command: 'memo',
    args: ['plan', ...SET_SAMPLE],
    edit: { file: SCALE, from: '/** Where one colour', to: '/** The shares at which one colour' },
  },
  {
    name: 'why',
    command: 'memo',
    args: ['why', 'report', ...SET_SAMPLE],
    edit: { file: SCALE, from: '[0.1, 0.15, 0.2, 0.25, 0.3, 0.4]', to: '[0.1, 0.14, 0.18, 0.22, 0.26, 0.3]' },
  },
  { name: 'helper', command: 'demo', args: SAMPLE },
  { name: 'config', command: 'demo', args: [...SAMPLE, '--set', 'lateAfter=30'] },
  { name: 'palette', command: 'demo', args: [...SAMPLE, '--set', 'lateAfter=30', '--palette', 'ocean'] },
  { name: 'back', command: 'memo', args: ['run', ...SET_SAMPLE, '--quiet'] },
];

/** Takes all legs, one after another, in a copy of the demo that is removed afterwards. */
export async function walk(legs: readonly Leg[] = LEGS): Promise<Walked[]> {
  const root = await mkdtemp(join(tmpdir(), 'memo-demo-walk-'));
  try {
    const demo = await copyDemo(root);
    const walked: Walked[] = [];
    for (const leg of legs) {
      if (leg.edit !== undefined) await edit(demo, leg.edit);
      const run = leg.command === 'demo' ? runDemo(root, leg.args) : runMemo(demo, leg.args);
      walked.push({ ...leg, ...(await run) });
    }
    return walked;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Copies the demo into a checkout of its own, with memo installed; gives its directory. */
export async function copyDemo(root: string): Promise<string> {
  const demo = join(root, 'apps', 'demo');
  await mkdir(demo, { recursive: true });
  for (const name of ['memo.config.ts', 'package.json', 'scripts', 'src'])
    await cp(join(DEMO, name), join(demo, name), { recursive: true });
  const installed = join(demo, 'node_modules');
  await mkdir(installed);
  await symlink(join(await installedMemo(), '@memo'), join(installed, '@memo'));
  for (const name of await readdir(join(DEMO, 'node_modules')))
    if (name !== '@memo' && !name.startsWith('.'))
      await symlink(join(DEMO, 'node_modules', name), join(installed, name));
  return demo;
}

async function edit(demo: string, { file, from, to }: NonNullable<Leg['edit']>): Promise<void> {
  const path = join(demo, file);
  const text = await readFile(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold ${JSON.stringify(from)} exactly once`);
  await writeFile(path, text.replace(from, to));
}

/** Runs the demo of a checkout. `more` goes into its environment. */
export function runDemo(root: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return runProgram(join(root, 'apps', 'demo', 'scripts', 'demo.mjs'), args, { cwd: root, more });
}

/** Answers a command line of memo in a directory of a checkout. */
function runMemo(cwd: string, args: readonly string[]): Promise<Ended> {
  return runProgram(join(cwd, 'node_modules', '@memo', 'cli', 'bin', 'memo.cjs'), args, { cwd, more: {} });
}

type Ended = Pick<Walked, 'exitCode' | 'output'>;

function runProgram(
  program: string,
  args: readonly string[],
  { cwd, more }: { cwd: string; more: NodeJS.ProcessEnv },
): Promise<Ended> {
  const node = [program, ...args];
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, GITHUB_ACTIONS: ____, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, node, {
      cwd,
      env: { ...env, COLUMNS: '120', ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output: Buffer.concat(parts).toString('utf8') }));
  });
}

/** As a reader would type and see it. */
export function transcriptOf({ name, command, args, output }: Walked): Transcript {
  const typed = command === 'demo' ? ['npm', 'run', 'demo', '--', ...args] : ['npx', 'memo', ...args];
  return { name, typed: typed.join(' '), output };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const readme = await readFile(README, 'utf8');
  const walked = await walk();
  await writeFile(README, withTranscripts(readme, walked.map(transcriptOf)));
  for (const leg of walked) process.stdout.write(`${shown(transcriptOf(leg))}\n\n`);
  process.stdout.write(`wrote ${join(dirname(README), 'README.md')}\n`);
}
