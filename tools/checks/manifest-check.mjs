// Every published package.json has the same shape: `node tools/checks/manifest-check.mjs`.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isMain, ROOT } from '../setup.mjs';
import { entriesOf, packagesIn } from '../workspace.mjs';
import { printProblems } from './problems.mjs';

/** Where the code will live; CONTRIBUTING.md says what to change when that is decided. */
// The matchers for vitest register themselves where they are imported.
/** @type {Record<string, string[]>} */
const SIDE_EFFECTS = { 'packages/core': ['./dist/testing/vitest.js', './src/testing/vitest.ts'] };

/** What packages publish beside their code. */
/** @type {Record<string, string[]>} */
const FURTHER_FILES = { 'packages/cli': ['bin'], 'packages/create-io-manager': ['template'] };

/** Packages that write text and use nothing of core. */
const WITHOUT_CORE = new Set(['@memo/create-io-manager']);

const REPOSITORY = 'https://github.com/memo-authors/memo';
const CORE_RANGE = '>=0.1.0 <1';
const EXACT = /^(?:npm:[^@]+@|npm:@[^@]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** @typedef {import('../workspace.mjs').WorkspacePackage} WorkspacePackage */

/**
 * @param {WorkspacePackage} found
 * @returns {string[]} one line for each problem
 */
export function manifestProblems({ folder, manifest }) {
  const fixed = fixedFields(folder);
  const problems = Object.entries(fixed)
    .filter(([name, value]) => JSON.stringify(manifest[name]) !== JSON.stringify(value))
    .map(([name, value]) => `"${name}" must be ${JSON.stringify(value)}`);
  if (manifest.name !== `@memo/${basename(folder)}`) problems.push(`"name" must be @memo/${basename(folder)}`);
  if (!/^\d+\.\d+\.\d+$/.test(manifest.version)) problems.push('"version" must be a plain x.y.z');
  if (typeof manifest.description !== 'string') problems.push('"description" is missing');
  if (!Array.isArray(manifest.keywords) || !manifest.keywords.includes('memo'))
    problems.push('"keywords" must have "memo"');
  problems.push(...exportProblems(manifest), ...dependencyProblems(manifest));
  return problems.map((problem) => `${folder}/package.json: ${problem}`);
}

/** @param {string} folder */
function fixedFields(folder) {
  return {
    license: 'MIT',
    author: 'the memo authors',
    homepage: `${REPOSITORY}/tree/main/${folder}#readme`,
    repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory: folder },
    bugs: `${REPOSITORY}/issues`,
    type: 'module',
    sideEffects: SIDE_EFFECTS[folder] ?? false,
    files: ['dist', 'src', ...(FURTHER_FILES[folder] ?? []), 'CHANGELOG.md', '!dist/.tsbuildinfo'],
    engines: { node: '>=20.19' },
    publishConfig: { access: 'public' },
    scripts: {
      build: 'node ../../tools/build.mjs',
      test: `vitest run --root ../.. --project ${basename(folder)}`,
    },
  };
}

/**
 * Explicit entries, no wildcards, and the source of each next to what is built from it.
 *
 * @param {WorkspacePackage['manifest']} manifest
 */
function exportProblems(manifest) {
  const problems =
    manifest.exports?.['./package.json'] === './package.json' ? [] : ['"exports" must have ./package.json'];
  if (entriesOf(manifest)[0]?.entry !== '.') problems.push('"exports" must begin with "."');
  for (const { entry, files } of entriesOf(manifest)) {
    const name = files['@memo/source']?.match(/^\.\/src\/([^*]+)\.ts$/)?.[1];
    const expected = { '@memo/source': `./src/${name}.ts`, types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` };
    if (name === undefined || JSON.stringify(files) !== JSON.stringify(expected)) {
      problems.push(`"exports" of ${entry} must be { @memo/source, types, default } for one file of src`);
    }
  }
  return problems;
}

/** @param {WorkspacePackage['manifest']} manifest */
function dependencyProblems(manifest) {
  const problems = [];
  if (manifest.name === '@memo/core') {
    if (manifest.dependencies !== undefined) problems.push('core has no runtime dependencies');
  } else if (!WITHOUT_CORE.has(manifest.name)) {
    if (manifest.peerDependencies?.['@memo/core'] !== CORE_RANGE)
      problems.push(`peer @memo/core must be ${CORE_RANGE}`);
    if (manifest.devDependencies?.['@memo/core'] !== 'workspace:*') problems.push('dev @memo/core must be workspace:*');
  }
  for (const kind of /** @type {const} */ (['dependencies', 'devDependencies'])) {
    for (const [name, range] of Object.entries(manifest[kind] ?? {})) {
      const sister = kind === 'devDependencies' ? 'workspace:*' : 'workspace:^';
      const pinned = EXACT.test(range) || range === 'catalog:' || range === sister;
      if (!pinned) problems.push(`${kind}.${name} must be an exact version or "catalog:", not ${range}`);
    }
  }
  return problems;
}

/**
 * What npm shows of a version must exist: its text, its license, and what changed in it.
 *
 * @param {WorkspacePackage} found
 * @param {string} [root]
 */
export function releaseProblems({ folder, path, manifest }, root = ROOT) {
  const problems = ['README.md', 'LICENSE', 'CHANGELOG.md']
    .filter((name) => !existsSync(join(path, name)))
    .map((name) => `${folder}: ${name} is missing`);
  if (problems.length > 0) return problems;
  const released = readFileSync(join(path, 'CHANGELOG.md'), 'utf8').match(/^## (\S+)/m)?.[1];
  if (released !== manifest.version) {
    problems.push(`${folder}/CHANGELOG.md: the first version is ${released}, package.json has ${manifest.version}`);
  }
  if (changedSinceRelease(folder, manifest, root) && !hasChangeset(manifest.name, root)) {
    problems.push(`${folder}: changed since ${manifest.version} was released; add a changeset (npm run changeset)`);
  }
  return problems;
}

/**
 * @param {string} folder
 * @param {WorkspacePackage['manifest']} manifest
 * @param {string} root
 */
function changedSinceRelease(folder, manifest, root) {
  /** @param {string[]} args */
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  const tag = `${manifest.name}@${manifest.version}`;
  if (git('tag', '--list', tag).trim() === '') return false;
  return git('diff', '--name-only', tag, '--', `${folder}/src`, `${folder}/package.json`).trim() !== '';
}

/**
 * @param {string} name
 * @param {string} root
 */
function hasChangeset(name, root) {
  return readdirSync(join(root, '.changeset'))
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .some((file) => new RegExp(`^["']${name}["']:`, 'm').test(readFileSync(join(root, '.changeset', file), 'utf8')));
}

if (isMain(import.meta.url)) {
  printProblems(packagesIn('packages').flatMap((found) => [...manifestProblems(found), ...releaseProblems(found)]));
}
