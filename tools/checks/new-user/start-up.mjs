// What the installed command loads: most of what a short command takes is finding, reading and compiling files.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { consumerEnvironment } from '../install-check.mjs';
import { memo, memoIn } from './memo-process.mjs';

const LOADED_FILES = fileURLToPath(new URL('loaded-files.cjs', import.meta.url));

/** Files and characters of code; those of memo's own packages, without what they depend on. */
const MOST = [
  { line: '--help', files: 3, characters: 55_000 },
  { line: 'plan --help', files: 3, characters: 55_000 },
  { line: '--version', files: 3, characters: 55_000 },
  { line: 'plan', files: 18, characters: 900_000 },
  { line: 'why last', files: 19, characters: 935_000 },
];

const CONFIG = `import { defineConfig, job, op } from '@memo/core';
import { fs } from '@memo/io-fs';
import { sourceHash } from '@memo/strategy-source-hash';
const first = op('first', () => 1);
const last = op('last', ({ before }) => before + 1);
const steps = job('steps', { build: () => ({ last: last({ before: first() }) }) });
export default defineConfig({ jobs: [steps], versions: sourceHash(), io: fs('.memo/store') });
`;

/**
 * @param {string} project where memo is installed
 * @returns {string[]}
 */
export function startUpProblems(project) {
  const directory = join(project, 'start-up');
  mkdirSync(directory);
  writeFileSync(join(directory, 'memo.config.mjs'), CONFIG);
  memo(directory, 'run', { project });
  return MOST.flatMap(({ line, ...most }) => {
    const { out, loaded } = loadedBy(project, { directory, line });
    const files = loaded.length;
    const characters = loaded.reduce((sum, { length }) => sum + length, 0);
    const says = `memo ${line} loads ${files} files with ${characters} characters of memo`;
    return [
      ...(files > 0 && files <= most.files && characters <= most.characters
        ? []
        : [
            `${says}; at most ${most.files} with ${most.characters} are allowed:\n${loaded.map(({ url }) => url).join('\n')}`,
          ]),
      ...(line.includes('--') && out !== saidOtherwise(project, line)
        ? [`memo ${line} says at once what it does not say otherwise`]
        : []),
    ];
  });
}

/**
 * @param {string} project
 * @param {{ directory: string, line: string }} command
 */
function loadedBy(project, { directory, line }) {
  const log = join(project, '..', 'loaded.log');
  const { stdout } = spawnSync(process.execPath, ['--require', LOADED_FILES, memoIn(project), ...line.split(' ')], {
    cwd: directory,
    env: { ...consumerEnvironment(), NO_COLOR: '1', CI: '', MEMO_LOADED: log },
    encoding: 'utf8',
  });
  const loaded = readFileSync(log, 'utf8')
    .split('\n')
    .map((row) => ({ length: Number.parseInt(row, 10), url: row.slice(row.indexOf(' ') + 1) }));
  return { out: stdout, loaded: loaded.filter(({ url }) => url.includes('/node_modules/@memo/')) };
}

/**
 * The answer of the command as a whole, which the file that answers at once stands in for.
 *
 * @param {string} project
 * @param {string} line
 */
function saidOtherwise(project, line) {
  const program = join(project, 'node_modules', '@memo', 'cli', 'dist', 'memo.js');
  const env = { ...consumerEnvironment(), NO_COLOR: '1', CI: '' };
  return spawnSync(process.execPath, [program, ...line.split(' ')], { env, encoding: 'utf8' }).stdout;
}
