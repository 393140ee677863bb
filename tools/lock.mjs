import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const HEARTBEAT_MS = 5_000;
const STALE_MS = 60_000;
const POLL_MS = 200;

/**
 * Runs `work` while this process alone holds the lock file at `path`. The lock of a process that died is taken over: at
 * once when it ran on this machine, after a minute without a heartbeat otherwise.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {{ onWait?: (holder: string) => void }} [options] `onWait` is called once, when somebody else holds the lock.
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { onWait } = {}) {
  let waited = false;
  while (!tryAcquire(path)) {
    if (removeIfAbandoned(path)) continue;
    if (!waited) onWait?.(describeHolder(path));
    waited = true;
    await sleep(POLL_MS);
  }
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  heartbeat.unref();
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.removeListener('exit', release);
    release();
  }
}

/** @param {string} path */
function tryAcquire(path) {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, JSON.stringify({ pid: process.pid, host: hostname() }));
    closeSync(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Only one process at a time may judge a lock and remove it; otherwise the second could remove the fresh lock of the
 * first. That judge's own mark is held for microseconds, so one that is a minute old belongs to a dead process.
 *
 * @param {string} path
 */
function removeIfAbandoned(path) {
  const judge = `${path}.judge`;
  try {
    mkdirSync(judge);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (ageMs(judge) > STALE_MS) removeDirectory(judge);
    return false;
  }
  try {
    if (!isAbandoned(path)) return false;
    rmSync(path, { force: true });
    return true;
  } finally {
    removeDirectory(judge);
  }
}

/** @param {string} path */
function isAbandoned(path) {
  const age = ageMs(path);
  if (age > STALE_MS) return true;
  const holder = readHolder(path);
  return holder !== undefined && holder.host === hostname() && !isAlive(holder.pid);
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * The holder, or undefined when the lock is gone or its holder has not written its name yet.
 *
 * @param {string} path
 * @returns {{ pid: number, host: string } | undefined}
 */
function readHolder(path) {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8'));
    return Number.isInteger(holder?.pid) && typeof holder.host === 'string' ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} path */
function describeHolder(path) {
  const holder = readHolder(path);
  return holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
}

/** @param {string} path */
function ageMs(path) {
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return modified === undefined ? 0 : Date.now() - modified;
}

/** @param {string} path */
function touch(path) {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** @param {string} path */
function removeDirectory(path) {
  try {
    rmdirSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
