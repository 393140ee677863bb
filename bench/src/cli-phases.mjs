// What the memo command costs as a whole process, Node included.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, runProcess } from './measure-process.mjs';

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url));
const MEMO = join(PACKAGES, 'cli', 'bin', 'memo.cjs');

/**
 * Aims as multiples of `node -e 0`, which takes about 40 ms of an idle machine: there they are 120, 350, 500 and 800 ms.
 * A gate is twice the aim.
 */
const AIMS = [
  { name: 'memo --help', project: 'small', args: ['--help'], times: 3 },
  { name: 'memo plan, 10 ops', project: 'small', args: ['plan'], times: 9 },
  { name: 'memo why, 10 ops', project: 'small', args: ['why', 'step9'], times: 12.5 },
  { name: 'memo plan, 10,000 steps', project: 'large', args: ['plan'], times: 20 },
];

/** Medians of wall milliseconds, each beside a bare Node that was measured in turns with it. */
export function measureCli(runs) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'memo-bench-cli-')));
  try {
    writeProject(join(root, 'small'), chainOf(10));
    writeProject(join(root, 'large'), wideOf(10_000));
    memo(join(root, 'small'), ['run', '--progress', 'none']);
    return AIMS.map(({ name, project, args, times }) => {
      const bare = [];
      const own = [];
      for (let run = 0; run < runs; run++) {
        bare.push(runProcess(process.execPath, ['-e', '0']).wallMs);
        own.push(memo(join(root, project), args));
      }
      return judged({ name, bareMs: median(bare), wallMs: median(own), times });
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The figures as text. */
export function cliText(rows) {
  return [
    'the memo command, a whole process: wall time as a multiple of node -e 0',
    ...rows.map(
      ({ name, wallMs, ratio, times, verdict }) =>
        `${verdict.padEnd(16)} ${name}: ${wallMs.toFixed(0)} ms, ${ratio.toFixed(1)} × node, aim ${times}`,
    ),
  ].join('\n');
}

function judged({ name, bareMs, wallMs, times }) {
  const ratio = wallMs / bareMs;
  const verdict = ratio <= times ? 'met' : ratio <= 2 * times ? 'within the gate' : 'missed';
  return { name, bareMs, wallMs, ratio, times, verdict };
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
