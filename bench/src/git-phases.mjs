import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, runProcess } from './measure-process.mjs';

const PROGRAM = fileURLToPath(new URL('git-program.mjs', import.meta.url));
const CORE = fileURLToPath(new URL('../node_modules/@memo/core', import.meta.url));
const FILES = 50_000;
const OPS = 1_000;
const FILES_A_DIRECTORY = 100;
const TIMES = 8;
const PROCESSES = 5;

/** CPU milliseconds beyond git's own, and git processes, for the versions of all ops. */
const AIM = { beyondMs: 150, processes: 2 };

const ENV = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };

/** Measures `gitVersion()` for 1,000 ops in a repository of 50,000 files, everything committed. */
export function measureGit() {
  const directory = mkdtempSync(join(tmpdir(), 'memo-bench-git-'));
  try {
    makeRepository(directory);
    const gitMs = ownTimeOfGit(directory);
    // The first process parses the files, all others remember what they say.
    ask(directory, 'git', 1);
    // In turns, so that both meet the same machine.
    const pairs = Array.from({ length: PROCESSES }, () => [
      runProcess(process.execPath, ['-e', '0'], { env: ENV }).wallMs,
      ask(directory, 'git', 1).asked[0].cpuMs,
    ]);
    const again = ask(directory, 'git', TIMES).asked.slice(1);
    const log = join(directory, '.git', 'calls');
    ask(directory, loggedGit(directory, log), 1);
    const processes = readFileSync(log, 'utf8').trim().split('\n').length;
    const nodeMs = median(pairs.map(([node]) => node));
    const beyondMs = median(pairs.map(([, first]) => first));
    const isMet = processes <= AIM.processes && beyondMs <= AIM.beyondMs;
    return {
      files: FILES,
      ops: OPS,
      processes,
      gitMs,
      nodeMs,
      beyondMs,
      againMs: median(again.map(({ cpuMs }) => cpuMs)),
      verdict: isMet ? 'met' : 'missed',
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The figures as lines. */
export function gitText(figures) {
  const ms = (value) => `${value.toFixed(0)} ms`;
  return [
    `gitVersion(): ${figures.ops} ops in a repository of ${figures.files} files, all committed`,
    `  ${figures.processes} git processes, which take ${ms(figures.gitMs)}; beyond that ${ms(figures.beyondMs)} of CPU the first time in a process`,
    `  ${ms(figures.againMs)} when it asks again; the first time is ${(figures.beyondMs / figures.nodeMs).toFixed(1)} × node -e 0, which takes ${ms(figures.nodeMs)}`,
    `  ${figures.verdict}: at most ${AIM.processes} processes and ${AIM.beyondMs} ms beyond git`,
  ].join('\n');
}

function makeRepository(directory) {
  const names = [];
  for (let at = 0; at < FILES - OPS; at++)
    names.push([`data/${Math.floor(at / FILES_A_DIRECTORY)}/${at % FILES_A_DIRECTORY}.txt`, `${at}\n`]);
  for (let at = 0; at < OPS; at++) names.push([placeOf(at), opText(at)]);
  const imports = Array.from({ length: OPS }, (_, at) => `import { node as n${at} } from './${placeOf(at)}';`);
  const list = Array.from({ length: OPS }, (_, at) => `n${at}`).join(', ');
  names.push(['ops.mjs', `${imports.join('\n')}\nexport const ops = [${list}];\n`]);
  names.push(['shared/step.mjs', 'export const step = (n) => n + 1;\n']);
  names.push(['package.json', '{ "name": "generated", "type": "module" }\n'], ['.gitignore', 'node_modules\n.memo\n']);
  for (const [name, text] of names) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  mkdirSync(join(directory, '.memo'));
  mkdirSync(join(directory, 'node_modules/@memo'), { recursive: true });
  symlinkSync(CORE, join(directory, 'node_modules/@memo/core'), 'junction');
  const git = (...args) => runProcess('git', args, { cwd: directory, env: ENV });
  git('init', '-q');
  // Git would pack what it was given in the background, beside what is measured.
  git('config', 'gc.auto', '0');
  git('config', 'maintenance.auto', 'false');
  git('add', '-A');
  git('-c', 'user.name=bench', '-c', 'user.email=bench@example.org', 'commit', '-qm', 'all');
}

function placeOf(at) {
  return `src/${at % FILES_A_DIRECTORY}/op${at}.mjs`;
}

function opText(at) {
  const op = `import { op } from '@memo/core';\nimport { step } from '../../shared/step.mjs';\n`;
  return `${op}export const node = op('op-${at}', () => step(${at}));\n`;
}

/** What git takes for what the strategy asks it. */
function ownTimeOfGit(directory) {
  const options = { cwd: directory, env: ENV };
  const directories = Array.from({ length: FILES_A_DIRECTORY }, (_, at) => `src/${at}/`);
  const times = Array.from({ length: 5 }, () => {
    const opened = runProcess('git', ['rev-parse', '--show-object-format', '--show-cdup', 'HEAD'], options);
    const listed = runProcess('git', ['ls-tree', '-z', 'HEAD', '--', ...directories, 'shared/'], options);
    return opened.wallMs + listed.wallMs;
  });
  return median(times);
}

function ask(directory, git, times) {
  const options = { cwd: directory, env: ENV };
  const { stdout } = runProcess(process.execPath, [PROGRAM, directory, git, String(times)], options);
  const answer = JSON.parse(stdout.trim().split('\n').at(-1));
  for (const { versions } of answer.asked)
    if (answer.ops !== OPS || versions !== OPS)
      throw new Error(`${versions} versions of ${answer.ops} ops, not ${OPS}.`);
  return answer;
}

function loggedGit(directory, log) {
  const git = join(directory, '.git', 'logged');
  writeFileSync(git, `#!/bin/sh\necho called >> '${log}'\nexec git "$@"\n`);
  chmodSync(git, 0o755);
  return git;
}
