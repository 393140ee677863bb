// Installs the Node versions that stored values must move between: `npm run node-versions`. They come from npm, are kept in
// node_modules/.memo-node, and are used by the tests that have "node-versions" in their name.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './command.mjs';
import { isMain, ROOT } from './setup.mjs';

/** The versions beside the oldest one, on which everything else is tested. */
export const NODE_VERSIONS = ['22.23.3', '24.21.0', '26.10.0'];

/** One that is too old for memo, and has to be told so in words. */
export const OLD_NODE = '8.17.0';

const FOLDER = join(ROOT, 'node_modules', '.memo-node');

/**
 * Where the binary of a version is, once it was installed.
 *
 * @param {string} version
 */
export function nodeBinary(version) {
  return join(FOLDER, version, 'node_modules', packageName(), 'bin', 'node');
}

/**
 * Installs what is not there yet. What cannot be installed is said; the tests that need it tell the rest.
 *
 * @param {(line: string) => void} print
 * @param {readonly string[]} [versions]
 * @returns {Promise<boolean>} whether all versions are there
 */
export async function installNodeVersions(print, versions = NODE_VERSIONS) {
  const installed = await Promise.all(versions.map((version) => installNodeVersion(version, print)));
  return installed.every(Boolean);
}

/**
 * @param {string} version
 * @param {(line: string) => void} print
 */
async function installNodeVersion(version, print) {
  if (existsSync(nodeBinary(version))) return true;
  const folder = join(FOLDER, version);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-save', '--no-audit', '--no-fund', `${packageName()}@${version}`];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$)/.test(name)));
  const { ok, output } = await runProgram('npm', args, { cwd: folder, env });
  if (!ok) print(`Node ${version} cannot be installed:\n${output}`);
  return ok;
}

function packageName() {
  return `node-${process.platform}-${process.arch}`;
}

if (isMain(import.meta.url)) {
  const all = await installNodeVersions((line) => process.stderr.write(`${line}\n`));
  process.exitCode = all ? 0 : 1;
}
