// What would be published is complete and resolves: `node tools/checks/tarball-check.mjs` (after a build).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { isBundled } from '../bundle.mjs';
import { inLanes } from '../ci/lanes.mjs';
import { installed, runNode } from '../command.mjs';
import { isMain, ROOT } from '../setup.mjs';
import { printProblems } from './problems.mjs';
import { withTarballs } from './tarballs.mjs';

/** @typedef {import('./tarballs.mjs').PackedPackage} PackedPackage */

/** What packages publish beside their code. */
/** @type {Record<string, RegExp>} */
const FURTHER_FILES = {
  'packages/cli': /^bin\/\w+\.cjs$/,
  'packages/create-io-manager': /^template\/.+$/,
};

/** @param {PackedPackage} found */
export function contentProblems({ folder, packed }) {
  const missing = [
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'dist/index.js',
    'dist/index.d.ts',
    'src/index.ts',
  ]
    .filter((path) => !packed.includes(path))
    .map((path) => `${folder}: the tarball lacks ${path}`);
  const allowed = /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|src\/.+\.ts|dist\/.+\.(?:c?js|d\.ts)(?:\.map)?)$/;
  const further = FURTHER_FILES[folder] ?? /$^/;
  const extra = packed
    .filter((path) => !allowed.test(path) && !further.test(path))
    .map((path) => `${folder}: the tarball has ${path}`);
  const sources = new Set(packed.filter((path) => path.startsWith('src/')).map((path) => path.slice(4, -3)));
  // A bundle is written anew, with what its parts share in files that no source is called after.
  const isCompiled = !isBundled(join(ROOT, folder));
  const orphans = packed
    .filter((path) => path.startsWith('dist/') && path.endsWith('.js') && !sources.has(path.slice(5, -3)))
    .filter(() => isCompiled)
    .map((path) => `${folder}: ${path} has no source any more; remove dist and build again`);
  return [...missing, ...extra, ...orphans];
}

/** @param {PackedPackage} found */
async function publintProblems({ folder, tarball }) {
  const bytes = readFileSync(tarball);
  const pack = { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) };
  const { messages, pkg } = await publint({ pack, strict: true });
  return messages.map(
    (message) => `${folder}: publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`,
  );
}

/** @param {PackedPackage} found */
async function resolutionProblems({ folder, tarball }) {
  const attw = installed('@arethetypeswrong/cli/dist/index.js');
  const { ok, output } = await runNode([attw, tarball, '--profile', 'esm-only', '--no-emoji', '--no-color']);
  return ok ? [] : [`${folder}: attw:\n${output}`];
}

/** @param {PackedPackage[]} packages */
async function tarballProblems(packages) {
  const problems = await inLanes(packages, async (found) => [
    ...contentProblems(found),
    ...(await publintProblems(found)),
    ...(await resolutionProblems(found)),
  ]);
  return problems.flat();
}

if (isMain(import.meta.url)) printProblems(await withTarballs(tarballProblems));
