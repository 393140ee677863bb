// What the memo command costs as a whole process, Node included.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, runProcess } from './measure-process.mjs';

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url));
const MEMO = join(PACKAGES, 'cli', 'bin', 'memo.cjs');

/**
 * Aims in milliseconds of an idle machine. What is gated does not depend on the machine: twice as many times a bare Node as the aim was when
 * that took 40 ms.
 */
const AIMS = [
  { name: 'memo --help', project: 'small', args: ['--help'], aimMs: 120 },
  { name: 'memo plan, 10 ops', project: 'small', args: ['plan'], aimMs: 350 },
  { name: 'memo why, 10 ops', project: 'small', args: ['why', 'step9'], aimMs: 500 },
  { name: 'memo plan, 10,000 steps', project: 'large', args: ['plan'], aimMs: 800 },
];
const BARE_MS = 40;

/** Medians of wall milliseconds, each beside a bare Node that was measured in turns with it. */
export function measureCli(runs) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'memo-bench-cli-')));
  try {
    writeProject(join(root, 'small'), chainOf(10));
    writeProject(join(root, 'large'), wideOf(10_000));
    memo(join(root, 'small'), ['run', '--progress', 'none']);
    return AIMS.map(({ name, project, args, aimMs }) => {
      const bare = [];
      const own = [];
      for (let run = 0; run < runs; run++) {
        bare.push(runProcess(process.execPath, ['-e', '0']).wallMs);
        own.push(memo(join(root, project), args));
      }
      return judged({ name, bareMs: median(bare), wallMs: median(own), aimMs });
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The figures as text. */
export function cliText(rows) {
  return [
    `the memo command, a whole process: wall time, load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`,
    ...rows.map(
      ({ name, bareMs, wallMs, aimMs }) =>
        `${(wallMs <= aimMs ? 'met' : 'missed').padEnd(8)} ${name}: ${wallMs.toFixed(0)} ms, aim ${aimMs}; node -e 0 beside it ${bareMs.toFixed(0)}`,
    ),
  ].join('\n');
}

function judged(row) {
  return { ...row, isGated: row.wallMs / row.bareMs > (2 * row.aimMs) / BARE_MS };
}

function memo(cwd, args) {
  return runProcess(process.execPath, [MEMO, ...args], { cwd }).wallMs;
}

/** Ops that each read the one before, with versions of their sources. */
function chainOf(ops) {
  const definitions = Array.from({ length: ops }, (_, at) =>
    at === 0
      ? "const step0 = op('step0', () => 0);"
      : `const step${at} = op('step${at}', ({ before }) => before + ${at});`,
  );
  const calls = Array.from({ length: ops }, (_, at) =>
    at === 0 ? 'const s0 = step0();' : `const s${at} = step${at}({ before: s${at - 1} });`,
  );
  return `${definitions.join('\n')}\nconst build = () => {\n${calls.join('\n')}\nreturn { last: s${ops - 1} };\n};`;
}

/** Steps of one op that read nothing of each other. */
function wideOf(steps) {
  return `const step = op('step', { version: '1', run: ({ own }) => own });
const build = () => ({ all: Array.from({ length: ${steps} }, (_, own) => step({ own }, { id: 'step' + own })) });`;
}

function writeProject(directory, code) {
  for (const name of ['core', 'io-fs', 'strategy-source-hash']) {
    mkdirSync(join(directory, 'node_modules', '@memo'), { recursive: true });
    symlinkSync(join(PACKAGES, name), join(directory, 'node_modules', '@memo', name), 'junction');
  }
  writeFileSync(join(directory, 'package.json'), '{ "name": "bench", "type": "module" }');
  writeFileSync(
    join(directory, 'memo.config.mjs'),
    `import { defineConfig, job, op } from '@memo/core';
import { fs } from '@memo/io-fs';
import { sourceHash } from '@memo/strategy-source-hash';
${code}
export default defineConfig({ jobs: [job('bench', { build })], versions: sourceHash(), io: fs('.memo/store') });
`,
  );
}
