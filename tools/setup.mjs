// Makes a fresh clone ready with Node and npm alone: `node tools/setup.mjs`. Depends on nothing but Node, because it runs
// before anything is installed, and is imported by every command, so whatever is slow is imported when it is needed.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PNPM = 'pnpm@10.34.9';
const NODE_NEEDED = '20.19 or newer (in the 22 line: 22.12 or newer)';

/** The top of the repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A failure whose message says everything that the reader needs: printed without a stack. */
export class SetupError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'SetupError';
  }
}

/**
 * Installs the dependencies unless they are there already. Safe when several commands start at once.
 *
 * @param {{ root?: string, print?: (line: string) => void, install?: (root: string) => Promise<void> }} [options]
 * @returns {Promise<boolean>} whether it had to install
 */
export async function ensureSetUp({ root = ROOT, print = printLine, install = installDependencies } = {}) {
  requireNode(process.versions.node);
  if (isSetUp(root)) return false;
  const { withLock } = await import('./lock.mjs');
  const onWait = (/** @type {string} */ holder) =>
    print(`memo: ${holder} is installing the dependencies; waiting for it`);
  return withLock(
    join(root, '.memo-setup.lock'),
    async () => {
      if (isSetUp(root)) return false;
      const started = performance.now();
      print('memo: installing the dependencies (the first time takes about half a minute)');
      await installFromLockfile(root, install);
      print(`memo: dependencies installed in ${((performance.now() - started) / 1000).toFixed(1)} s`);
      return true;
    },
    { onWait },
  );
}

/** @param {string} version */
export function requireNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const accepted = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
  if (!accepted) throw new SetupError(`memo needs Node ${NODE_NEEDED}; this is Node ${version}`);
}

/**
 * What an installation depends on. Native packages come in one build for each platform, hence platform and arch.
 *
 * @param {string} root
 */
export function setupKey(root) {
  const hash = createHash('sha256');
  hash.update(`${PNPM} node ${process.versions.node.split('.')[0]} ${process.platform} ${process.arch}\n`);
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
    const bytes = readFileSync(join(root, name));
    hash.update(`${name} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

/** @param {string} root */
export function isSetUp(root) {
  try {
    const { key, installed } = JSON.parse(readFileSync(markerOf(root), 'utf8'));
    return key === setupKey(root) && installed.every((/** @type {string} */ path) => existsSync(join(root, path)));
  } catch {
    return false;
  }
}

/**
 * The marker is removed before anything changes and appears, complete, after everything has succeeded: an installation
 * that was interrupted is never taken for a finished one.
 *
 * @param {string} root
 * @param {(root: string) => Promise<void>} install
 */
async function installFromLockfile(root, install) {
  const key = setupKey(root);
  rmSync(markerOf(root), { force: true });
  await install(root);
  const marker = markerOf(root);
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(`${marker}.${process.pid}`, JSON.stringify({ key, installed: installedFolders(root) }));
  renameSync(`${marker}.${process.pid}`, marker);
}

/** @param {string} root */
function markerOf(root) {
  return join(root, 'node_modules', '.memo-setup');
}

/**
 * The node_modules folders of the workspace, relative to the root.
 *
 * @param {string} root
 */
function installedFolders(root) {
  const folders = ['node_modules', 'bench/node_modules'];
  for (const group of ['packages', 'apps', 'tools']) {
    if (!existsSync(join(root, group))) continue;
    for (const entry of readdirSync(join(root, group), { withFileTypes: true })) {
      if (entry.isDirectory()) folders.push(`${group}/${entry.name}/node_modules`);
    }
  }
  return folders.filter((folder) => existsSync(join(root, folder)));
}

/** @param {string} root */
async function installDependencies(root) {
  const { spawn } = await import('node:child_process');
  const { tmpdir } = await import('node:os');
  const { command, args } = pnpmCommand(['--dir', root, 'install', '--frozen-lockfile']);
  const child = spawn(command, args, {
    // Outside the repository, so that npx takes pnpm from its own cache and not from the node_modules being replaced.
    cwd: tmpdir(),
    env: installEnvironment(process.env),
    shell: process.platform === 'win32' && command === 'npx',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  // An installation that outlived this command would meet the next one.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, () => child.kill());
  /** @type {number | null} */
  const code = await new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new SetupError(`memo: ${command} could not be started (${cause.message})`)));
    child.once('close', resolve);
  });
  if (code === null) throw new SetupError('memo: the installation was interrupted; run the command again');
  if (code !== 0) throw new SetupError(explainFailure(output));
}

/**
 * Started by `npm run`, the npm that runs now is used, even when none is on the PATH.
 *
 * @param {string[]} args
 */
function pnpmCommand(args) {
  const npm = process.env.npm_execpath;
  return npm?.endsWith('npm-cli.js')
    ? { command: process.execPath, args: [npm, 'exec', '--yes', '--', PNPM, ...args] }
    : { command: 'npx', args: ['--yes', PNPM, ...args] };
}

/**
 * CI=true: without a terminal pnpm would otherwise stop to ask before it replaces node_modules. The npm_* names that
 * `npm run` sets would tie the nested npm to this repository.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function installEnvironment(env) {
  const tied = new Set(['INIT_CWD', 'npm_config_local_prefix', 'npm_config_prefix', 'npm_package_json']);
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !tied.has(name))), CI: 'true' };
}

/** @param {string} output */
export function explainFailure(output) {
  const tail = output.trimEnd().split('\n').slice(-25).join('\n');
  return `${tail}\n\nmemo: the dependencies could not be installed: ${reasonOf(output)}`;
}

/** @param {string} output */
function reasonOf(output) {
  if (/ERR_PNPM_OUTDATED_LOCKFILE/.test(output)) {
    return `a package.json and pnpm-lock.yaml do not agree; run \`npx -y ${PNPM} install\` and commit the lockfile`;
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|META_FETCH_FAIL/.test(output)) {
    return 'the package registry cannot be reached; check the network or the proxy, then run the command again';
  }
  if (/ENOSPC/.test(output)) return 'the disk is full';
  if (/EACCES|EPERM/.test(output)) return 'a file or folder may not be written; check its owner';
  return 'see the output above';
}

/** @param {string} line */
function printLine(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a command of the repository: a SetupError is printed as its message, anything else with its stack.
 *
 * @param {() => Promise<unknown>} command
 */
export async function runCommand(command) {
  try {
    await command();
  } catch (error) {
    process.stderr.write(
      `${error instanceof SetupError ? error.message : error instanceof Error ? error.stack : error}\n`,
    );
    process.exitCode = 1;
  }
}

/**
 * Whether the module at `url` is the program that Node was started with, and was not imported by another one.
 *
 * @param {string} url
 */
export function isMain(url) {
  const program = process.argv[1];
  return program !== undefined && existsSync(program) && url === pathToFileURL(realpathSync(program)).href;
}

if (isMain(import.meta.url)) {
  await runCommand(async () => {
    if (!(await ensureSetUp())) printLine('memo: the dependencies are installed');
  });
}
