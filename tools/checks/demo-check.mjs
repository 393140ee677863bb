// The demo runs with each strategy, and run again has nothing left to do: `node tools/checks/demo-check.mjs` (after a build).
import { join } from 'node:path';
import { runNode } from '../command.mjs';
import { ROOT } from '../setup.mjs';
import { printProblems } from './problems.mjs';

const SAMPLE = ['--sample', '20000'];

printProblems(await demoProblems());

async function demoProblems() {
  const problems = [];
  for (const versions of ['source', 'git']) problems.push(...(await problemsWith(['--versions', versions])));
  return problems;
}

/** @param {string[]} flags */
async function problemsWith(flags) {
  const demo = [join(ROOT, 'tools', 'demo.mjs'), ...SAMPLE, ...flags];
  const first = await runNode(demo);
  if (!first.ok) return [`the first run fails (${flags.join(' ')}):\n${first.output}`];
  const second = await runNode(demo);
  if (!second.ok) return [`the second run fails (${flags.join(' ')}):\n${second.output}`];
  return /\b0 ran\b/.test(second.output)
    ? []
    : [`the second run did not re-use everything (${flags.join(' ')}):\n${second.output}`];
}
