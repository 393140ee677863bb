import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const TIME = '/usr/bin/time';

/** True where the CPU time and memory of foreign programs can be measured (Debian package `time`). */
export const canMeasureForeign = existsSync(TIME);

/** Runs a program to its end; wall milliseconds and what it printed. Throws with its last lines when it fails. */
export function runProcess(command, args, options = {}) {
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 600_000,
    ...options,
  });
  const wallMs = performance.now() - start;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stderr.slice(-2_000)}`);
  return { wallMs, stdout, stderr };
}

/** Runs a foreign program; also CPU milliseconds and peak memory where `time` is installed. */
export function runForeign(command, args, options = {}) {
  if (!canMeasureForeign) return runProcess(command, args, options);
  const measured = runProcess(TIME, ['-f', 'TIME %U %S %M', command, ...args], options);
  const [, user, system, memory] = /TIME (\S+) (\S+) (\d+)\s*$/.exec(measured.stderr) ?? [];
  return { ...measured, cpuMs: (Number(user) + Number(system)) * 1000, rssMb: Number(memory) / 1024 };
}

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
