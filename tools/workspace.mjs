import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

/**
 * @typedef {object} Manifest what of a package.json the tools read
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, string | Record<string, string>>} [exports]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 */

/**
 * @typedef {object} WorkspacePackage
 * @property {string} folder relative to the root: `packages/core`
 * @property {string} path absolute
 * @property {Manifest & Record<string, unknown>} manifest
 */

/**
 * The packages below one group of the workspace, by name of folder.
 *
 * @param {'packages' | 'apps' | 'examples'} group
 * @param {string} [root]
 * @returns {WorkspacePackage[]}
 */
export function packagesIn(group, root = ROOT) {
  const names = existsSync(join(root, group)) ? readdirSync(join(root, group)).sort() : [];
  return names
    .filter((name) => existsSync(join(root, group, name, 'package.json')))
    .map((name) => {
      const path = join(root, group, name);
      return {
        folder: `${group}/${name}`,
        path,
        manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')),
      };
    });
}

/**
 * The code entries of a package: `['.', './plugin', …]`, each with the files its conditions name.
 *
 * @param {Manifest} manifest
 * @returns {{ entry: string, specifier: string, files: Record<string, string> }[]}
 */
export function entriesOf(manifest) {
  return Object.entries(manifest.exports ?? {}).flatMap(([entry, files]) =>
    typeof files === 'string' ? [] : [{ entry, specifier: manifest.name + entry.slice(1), files }],
  );
}
