import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type FileSystem, FsIOManager, type FsOptions, nodeFiles } from '../src/index.ts';

const jails: string[] = [];
const managers: FsIOManager[] = [];

afterEach(async () => {
  await Promise.all(managers.splice(0).map((manager) => manager.dispose().catch(() => {})));
  for (const jail of jails.splice(0)) rmSync(jail, { recursive: true, force: true });
});

/** A directory for a store, three levels deep in a directory of its own that is removed after the test. */
export function temporaryStore(): string {
  const jail = mkdtempSync(join(tmpdir(), 'memo-io-fs-'));
  jails.push(jail);
  return join(jail, 'one', 'two', 'store');
}

/** A manager that is disposed after the test. Without durability unless told otherwise, because syncs take time. */
export function openStore(directory: string = temporaryStore(), options: FsOptions = {}): FsIOManager {
  const manager = new FsIOManager(directory, { durability: 'none', ...options });
  managers.push(manager);
  return manager;
}

/** The file system with some functions replaced. */
export function withFaults(faults: Partial<FileSystem>): FileSystem {
  return { ...nodeFiles, ...faults };
}

/** An error as the operating system gives it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** All files below a directory, relative to it. */
export function filesIn(directory: string): string[] {
  let entries: ReturnType<typeof list>;
  try {
    entries = list(directory);
  } catch {
    return [];
  }
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

function list(directory: string) {
  return readdirSync(directory, { recursive: true, withFileTypes: true });
}
