// memo as npm would install it, made of the sources as they are, for programs that tests start. Finding hundreds of sources takes
// longer than most of these programs work, and a project that links to sources has memo for code of its own.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { buildKey } from './build.mjs';
import { bundlePackages, isBundled } from './bundle.mjs';
import { withLock } from './lock.mjs';
import { ROOT } from './setup.mjs';
import { packagesIn } from './workspace.mjs';

const INSTALLED = join(ROOT, 'node_modules', '.cache', 'memo-installed');

/**
 * A folder with the packages by their names, as `node_modules` has them. It stays as it is: changed sources have another.
 *
 * @returns {Promise<string>}
 */
export async function installedMemo() {
  const folder = join(INSTALLED, installationKey());
  if (!existsSync(folder)) {
    mkdirSync(INSTALLED, { recursive: true });
    await withLock(join(INSTALLED, 'lock'), () => install(folder));
  }
  return join(folder, 'node_modules');
}

/** What is built, the programs, which are published as they are, and how this file puts them together. */
function installationKey() {
  const hash = createHash('sha256')
    .update(buildKey(ROOT))
    .update(readFileSync(new URL(import.meta.url)));
  const programs = join(ROOT, 'packages', 'cli', 'bin');
  for (const name of readdirSync(programs).sort()) hash.update(name).update(readFileSync(join(programs, name)));
  return hash.digest('hex');
}

/** @param {string} folder */
async function install(folder) {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.${process.pid}`;
  const packages = packagesIn('packages').filter(({ path }) => isBundled(path));
  const places = new Map(packages.map(({ path, manifest }) => [path, join(unfinished, 'node_modules', manifest.name)]));
  for (const [path, place] of places) {
    mkdirSync(join(place, 'dist'), { recursive: true });
    writeFileSync(join(place, 'package.json'), withoutSources(readFileSync(join(path, 'package.json'), 'utf8')));
    if (existsSync(join(path, 'bin'))) cpSync(join(path, 'bin'), join(place, 'bin'), { recursive: true });
  }
  for (const { path, manifest } of packages)
    for (const name of Object.keys(manifest.dependencies ?? {}).filter((name) => !name.startsWith('@memo/')))
      link(join(path, 'node_modules', name), join(places.get(path) ?? '', 'node_modules', name));
  await bundlePackages(places.keys(), { into: (path) => join(places.get(path) ?? '', 'dist') });
  renameSync(unfinished, folder);
}

/**
 * A process on sources may load what is installed, too.
 *
 * @param {string} manifest
 */
function withoutSources(manifest) {
  return JSON.stringify(
    JSON.parse(manifest, (name, value) => (name === '@memo/source' ? undefined : value)),
    null,
    2,
  );
}

/**
 * @param {string} target
 * @param {string} path
 */
function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(realpathSync(target), path, 'junction');
}
