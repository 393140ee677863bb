import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { oneLine } from '@memo/core/inspect';
import { messageOf } from '@memo/core/plugin';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { TEMPLATES, templateFiles } from '../init/templates.ts';
import { packageVersion } from '../package-version.ts';
import { type Invocation, printJson } from './command.ts';

const DEFAULT_TEMPLATE = 'etl';
const PACKAGES = ['@memo/core', '@memo/io-fs', '@memo/strategy-source-hash'];

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out, directory } = invocation;
  const root = resolve(directory, names[0] ?? '.');
  const template = flags.text('template') ?? (await chosenTemplate(invocation));
  const manager = packageManager(root);
  const files = { ...templateFiles(template), ...manifestFile(root) };
  const written: string[] = [];
  const kept: string[] = [];
  for (const [path, text] of Object.entries(files)) (write(join(root, path), text) ? written : kept).push(path);
  if (flags.has('json')) {
    printJson(out, { schema: 'memo.init/1', directory: root, template, written, kept, turbo: turboFile(root) });
    return EXIT.ok;
  }
  const { paint } = out;
  out.print(
    ...written.map((path) => `${paint('green', '+')} ${path}`),
    ...kept.map((path) => paint('dim', `= ${path} is there already`)),
  );
  const run = manager === 'npm' ? 'npx' : manager;
  const command = (text: string): string => `  ${paint('cyan', text)}`;
  out.print('', 'next');
  out.printToCopy([
    ...(root === directory ? [] : [command(`cd ${oneLine(relative(directory, root))}`)]),
    ...(isInstalled(root) ? [] : [command(installLine(manager, root))]),
  ]);
  out.print(
    `${command(`${run} memo run`)}       runs everything`,
    `${command(`${run} memo run`)}       and again: nothing is left to run`,
    `  edit src/pipeline.ts, then ${paint('cyan', `${run} memo plan`)} and ${paint('cyan', `${run} memo why <step>`)}`,
  );
  const turbo = turboFile(root);
  if (turbo !== undefined) {
    const file = paint('dim', oneLine(relative(directory, turbo) || turbo));
    out.print('', `turbo   ${file} runs memo in every package with this task; memo keeps the results:`);
    out.printToCopy([command(TURBO_TASK), command('npx turbo run memo')]);
  }
  return EXIT.ok;
}

/** Turbo must neither skip a run of memo, which finds out itself what is up to date, nor replay what it printed. */
const TURBO_TASK = '"memo": { "cache": false, "dependsOn": ["^build"] }';

/** The `turbo.json` of the monorepo that a directory is in. */
function turboFile(root: string): string | undefined {
  for (let at = root; ; at = dirname(at)) {
    const file = join(at, 'turbo.json');
    if (existsSync(file)) return file;
    if (dirname(at) === at) return undefined;
  }
}

async function chosenTemplate({ flags, around, err }: Invocation): Promise<string> {
  if (flags.has('yes') || flags.has('json')) return DEFAULT_TEMPLATE;
  const options = Object.entries(TEMPLATES).map(([name, { says }]) => `  ${name.padEnd(4)} ${says}`);
  const said = await around.ask(`${options.join('\n')}\nWhich template? (${DEFAULT_TEMPLATE}) `);
  const name = said?.trim() ?? '';
  if (name === '') return DEFAULT_TEMPLATE;
  if (Object.hasOwn(TEMPLATES, name)) return name;
  err.print(`There is no template ${JSON.stringify(name)}; taking ${DEFAULT_TEMPLATE}.`);
  return DEFAULT_TEMPLATE;
}

/** Writes a file that is not there; `false` where one is. */
function write(path: string, text: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw usageError(`Cannot write ${path}: ${messageOf(error)}`, 'Choose a directory that you may write to.');
  }
}

function manifestFile(root: string): Readonly<Record<string, string>> {
  if (existsSync(join(root, 'package.json'))) return {};
  const name =
    basename(root)
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'pipelines';
  // Node runs tests in TypeScript by itself from 22.18 on.
  const testable = (process.features as { readonly typescript?: unknown }).typescript === 'strip';
  const test = testable ? { test: 'node --test "test/*.test.ts"' } : {};
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: { memo: turboFile(root) === undefined ? 'memo' : 'memo run', ...test },
  };
  return { 'package.json': `${JSON.stringify(manifest, null, 2)}\n` };
}

type Manager = 'npm' | 'pnpm' | 'yarn' | 'bun';

const LOCKFILES: Readonly<Record<string, Manager>> = {
  'pnpm-lock.yaml': 'pnpm',
  'pnpm-workspace.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'package-lock.json': 'npm',
};

/** By the nearest lockfile above, or what package.json names. */
function packageManager(root: string): Manager {
  for (let at = root; ; at = dirname(at)) {
    for (const [file, manager] of Object.entries(LOCKFILES)) if (existsSync(join(at, file))) return manager;
    const named = /"packageManager"\s*:\s*"(npm|pnpm|yarn|bun)@/.exec(textOf(join(at, 'package.json')))?.[1];
    if (named !== undefined) return named as Manager;
    if (dirname(at) === at) return 'npm';
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isInstalled(root: string): boolean {
  return PACKAGES.every((name) => existsSync(join(root, 'node_modules', name, 'package.json')));
}

function installLine(manager: Manager, root: string): string {
  const add = manager === 'npm' ? 'npm install' : `${manager} add`;
  const inWorkspace = manager === 'pnpm' && existsSync(join(root, 'pnpm-workspace.yaml')) ? ' -w' : '';
  return `${add}${inWorkspace} ${PACKAGES.join(' ')} @memo/cli@^${packageVersion()}`;
}
