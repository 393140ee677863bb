import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { consumerEnvironment } from '../install-check.mjs';

/**
 * @typedef {object} Answer
 * @property {string} line what was typed
 * @property {number | null} code
 * @property {string} out
 * @property {string} err
 * @property {string[]} sockets sockets that were made and names that were looked up
 */

const SOCKETS = fileURLToPath(new URL('sockets.cjs', import.meta.url));

/** The user that owns nothing. */
const NOBODY = 65_534;

/** The command of a project, as npm installed it. */
export function memoIn(/** @type {string} */ project) {
  return join(project, 'node_modules', '@memo', 'cli', 'bin', 'memo.cjs');
}

/**
 * Answers a command line in a directory.
 *
 * @param {string} directory
 * @param {string} line what follows `memo`
 * @param {{ project?: string, node?: string, unprivileged?: boolean }} [options] `project`: where memo is installed;
 *   `node`: another Node; `unprivileged`: as a user that may not write
 * @returns {Answer}
 */
export function memo(directory, line, { project = directory, node, unprivileged = false } = {}) {
  const log = join(project, '..', 'sockets.log');
  const watched = node === undefined ? ['--require', SOCKETS] : [];
  const root = process.getuid?.() === 0;
  const child = spawnSync(node ?? process.execPath, [...watched, memoIn(project), ...line.split(' ')], {
    cwd: directory,
    env: { ...consumerEnvironment(), NO_COLOR: '1', CI: '', COLUMNS: '100', MEMO_SOCKETS: log },
    encoding: 'utf8',
    ...(unprivileged && root ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  return {
    line,
    code: child.status,
    out: child.stdout ?? '',
    err: child.stderr ?? String(child.error),
    sockets: takeLines(log),
  };
}

/** @param {string} file */
function takeLines(file) {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    rmSync(file);
    return lines;
  } catch {
    return [];
  }
}

/**
 * What an answer lacks.
 *
 * @param {Answer} answer
 * @param {{ code: number, out?: readonly (string | RegExp)[], err?: readonly (string | RegExp)[] }} expected
 * @returns {string[]}
 */
export function lacks({ line, code, out, err, sockets }, expected) {
  const missing = [
    ...(code === expected.code ? [] : [`exit code ${expected.code}`]),
    ...(expected.out ?? []).filter((text) => !has(out, text)),
    ...(expected.err ?? []).filter((text) => !has(err, text)),
  ];
  const problems = missing.map((text) => `memo ${line} lacks ${text}; it ended with ${code} and printed\n${out}${err}`);
  if (sockets.length > 0) problems.push(`memo ${line} used the network: ${sockets.join(', ')}`);
  return problems;
}

/**
 * @param {string} text
 * @param {string | RegExp} part
 */
function has(text, part) {
  return typeof part === 'string' ? text.includes(part) : part.test(text);
}
