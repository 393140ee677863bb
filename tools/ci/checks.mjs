import { join } from 'node:path';
import { installed, runNode } from '../command.mjs';
import { ROOT } from '../setup.mjs';

/** @typedef {{ name: string, args: string[] }} Check a Node program that exits with 0 when what it checks holds */

const tsc = installed('typescript/bin/tsc');

/**
 * The static checks, in the order in which their failures are most telling. All of them need a build, and none what another
 * one writes: they run side by side.
 *
 * @type {Check[]}
 */
export const CHECKS = [
  {
    name: 'format and lint (biome)',
    args: [installed('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings', '--colors=off'],
  },
  { name: 'lint with types (oxlint)', args: [installed('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'types of tests and benchmarks', args: [tsc, '-p', 'tsconfig.test.json'] },
  { name: 'types of tools', args: [tsc, '-p', 'tools'] },
  { name: 'dead code (knip)', args: [installed('knip/bin/knip.js')] },
  { name: 'files of the repository', args: [tool('checks/repository-check.mjs')] },
  { name: 'claims of SECURITY.md', args: [tool('checks/claims-check.mjs')] },
  { name: 'manifests', args: [tool('checks/manifest-check.mjs')] },
  { name: 'tarballs (publint, attw)', args: [tool('checks/tarball-check.mjs')] },
  { name: 'tarballs installed by npm', args: [tool('checks/install-check.mjs')] },
  { name: 'a new IO manager, created from tarballs', args: [tool('checks/create-io-manager-check.mjs')] },
  { name: 'a new user, from tarballs', args: [tool('checks/new-user-check.mjs')] },
  { name: 'API reports', args: [tool('api-report/api-report.mjs')] },
  { name: 'documents', args: [tool('docs-test/docs-test.mjs')] },
  { name: 'transcripts', args: [tool('transcripts.mjs')] },
  { name: 'demo, run twice', args: [tool('checks/demo-check.mjs')] },
];

/** @param {string} path */
function tool(path) {
  return join(ROOT, 'tools', path);
}

/**
 * @param {Check} check
 * @param {NodeJS.ProcessEnv} [further] of its environment
 */
export function runCheck({ args }, further = {}) {
  const { FORCE_COLOR: _, ...env } = process.env;
  return runNode(args, { env: { ...env, NO_COLOR: '1', ...further } });
}
