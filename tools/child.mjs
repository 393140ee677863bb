import { spawn } from 'node:child_process';

/**
 * Runs a Node program that shares this process's terminal, and ends as it ends: same exit code, or same signal.
 *
 * @param {string[]} args what follows `node`
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export async function becomeNode(args, options = {}) {
  const child = spawn(process.execPath, args, { ...options, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // The terminal has already sent Ctrl-C to the whole group; a second one would mean "stop at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  /** @type {{ code: number | null, signal: NodeJS.Signals | null }} */
  const end = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  if (end.signal === null) {
    process.exitCode = end.code ?? 1;
    return;
  }
  process.removeAllListeners(end.signal);
  process.kill(process.pid, end.signal);
}
