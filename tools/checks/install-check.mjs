// The tarballs work in an empty project, installed by npm, imported and required: `node tools/checks/install-check.mjs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed, runNode, runProgram } from '../command.mjs';
import { isMain, ROOT } from '../setup.mjs';
import { entriesOf } from '../workspace.mjs';
import { printProblems } from './problems.mjs';
import { withTarballs } from './tarballs.mjs';

/** @typedef {import('./tarballs.mjs').PackedPackage} PackedPackage */

/**
 * @param {PackedPackage[]} packages
 * @param {string} folder
 */
async function installProblems(packages, folder) {
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  const npm = ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages.map(({ tarball }) => tarball)];
  const install = await runProgram('npm', npm, { cwd: project, env: consumerEnvironment() });
  if (!install.ok) return [`npm install of the tarballs fails:\n${install.output}`];
  const problems = [];
  for (const specifier of plainEntries(packages)) problems.push(...(await loadProblems(project, specifier)));
  return [...problems, ...(await typeProblems(project, plainEntries(packages)))];
}

/**
 * All entries but those that need an optional peer, which an empty project does not have.
 *
 * @param {PackedPackage[]} packages
 */
function plainEntries(packages) {
  return packages.flatMap(({ manifest }) => {
    const optional = Object.keys(manifest.peerDependenciesMeta ?? {});
    const needsOptional = (/** @type {string} */ entry) => optional.some((peer) => entry.endsWith(`/${peer}`));
    return entriesOf(manifest).flatMap(({ entry, specifier }) => (needsOptional(entry) ? [] : [specifier]));
  });
}

/**
 * @param {string} project
 * @param {string} specifier
 */
async function loadProblems(project, specifier) {
  const name = JSON.stringify(specifier);
  const same = `import { createRequire } from 'node:module';
    const imported = await import(${name});
    const required = createRequire(process.cwd() + '/x.js')(${name});
    const names = Object.keys(imported).filter((name) => imported[name] !== required[name]);
    if (names.length > 0) throw new Error('require() gives another copy of ' + names);`;
  const { ok, output } = await runNode(['--input-type=module', '--eval', same], { cwd: project });
  return ok ? [] : [`${specifier} cannot be imported and required:\n${output}`];
}

/**
 * The declarations are right for consumers of both compilers that are in use, with nothing skipped.
 *
 * @param {string} project
 * @param {string[]} specifiers
 */
async function typeProblems(project, specifiers) {
  const lines = specifiers.map((specifier, i) => `import * as m${i} from '${specifier}';\nvoid m${i};`);
  writeFileSync(join(project, 'consumer.ts'), `${lines.join('\n')}\n`);
  const problems = [];
  for (const compiler of [
    installed('typescript/bin/tsc'),
    join(ROOT, 'packages/core/node_modules/typescript59/bin/tsc'),
  ]) {
    for (const module of ['nodenext', 'preserve']) {
      const flags = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        'false',
        '--target',
        'es2022',
        '--lib',
        'es2023',
        '--module',
        module,
      ];
      const types = ['--typeRoots', join(ROOT, 'node_modules/@types'), '--types', 'node'];
      const { ok, output } = await runNode([compiler, ...flags, ...types, 'consumer.ts'], { cwd: project });
      if (!ok) problems.push(`${compiler} --module ${module} rejects the published types:\n${output}`);
    }
  }
  return problems;
}

/** The environment without what `npm run` adds, which would tie the nested npm to this repository. */
export function consumerEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$)/.test(name)));
}

if (isMain(import.meta.url)) printProblems(await withTarballs(installProblems));
