// A real S3 server on this machine, for tests, the demo and benchmarks.
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { INSTALL, PROGRAMS, startCeph } from './ceph.mjs';
import { signal } from './signal.mjs';

/** @typedef {import('./ceph.mjs').S3Server} S3Server */

/**
 * Why the server cannot be started here, with the command that installs it; `undefined` when it can.
 *
 * @returns {string | undefined}
 */
export function whyNoS3Server() {
  const missing = PROGRAMS.filter((program) => !isOnPath(program));
  return missing.length === 0 ? undefined : `${missing.join(', ')} not installed: ${INSTALL}`;
}

/** A directory for one server, whoever starts it. */
export function s3ServerDirectory() {
  return mkdtempSync(join(tmpdir(), 'memo-s3-'));
}

/**
 * The server of a directory: whoever asks first starts it, everybody else waits for it. It takes some twelve seconds.
 *
 * @param {string} directory
 * @returns {Promise<S3Server>}
 */
export async function s3ServerIn(directory) {
  const ready = join(directory, 'server.json');
  const failed = join(directory, 'failed');
  if (!isFirst(join(directory, 'starting'))) {
    for (let waited = 0; !existsSync(ready); waited += 100) {
      if (existsSync(failed) || waited > 180_000) throw new Error(`The S3 server in ${directory} did not start.`);
      await sleep(100);
    }
    return JSON.parse(readFileSync(ready, 'utf8'));
  }
  try {
    const server = await startCeph(directory);
    writeFileSync(`${ready}.tmp`, JSON.stringify(server), { mode: 0o600 });
    renameSync(`${ready}.tmp`, ready);
    return server;
  } catch (error) {
    writeFileSync(failed, '');
    throw error;
  }
}

/**
 * Ends the processes of the server of a directory, by their ids, and removes the directory.
 *
 * @param {string} directory
 */
export async function stopS3ServerIn(directory) {
  const pids = join(directory, 'pids');
  const ids = existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').map(Number) : [];
  for (const id of ids.reverse()) signal(id, 'SIGKILL');
  for (let waited = 0; ids.some((id) => signal(id, 0)) && waited < 10_000; waited += 50) await sleep(50);
  rmSync(directory, { recursive: true, force: true });
}

/** The AWS environment for a server. @param {S3Server} server */
export function environmentOf({ endpoint, accessKeyId, secretAccessKey }) {
  return {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
}

/** @param {string} directory */
function isFirst(directory) {
  try {
    mkdirSync(directory);
    return true;
  } catch {
    return false;
  }
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
