import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

/**
 * Runs a command to its end and gives what it printed, both streams in the order of arrival.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, echo?: boolean }} [options] `echo` also shows the output as it comes.
 * @returns {Promise<{ ok: boolean, output: string, stdout: string }>}
 */
export async function runProgram(command, args, { cwd = ROOT, env = process.env, echo = false } = {}) {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let stdout = '';
  child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
    stdout += chunk;
    output += chunk;
    if (echo) process.stdout.write(chunk);
  });
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
    output += chunk;
    if (echo) process.stdout.write(chunk);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, output: `${command}: ${error.message}`, stdout }));
    child.once('close', (code, signal) => {
      const silent = code !== 0 && output.trim() === '';
      if (signal !== null || silent) output += `${command} ended with ${signal ?? `exit code ${code}`}\n`;
      resolve({ ok: code === 0, output, stdout });
    });
  });
}

/**
 * Runs Node on a program, `args` being what follows `node`.
 *
 * @param {string[]} args
 * @param {Parameters<typeof runProgram>[2]} [options]
 */
export function runNode(args, options) {
  return runProgram(process.execPath, args, options);
}

/**
 * The program of an installed development dependency, for `runNode`: quicker than npx, and the same on every system.
 *
 * @param {string} path inside node_modules
 */
export function installed(path) {
  return join(ROOT, 'node_modules', path);
}
