import { fileURLToPath } from 'node:url';
import { runProcess } from './measure-process.mjs';

const PROGRAM = fileURLToPath(new URL('floor.mjs', import.meta.url));

/** CPU µs of the least that a step can cost, on this machine and now. */
export function measureFloor() {
  return JSON.parse(runProcess(process.execPath, [PROGRAM, '50000']).stdout).floorUs;
}

/**
 * What a measurement gives, and the floor of the same seconds, as the mean of one before it and one after it: a shared machine is twice as fast in one
 * minute as in the next.
 */
export function besideFloor(measure) {
  const before = measureFloor();
  const measured = measure();
  return { ...measured, floorUs: (before + measureFloor()) / 2 };
}
