import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed, runNode } from '../command.mjs';
import { packagesIn } from '../workspace.mjs';

/** @typedef {import('../workspace.mjs').WorkspacePackage & { tarball: string, packed: string[] }} PackedPackage */

/** The environment variable that names a file with the packages that were packed already. */
const PACKED = 'MEMO_CI_PACKED';

/**
 * Packs every published package, exactly as it would be published, unless that was done already.
 *
 * @template T
 * @param {(packages: PackedPackage[], folder: string) => Promise<T>} use `folder` is empty but for the tarballs, and removed
 *   after `use`
 * @returns {Promise<T>}
 */
export async function withTarballs(use) {
  const folder = mkdtempSync(join(tmpdir(), 'memo-tarballs-'));
  try {
    const list = process.env[PACKED];
    const packed = list === undefined ? await packAll(folder) : JSON.parse(readFileSync(list, 'utf8'));
    return await use(packed, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The environment in which `withTarballs` of another process hands these on.
 *
 * @param {PackedPackage[]} packages
 * @param {string} folder
 * @returns {NodeJS.ProcessEnv}
 */
export function packedIn(packages, folder) {
  const list = join(folder, 'packed.json');
  writeFileSync(list, JSON.stringify(packages));
  return { [PACKED]: list };
}

/** @param {string} folder */
function packAll(folder) {
  return Promise.all(packagesIn('packages').map((found) => pack(found, folder)));
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
