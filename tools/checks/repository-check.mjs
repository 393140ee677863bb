// What holds for every file of the repository: `node tools/checks/repository-check.mjs`.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, ROOT } from '../setup.mjs';
import { printProblems } from './problems.mjs';

const MAX_LINES = 320;

// Written with one-letter classes, so that these lines do not match themselves.
const FORBIDDEN_LINES = [
  { pattern: /(?:^|[^\w.-])\/wor[k]\//, problem: 'names a path of one machine' },
  { pattern: /(?:^|[^\w.-])\/tm[p]\/[a-z]/, problem: 'names a path of one machine; tests use os.tmpdir()' },
  { pattern: /\bshare[d]\/(?:design|cases|bench|hooks)\b/, problem: 'names a file that is not in the repository' },
  { pattern: /registry\.npm[j]s|registry\.yarnpk[g]|deb\.debia[n]/, problem: 'names the host of a registry' },
];

const LEFT_OVERS = [
  { pattern: /\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b/, problem: 'has a left-over marker' },
  { pattern: /\b(?:it|test|describe|suite|bench)\.(?:ski[p]|onl[y]|tod[o])\b/, problem: 'switches tests off' },
  { pattern: /@ts-(?:ignor[e]|nochec[k])|biome-ignor[e]|(?:eslint|oxlint)-disabl[e]/, problem: 'silences a check' },
];

const EMPTY_NAME = /(?:^|\/)(?:utils?|helpers?|common|misc|types|shared)\.[cm]?[jt]sx?$/;
const CODE = /\.[cm]?[jt]sx?$/;
const TEXT = /(?:\.(?:[cm]?[jt]sx?|json|md|ya?ml|html|css|sh|txt|ndjson)|\/run|LICENSE)$/;
const FIXTURE = /\/fixtures?\//;

/**
 * @param {{ path: string, text: string }[]} files
 * @returns {string[]} one line for each problem
 */
export function repositoryProblems(files) {
  return files.flatMap(({ path, text }) => [
    ...(EMPTY_NAME.test(path) ? [`${path}: the name says nothing; name the noun or verb of the domain`] : []),
    ...lengthProblems(path, text),
    ...lineProblems(path, text, FORBIDDEN_LINES),
    ...(CODE.test(path) && !FIXTURE.test(path) ? lineProblems(path, text, LEFT_OVERS) : []),
  ]);
}

/**
 * @param {string} path
 * @param {string} text
 */
function lengthProblems(path, text) {
  if (!/^(?:packages|apps)\/[^/]+\/src\//.test(path)) return [];
  const lines = text.replace(/\n$/, '').split('\n').length;
  return lines > MAX_LINES ? [`${path}: ${lines} lines; at most ${MAX_LINES}, so find the second idea in it`] : [];
}

/**
 * @param {string} path
 * @param {string} text
 * @param {{ pattern: RegExp, problem: string }[]} rules
 */
function lineProblems(path, text, rules) {
  const lines = text.split('\n');
  return rules.flatMap(({ pattern, problem }) =>
    lines.flatMap((line, i) =>
      pattern.test(line) ? [`${path}:${i + 1}: ${problem}: ${line.trim().slice(0, 100)}`] : [],
    ),
  );
}

/** Every text file that git tracks or would add. */
export function repositoryFiles(root = ROOT) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listed.split('\0'))]
    .filter((path) => TEXT.test(path) && path !== 'pnpm-lock.yaml' && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

if (isMain(import.meta.url)) printProblems(repositoryProblems(repositoryFiles()));
