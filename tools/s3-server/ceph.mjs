import { execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { signal } from './signal.mjs';

const run = promisify(execFile);

/** The programs of the server, and the command that installs them. */
export const PROGRAMS = ['ceph-mon', 'ceph-osd', 'ceph', 'radosgw', 'radosgw-admin'];
export const INSTALL =
  'apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=900 radosgw ceph-mon ceph-osd ceph-common';

/**
 * How to reach a running server.
 *
 * @typedef {{ endpoint: string, accessKeyId: string, secretAccessKey: string }} S3Server
 */

/**
 * Starts Ceph's S3 gateway with one monitor and one store in memory. Everything is in `directory` and on 127.0.0.1; the ids of the
 * processes are written to `directory/pids` as they start.
 *
 * @param {string} directory
 * @returns {Promise<S3Server>}
 */
export async function startCeph(directory) {
  const [monitorPort, gatewayPort, storePort = 0] = await freePorts(3);
  const fsid = randomUUID();
  const place = { directory, conf: join(directory, 'ceph.conf') };
  for (const name of ['mon', 'osd', 'rgw', 'run', 'log']) mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(place.conf, configuration({ directory, fsid, monitorPort, gatewayPort, storePort }));
  await startMonitor(place, fsid);
  await startStore(place);
  const keys = { accessKeyId: randomBytes(10).toString('hex'), secretAccessKey: randomBytes(20).toString('hex') };
  // Before the gateway runs: two programs that make the pools at the same time may wait for each other for ever.
  await untilDone(() => makeUser(place, keys));
  daemon(place, 'radosgw', ['-n', 'client.rgw']);
  const endpoint = await untilAnswering(`http://127.0.0.1:${gatewayPort}`, directory);
  return { endpoint, ...keys };
}

/** @typedef {{ directory: string, conf: string }} Place */

/** @param {Place} place @param {string} fsid */
async function startMonitor(place, fsid) {
  const data = join(place.directory, 'mon');
  await run('ceph-mon', ['-c', place.conf, '--mkfs', '-i', 'a', '--mon-data', data, '--fsid', fsid]);
  daemon(place, 'ceph-mon', ['-i', 'a', '--mon-data', data]);
  await untilDone(() => run('ceph', ['-c', place.conf, '--connect-timeout', '5', 'status']));
}

/** @param {Place} place */
async function startStore(place) {
  const data = join(place.directory, 'osd');
  const uuid = randomUUID();
  // A monitor that answers for its state may not take commands yet. The same id again changes nothing.
  await untilDone(() => run('ceph', ['-c', place.conf, '--connect-timeout', '5', 'osd', 'new', uuid]));
  const args = ['-c', place.conf, '-i', '0', '--osd-data', data, '--osd-uuid', uuid];
  await run('ceph-osd', [...args, '--mkfs', '--no-mon-config']);
  // Now and then, on a busy machine, one does not find its monitor; the next one does.
  for (let attempt = 1; ; attempt++) {
    const id = daemon(place, 'ceph-osd', ['-i', '0', '--osd-data', data]);
    try {
      return await untilDone(() => checkStore(place), STORE_PATIENCE_MS);
    } catch (error) {
      if (attempt === MOST_STORES) throw error;
      signal(id, 'SIGKILL');
    }
  }
}

/** @param {Place} place */
async function checkStore(place) {
  const { stdout } = await run('ceph', ['-c', place.conf, '--connect-timeout', '5', 'osd', 'stat']);
  if (!stdout.includes('1 up')) throw new Error(`the store is not up: ${stdout}`);
}

/** @param {Place} place @param {{ accessKeyId: string, secretAccessKey: string }} keys */
async function makeUser(place, { accessKeyId, secretAccessKey }) {
  const args = ['user', 'create', '--uid', 'memo', '--display-name', 'memo'];
  const keys = ['--access-key', accessKeyId, '--secret-key', secretAccessKey];
  await run('radosgw-admin', ['-c', place.conf, '-n', 'client.rgw', ...args, ...keys], {
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
}

/** @param {Place} place @param {string} program @param {string[]} args */
function daemon({ directory, conf }, program, args) {
  const log = openSync(join(directory, 'log', `${program}.out`), 'a');
  const child = spawn(program, ['-f', '-c', conf, ...args], { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  child.unref();
  writeFileSync(join(directory, 'pids'), `${child.pid}\n`, { flag: 'a' });
  return Number(child.pid);
}

/** @param {{ directory: string, fsid: string, monitorPort: number | undefined, gatewayPort: number | undefined, storePort: number }} facts */
function configuration({ directory, fsid, monitorPort, gatewayPort, storePort }) {
  return `[global]
fsid = ${fsid}
mon host = [v1:127.0.0.1:${monitorPort}]
mon initial members = a
ms bind msgr2 = false
ms bind port min = ${Math.min(storePort, 65000)}
ms bind port max = ${Math.min(storePort, 65000) + 500}
auth cluster required = none
auth service required = none
auth client required = none
auth allow insecure global id reclaim = true
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon warn on pool no redundancy = false
osd objectstore = memstore
memstore device bytes = 4294967296
keyring = ${directory}/keyring
log file = ${directory}/log/$name.log
run dir = ${directory}/run
pid file = ${directory}/run/$name.pid
admin socket = ${directory}/run/$name.asok
crash dir = ${directory}/run

[mon.a]
mon data = ${directory}/mon

[osd.0]
osd data = ${directory}/osd

[client.rgw]
rgw data = ${directory}/rgw
rgw frontends = beast endpoint=127.0.0.1:${gatewayPort} tcp_nodelay=1
rgw enable usage log = false
rgw enable gc threads = false
rgw enable lc threads = false
`;
}

/** @param {number} count @returns {Promise<number[]>} */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () =>
            resolve(Number(/** @type {import('node:net').AddressInfo} */ (server.address()).port)),
          );
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

const PATIENCE_MS = 100_000;
const STORE_PATIENCE_MS = 25_000;
const MOST_STORES = 4;

/** @param {() => Promise<unknown>} attempt @param {number} patience milliseconds */
async function untilDone(attempt, patience = PATIENCE_MS) {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(200);
    }
  }
}

/** @param {string} endpoint @param {string} directory */
async function untilAnswering(endpoint, directory) {
  try {
    await untilDone(() => fetch(endpoint, { signal: AbortSignal.timeout(5_000) }));
    return endpoint;
  } catch (cause) {
    const said = readFileSync(join(directory, 'log', 'radosgw.out'), 'utf8');
    throw new Error(`radosgw does not answer at ${endpoint}:\n${said}`, { cause });
  }
}
