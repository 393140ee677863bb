// Builds the packages and the demo when a source has changed since the last build: `node tools/build.mjs`.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beginningsOf, bundlePackages, entriesOf, isBundled } from './bundle.mjs';
import { ensureSetUp, isMain, ROOT, runCommand, SetupError } from './setup.mjs';

/**
 * Compiles what has changed, unless nothing has: telling that from the file times takes a few milliseconds, asking the
 * compiler almost a second.
 *
 * @param {{ root?: string, compile?: (root: string) => Promise<void> }} [options]
 * @returns {Promise<boolean>} whether it had to compile
 */
export async function ensureBuilt({ root = ROOT, compile = compileProjects } = {}) {
  if (isBuilt(root)) return false;
  const { withLock } = await import('./lock.mjs');
  return withLock(join(root, 'node_modules', '.memo-build.lock'), async () => {
    const key = buildKey(root);
    if (isBuilt(root)) return false;
    rmSync(stampOf(root), { force: true });
    await compile(root);
    writeFileSync(`${stampOf(root)}.${process.pid}`, key);
    renameSync(`${stampOf(root)}.${process.pid}`, stampOf(root));
    return true;
  });
}

/** @param {string} root */
export function isBuilt(root) {
  const stamp = stampOf(root);
  if (!existsSync(stamp)) return false;
  const everyOutput = projectFolders(root).every((folder) => isWhole(join(root, folder)));
  return everyOutput && readFileSync(stamp, 'utf8') === buildKey(root);
}

/** @param {string} folder */
function isWhole(folder) {
  const isThere = (/** @type {string} */ name) => existsSync(join(folder, 'dist', name));
  return (
    isThere('.tsbuildinfo') &&
    (!isBundled(folder) ||
      (Object.keys(entriesOf(folder)).every((name) => isThere(`${name}.js`)) &&
        beginningsOf(folder).every((name) => isThere(`${name}.cjs`))))
  );
}

/**
 * Names, sizes and times of everything that the compiler and the bundler read.
 *
 * @param {string} root
 */
export function buildKey(root) {
  const hash = createHash('sha256');
  /** @param {string} path */
  const add = (path) => {
    const found = statSync(join(root, path), { throwIfNoEntry: false });
    hash.update(`${path}\0${found?.size}\0${found?.mtimeMs}\n`);
  };
  for (const name of ['tsconfig.base.json', 'tsconfig.json', 'pnpm-lock.yaml', 'tools/bundle.mjs']) add(name);
  for (const folder of projectFolders(root)) {
    add(`${folder}/package.json`);
    add(`${folder}/tsconfig.json`);
    for (const file of sourcesUnder(root, `${folder}/src`)) add(file);
  }
  return hash.digest('hex');
}

/**
 * The folders that the solution file lists.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function projectFolders(root) {
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  return references.map((/** @type {{ path: string }} */ reference) => reference.path);
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function sourcesUnder(root, folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? sourcesUnder(root, path) : [path];
  });
}

/** @param {string} root */
function stampOf(root) {
  return join(root, 'node_modules', '.memo-build');
}

/** @param {string} root */
async function compileProjects(root) {
  const { spawnSync } = await import('node:child_process');
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '-b'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new SetupError(`${stdout}${stderr}\nmemo: the sources do not compile`);
  await bundlePackages(
    projectFolders(root)
      .map((folder) => join(root, folder))
      .filter(isBundled),
  );
}

if (isMain(import.meta.url)) {
  await runCommand(async () => {
    await ensureSetUp();
    await ensureBuilt();
  });
}
