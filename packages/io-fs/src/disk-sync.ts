import { dirname } from 'node:path';
import { type FileSystem, synced, systemCode } from './file-system.ts';
import { storeError } from './store-errors.ts';

/** When values reach the disk: see the README, "Durability". */
export type Durability = 'batch' | 'each' | 'none';

/** Remembers what was published and makes it survive a crash of the machine. */
export class DiskSync {
  readonly #files: FileSystem;
  readonly #durability: Durability;
  readonly #syncedNames = new Set<string>();
  #pending: string[] = [];
  #running: Promise<void> = Promise.resolve();

  constructor(files: FileSystem, durability: Durability) {
    this.#files = files;
    this.#durability = durability;
  }

  /** A value was published: `file` holds its bytes, `root` is the store; `made` tells of new directories. */
  async published(file: string, root: string, made: boolean): Promise<void> {
    if (made) this.#syncedNames.clear();
    if (this.#durability === 'batch') this.#pending.push(file);
    if (this.#durability === 'each') await this.#syncNames(file, root);
  }

  /** A value that somebody else published counts: it is as durable as if this store had written it. */
  async existed(file: string, root: string): Promise<void> {
    if (this.#durability === 'each') await this.#syncFile(file);
    await this.published(file, root, false);
  }

  /** Resolves when everything published before the call is on the disk. */
  flush(root: string): Promise<void> {
    this.#running = this.#running.then(ignore, ignore).then(() => this.#flushPending(root));
    return this.#running;
  }

  async #flushPending(root: string): Promise<void> {
    const batch = this.#pending;
    if (batch.length === 0) return;
    this.#pending = [];
    try {
      if (batch.length < ONE_CALL_FROM || !(await this.#syncFileSystem(root))) await this.#syncOneByOne(batch, root);
    } catch (error) {
      this.#pending = [...batch, ...this.#pending];
      throw storeError(this.#files, error, { doing: 'sync', path: root });
    }
  }

  async #syncFileSystem(root: string): Promise<boolean> {
    try {
      await this.#files.syncAll(root);
      return true;
    } catch {
      return false;
    }
  }

  async #syncOneByOne(batch: readonly string[], root: string): Promise<void> {
    const queue = batch.values();
    const worker = async () => {
      for (const file of queue) await this.#syncFile(file);
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
    const directories = new Map(batch.map((file) => [dirname(file), file]));
    for (const file of directories.values()) await this.#syncNames(file, root);
  }

  // Windows syncs only what is open for writing.
  async #syncFile(path: string): Promise<void> {
    await this.#syncPath(path, 'r+', DELETED);
  }

  // The name of a file is in its directory, whose own name is in the one above.
  async #syncNames(file: string, root: string): Promise<void> {
    await this.#syncDirectory(dirname(file));
    for (let above = dirname(dirname(file)); above.length >= dirname(root).length; above = dirname(above)) {
      if (this.#syncedNames.has(above)) return;
      await this.#syncDirectory(above);
      this.#syncedNames.add(above);
    }
  }

  async #syncDirectory(directory: string): Promise<void> {
    await this.#syncPath(directory, 'r', NO_SYNC_OF_NAMES);
  }

  async #syncPath(path: string, flags: string, harmless: ReadonlySet<string>): Promise<void> {
    try {
      const descriptor = this.#files.openSync(path, flags);
      try {
        await synced(this.#files, descriptor);
      } finally {
        this.#files.closeSync(descriptor);
      }
    } catch (error) {
      if (!harmless.has(systemCode(error) ?? '')) throw error;
    }
  }
}

function ignore(): void {}

// Below it, single calls are faster than starting the command.
const ONE_CALL_FROM = 32;
const WORKERS = 8;
const DELETED: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);
// Windows cannot open directories; others delete empty ones meanwhile.
const NO_SYNC_OF_NAMES: ReadonlySet<string> = new Set([...DELETED, 'EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP']);
