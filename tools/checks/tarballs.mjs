import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed, runNode } from '../command.mjs';
import { packagesIn } from '../workspace.mjs';

/** @typedef {import('../workspace.mjs').WorkspacePackage & { tarball: string, packed: string[] }} PackedPackage */

/**
 * Packs every published package, exactly as it would be published, and removes the tarballs after `use`.
 *
 * @template T
 * @param {(packages: PackedPackage[], folder: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withTarballs(use) {
  const folder = mkdtempSync(join(tmpdir(), 'memo-tarballs-'));
  try {
    const packed = await Promise.all(packagesIn('packages').map((found) => pack(found, folder)));
    return await use(packed, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {import('../workspace.mjs').WorkspacePackage} found
 * @param {string} folder
 * @returns {Promise<PackedPackage>}
 */
async function pack(found, folder) {
  const args = [installed('pnpm/bin/pnpm.cjs'), 'pack', '--json', '--pack-destination', folder];
  const { ok, output, stdout } = await runNode(args, { cwd: found.path });
  if (!ok) throw new Error(`${found.folder} cannot be packed:\n${output}`);
  const { filename, files } = JSON.parse(stdout.slice(stdout.indexOf('{')));
  return { ...found, tarball: filename, packed: files.map((/** @type {{ path: string }} */ file) => file.path) };
}
