// The way of a third party, from the tarballs: create, install, test, fill the README, pack, publish (dry run).
// `node tools/checks/create-io-manager-check.mjs` (after a build). Needs npm's registry, as every user does.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../command.mjs';
import { isMain } from '../setup.mjs';
import { consumerEnvironment } from './install-check.mjs';
import { printProblems } from './problems.mjs';
import { withTarballs } from './tarballs.mjs';

/** @typedef {import('./tarballs.mjs').PackedPackage} PackedPackage */

const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund'];

/**
 * @param {PackedPackage[]} packages
 * @param {string} folder
 */
async function wayProblems(packages, folder) {
  /** @param {string} name */
  const tarballOf = (name) => packages.find(({ manifest }) => manifest.name === name)?.tarball ?? '';
  const creator = join(folder, 'creator');
  const project = join(creator, 'memo-io-tape');
  mkdirSync(creator);
  writeFileSync(join(creator, 'package.json'), '{ "private": true }\n');
  /** @type {[string, string[], string][]} */
  const steps = [
    ['npm', [...INSTALL, tarballOf('@memo/create-io-manager')], creator],
    ['npm', ['exec', '--', 'create-io-manager', 'tape'], creator],
    ['npm', INSTALL, project],
    ['npm', ['test'], project],
    ['npm', ['run', 'readme'], project],
    ['npm', ['pack', '--dry-run'], project],
    ['npm', ['publish', '--dry-run', '--access', 'public'], project],
  ];
  for (const [command, args, cwd] of steps) {
    if (cwd === project && args === INSTALL) useTarballs(project, tarballOf);
    const { ok, output } = await runProgram(command, args, { cwd, env: consumerEnvironment() });
    if (!ok) return [`${command} ${args.join(' ')} fails:\n${output}`];
  }
  const readme = readFileSync(join(project, 'README.md'), 'utf8');
  return readme.includes('keeps the promises of IO managers') ? [] : ['npm run readme did not fill in the README'];
}

/**
 * The packages as they would be published stand in for those of the registry.
 *
 * @param {string} project
 * @param {(name: string) => string} tarballOf
 */
function useTarballs(project, tarballOf) {
  const path = join(project, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  for (const name of ['@memo/core', '@memo/conformance']) manifest.devDependencies[name] = `file:${tarballOf(name)}`;
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
}

if (isMain(import.meta.url)) printProblems(await withTarballs(wayProblems));
