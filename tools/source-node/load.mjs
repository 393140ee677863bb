import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../', import.meta.url);
const { vite: compiler } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')).devDependencies;
const COMPILED = fileURLToPath(new URL(`node_modules/.cache/memo-sources/${compiler}/`, ROOT));

/**
 * Loads a TypeScript module of the repository as what it was compiled to when a process first loaded it with these
 * contents. Other modules, those of temporary projects among them, are loaded as they would be without this.
 *
 * @type {import('node:module').LoadHook}
 */
export async function load(url, context, nextLoad) {
  if (!url.startsWith(ROOT.href) || !url.endsWith('.ts') || url.includes('/node_modules/')) {
    return nextLoad(url, context);
  }
  const text = readFileSync(fileURLToPath(url), 'utf8');
  const compiled = join(COMPILED, `${createHash('sha256').update(text).digest('hex')}.mjs`);
  return { format: 'module', source: readIfThere(compiled) ?? (await compile(text, compiled)), shortCircuit: true };
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * @param {string} text
 * @param {string} to
 */
async function compile(text, to) {
  const { transformWithOxc } = await import('vite');
  const { code } = await transformWithOxc(text, 'module.ts', { sourcemap: false, target: 'es2022' });
  keep(code, to);
  return code;
}

/**
 * Renamed, because other processes compile the same at the same time. A process that may not write here, as tests start
 * some, compiles for itself.
 *
 * @param {string} code
 * @param {string} to
 */
function keep(code, to) {
  try {
    mkdirSync(COMPILED, { recursive: true });
    writeFileSync(`${to}.${process.pid}`, code);
    renameSync(`${to}.${process.pid}`, to);
  } catch (error) {
    const { code: reason } = /** @type {NodeJS.ErrnoException} */ (error);
    if (reason !== 'EACCES' && reason !== 'EPERM' && reason !== 'EROFS') throw error;
  }
}
