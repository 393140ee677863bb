import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Clock, type FileSystem, ifPresent } from './file-system.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NAME = /^([0-9]+)-([0-9a-f]{12})-[0-9a-f]{12}-[0-9]+(?:\.d)?$/;

/** Names for values that are being written: unique between managers, processes and machines. */
export class TemporaryFiles {
  readonly directory: string;
  readonly #prefix: string;
  #count = 0;

  constructor(directory: string) {
    this.directory = directory;
    this.#prefix = `${process.pid}-${ownDomain()}-${randomBytes(6).toString('hex')}`;
  }

  next(): string {
    return join(this.directory, `${this.#prefix}-${this.#count++}`);
  }
}

/**
 * Deletes what writers left that were killed: those whose process is known to be gone, and what nobody touched for a
 * day. Whether a process lives can only be told for the same machine, start and container; the rest has the day.
 */
export function deleteAbandoned(files: FileSystem, clock: Clock, directory: string): void {
  for (const name of ifPresent(() => files.readdirSync(directory)) ?? []) {
    const path = join(directory, name);
    try {
      if (isAbandoned(name, () => clock.now() - files.lstatSync(path).mtimeMs)) {
        files.rmSync(path, { recursive: true, force: true });
      }
    } catch {
      // Another process deletes it at the same time, or it belongs to another user, who will.
    }
  }
}

function isAbandoned(name: string, age: () => number): boolean {
  const [, pid, domain] = NAME.exec(name) ?? [];
  if (domain === ownDomain() && Number(pid) !== process.pid && isGone(Number(pid))) return true;
  return age() > DAY_MS;
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as { readonly code?: unknown }).code === 'ESRCH';
  }
}

let domain: string | undefined;

/** Names the set of processes in which a process id means the same: machine, its start, and the container. */
function ownDomain(): string {
  domain ??= createHash('sha256')
    .update(
      [
        hostname(),
        readable(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1')),
        readable(() => readlinkSync('/proc/self/ns/pid')),
      ].join('\n'),
    )
    .digest('hex')
    .slice(0, 12);
  return domain;
}

function readable(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
