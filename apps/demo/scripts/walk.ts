// Walks through the demo as a newcomer would, and keeps the README's transcripts true.
// `node --import tsx apps/demo/scripts/walk.ts` writes them; the test compares them.
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const DEMO = fileURLToPath(new URL('..', import.meta.url));
const README = join(DEMO, 'README.md');

/** One command of the walk. */
export interface Leg {
  /** Name of the transcript in the README. */
  name: string;
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
const SCALE = 'src/charts/lateness-scale.ts';

export const LEGS: readonly Leg[] = [
  { name: 'first', args: SAMPLE },
  { name: 'again', args: SAMPLE },
  {
    name: 'comment',
    args: SAMPLE,
    edit: { file: SCALE, from: '/** Where one colour', to: '/** The shares at which one colour' },
  },
  {
    name: 'helper',
    args: SAMPLE,
    edit: { file: SCALE, from: '[0.1, 0.15, 0.2, 0.25, 0.3, 0.4]', to: '[0.1, 0.14, 0.18, 0.22, 0.26, 0.3]' },
  },
  { name: 'config', args: [...SAMPLE, '--set', 'lateAfter=30'] },
  { name: 'palette', args: [...SAMPLE, '--set', 'lateAfter=30', '--palette', 'ocean'] },
  { name: 'back', args: SAMPLE },
];

/** Takes all legs, one after another, in a copy of the demo that is removed afterwards. */
export async function walk(legs: readonly Leg[] = LEGS): Promise<Walked[]> {
  const root = await mkdtemp(join(tmpdir(), 'memo-demo-walk-'));
  try {
    const demo = await copyDemo(root);
    const walked: Walked[] = [];
    for (const leg of legs) {
      if (leg.edit !== undefined) await edit(demo, leg.edit);
      walked.push({ ...leg, ...(await runDemo(root, leg.args)) });
    }
    return walked;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Copies the demo into a checkout of its own; gives its directory. */
export async function copyDemo(root: string): Promise<string> {
  const demo = join(root, 'apps', 'demo');
  await mkdir(demo, { recursive: true });
  await cp(join(DEMO, 'src'), join(demo, 'src'), { recursive: true });
  await cp(join(DEMO, 'package.json'), join(demo, 'package.json'));
  await symlink(join(DEMO, 'node_modules'), join(demo, 'node_modules'));
  return demo;
}

async function edit(demo: string, { file, from, to }: NonNullable<Leg['edit']>): Promise<void> {
  const path = join(demo, file);
  const text = await readFile(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold ${JSON.stringify(from)} exactly once`);
  await writeFile(path, text.replace(from, to));
}

/** Runs the demo of a checkout. `more` goes into its environment. */
export function runDemo(
  cwd: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<{ exitCode: number; output: string }> {
  const main = join(cwd, 'apps', 'demo', 'src', 'main.ts');
  const node = ['--conditions=@memo/source', '--import', import.meta.resolve('tsx'), main, ...args];
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, node, { cwd, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output: Buffer.concat(parts).toString('utf8') }));
  });
}

/** What stays the same from run to run: without times, sizes and the padding that depends on them. */
export function lasting(output: string): string {
  return output
    .replace(/\d+ min \d+ s\b|\d+(?:\.\d+)? m?s\b/g, '<time>')
    .replace(/\d+(?:\.\d+)? [kM]?B\b/g, '<size>')
    .replace(/\b\d+ files\b/g, '<number> files')
    .replace(/[ \t]+/g, ' ')
    .trim();
}

/** The transcripts of a README by name. */
export function transcriptsOf(readme: string): Map<string, string> {
  return new Map([...readme.matchAll(BLOCK)].map(([, name = '', , text = '']) => [name, text]));
}

export function withTranscripts(readme: string, walked: readonly Walked[]): string {
  const byName = new Map(walked.map((leg) => [leg.name, leg]));
  return readme.replace(BLOCK, (block, name: string, open: string) => {
    const leg = byName.get(name);
    return leg === undefined ? block : `<!-- walk: ${name} -->\n${open}${transcriptOf(leg)}\n\`\`\``;
  });
}

/** A command and what it printed, as a reader would type and see it. */
export function transcriptOf({ args, output }: Walked): string {
  return `$ npm run demo -- ${args.join(' ')}\n${output.trim()}`;
}

const BLOCK = /<!-- walk: (\w+) -->\n(```console\n)([\s\S]*?)\n?```/g;

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const readme = await readFile(README, 'utf8');
  const walked = await walk();
  await writeFile(README, withTranscripts(readme, walked));
  for (const leg of walked) process.stdout.write(`${transcriptOf(leg)}\n\n`);
  process.stdout.write(`wrote ${join(dirname(README), 'README.md')}\n`);
}
