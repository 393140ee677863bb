import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runProgram } from '../command.mjs';

/** Programs that tests start, and the Debian package that has each. */
const NEEDED = {
  git: 'git',
  setpriv: 'util-linux',
  unshare: 'util-linux',
  radosgw: 'radosgw',
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  ceph: 'ceph-common',
  'redis-server': 'redis-server',
  tmux: 'tmux',
};

/**
 * Installs what the tests need and this machine lacks, where it can: on Debian and its relatives, as root.
 *
 * @param {(line: string) => void} print
 */
export async function installSystemPackages(print) {
  const missing = Object.entries(NEEDED).filter(([program]) => !isOnPath(program));
  const packages = [...new Set(missing.map(([, name]) => name))];
  if (packages.length === 0) return;
  print(`installing ${packages.join(', ')}`);
  const options = ['-o', 'DPkg::Lock::Timeout=900', '--no-install-recommends', '-qq'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runProgram('apt-get', [...options, 'update'], { env });
  const { ok, output } = await runProgram('apt-get', [...options, 'install', '-y', ...packages], { env });
  if (!ok) print(`${packages.join(', ')} cannot be installed; tests that need them will fail:\n${output}`);
}

/** @param {string} program */
function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
