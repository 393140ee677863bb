/**
 * Signals a process; false for one that has ended, which is no error: programs may end before they are stopped.
 *
 * @param {number} id @param {NodeJS.Signals | 0} kind
 */
export function signal(id, kind) {
  try {
    return process.kill(id, kind);
  } catch {
    return false;
  }
}
