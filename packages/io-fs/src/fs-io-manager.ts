import { join } from 'node:path';
import {
  type Codec,
  cannotSign,
  closeUnread,
  DEFAULT_MAX_BYTES,
  fileRecordStore,
  type InputContext,
  type IOManagerCapabilities,
  isByteStream,
  type MemoizableIOManager,
  ObjectFormat,
  type OutputContext,
  type OutputVersions,
  type RecordStore,
  type StoredOutput,
  type StoredOutputInfo,
  type StoreWarning,
  signedRecordStore,
  type Trust,
} from '@memo/core/plugin';
import { DiskSync, type Durability } from './disk-sync.ts';
import { type Clock, type FileSystem, nodeFiles, systemClock } from './file-system.ts';
import { listObjects } from './listing.ts';
import { type ObjectPath, objectPath, outputDirectory } from './object-path.ts';
import { ObjectReader } from './object-reader.ts';
import { ObjectWriter } from './object-writer.ts';
import { arePresent, isPresent, isTrusted } from './presence.ts';
import { removeObject } from './remove-object.ts';
import { StoreDirectory } from './store-directory.ts';
import { type Attempt, storeError } from './store-errors.ts';
import { StoreRecords } from './store-records.ts';

/** Options of {@link fs}. The defaults suit a local disk. */
export interface FsOptions {
  /**
   * What survives a crash of the machine; a crash of the process never costs a value that was stored.
   * - `batch`: everything that was stored before a flush: of the records (at the end of a run at the latest), `flush()` or
   *   `dispose()`. About 20 µs a value on Linux, 200 µs elsewhere.
   * - `each`: every value as soon as it is stored. 0.5–5 ms each.
   * - `none`: what the operating system wrote by itself. Free.
   *
   * Default `batch`.
   */
  readonly durability?: Durability;
  /** Codecs that are asked before the built-in ones. Default none. */
  readonly codecs?: readonly Codec[];
  /** Compresses payloads of 1 kB and more where that makes them smaller; not streams. Default `false`. */
  readonly compress?: boolean;
  /** The largest value that is loaded, in bytes after decompression; larger ones count as damaged. Default 4 GB. */
  readonly maxBytes?: number;
  /**
   * Values up to this size are written and read with blocking calls, which take a third of the time on a local disk.
   * `0` suits slow network file systems. Default 65,536.
   */
  readonly smallBytes?: number;
  /**
   * Whose objects and records count, and what signs them, for a directory that others can write to. Costs a look at the end of each file
   * and some 0.2 ms of signing. Default: everything that is there counts.
   */
  readonly trust?: Trust;
  /** Replaces the file system, for tests. */
  readonly fileSystem?: FileSystem;
  /** Replaces the clock, for tests. */
  readonly clock?: Clock;
}

/**
 * Stores outputs as files, for example `fs('.memo/store')`. Any number of processes may share the directory.
 *
 * @param directory Where to store. A relative path counts from the directory of the nearest `memo.config.*` above the
 * working directory, else of the nearest `package.json`; it is looked up at the first use and created by the first write.
 * Default `.memo/store`.
 */
export function fs(directory: string = '.memo/store', options: FsOptions = {}): FsIOManager {
  return new FsIOManager(directory, options);
}

/** The IO manager that {@link fs} makes. */
export class FsIOManager implements MemoizableIOManager {
  readonly name: string;
  readonly capabilities: IOManagerCapabilities = { durable: true, atomicCreate: true, streams: true };
  /** Bindings and pins, in `records/` beside the values. */
  readonly records: RecordStore;
  /** Whose objects and records count. */
  declare readonly trust?: Trust;
  readonly #files: FileSystem;
  readonly #directory: StoreDirectory;
  readonly #sync: DiskSync;
  readonly #format: ObjectFormat;
  readonly #writer: ObjectWriter;
  readonly #reader: ObjectReader;
  readonly #records: StoreRecords;
  readonly #warnings: StoreWarning[] = [];

  constructor(directory: string = '.memo/store', options: FsOptions = {}) {
    const { durability = 'batch', codecs = [], compress = false, maxBytes = DEFAULT_MAX_BYTES } = options;
    const { smallBytes = 65_536, fileSystem: files = nodeFiles, clock = systemClock, trust } = options;
    if (!['batch', 'each', 'none'].includes(durability)) throw new TypeError(`Not a durability: ${String(durability)}`);
    this.name = `fs:${directory}`;
    this.#files = files;
    this.#directory = new StoreDirectory(files, clock, directory);
    this.#sync = new DiskSync(files, durability);
    this.#format = new ObjectFormat({ codecs, compress, maxBytes, smallBytes, trust });
    this.#reader = new ObjectReader({ files, format: this.#format, smallBytes });
    const parts = { files, clock, directory: this.#directory, reader: this.#reader, sync: this.#sync, durability };
    this.#writer = new ObjectWriter(parts);
    this.#records = new StoreRecords({
      open: () => fileRecordStore(join(this.#directory.root, 'records'), { durability, fileSystem: files }),
      prepare: () => this.#attempt({ doing: 'write', path: this.#directory.root }, () => this.#directory.prepare()),
      settleValues: () => this.flush(),
    });
    if (trust !== undefined) this.trust = trust;
    this.records =
      trust === undefined
        ? this.#records
        : signedRecordStore(this.#records, trust, (warning) => this.#warnings.push(warning));
  }

  /** Records that count as not there, because nobody who is trusted has signed them. */
  takeWarnings(): readonly StoreWarning[] {
    return this.#warnings.splice(0);
  }

  /**
   * Stores a value, or a stream of bytes (`ReadableStream`, `Readable`, async iterable of `Uint8Array`) in flat memory; a
   * stream is loaded as a `Uint8Array`. With `exists` the stored object was checked whole.
   *
   * The value must not change until the promise is settled.
   *
   * @throws MemoError M5001 when the value cannot be stored, or the stream fails.
   * @throws MemoError M5003 when a damaged object has the address; delete it with `deleteOutput`, then store again.
   * @throws MemoError M5006 when the store is read-only, full, or its path cannot be used.
   * @throws MemoError M5002 when the file system refuses otherwise.
   */
  async handleOutput(context: OutputContext, value: unknown): Promise<StoredOutput> {
    const target = this.#target(context);
    try {
      context.signal.throwIfAborted();
      if (this.trust?.canSign === false) throw cannotSign(context, target.path);
      const object = isByteStream(value)
        ? this.#format.encodeStream(context, value)
        : this.#format.encode(context, value);
      return await this.#writer.write(context, target, object);
    } catch (error) {
      if (isByteStream(value)) closeUnread(value);
      throw storeError(this.#files, error, { doing: 'write', path: target.path, context });
    }
  }

  /**
   * @throws MemoError M5004 when the output is not there.
   * @throws MemoError M5003 when its bytes are truncated, changed, foreign, or too large.
   * @throws MemoError M5002 when it cannot be read.
   */
  async loadInput(context: InputContext): Promise<unknown> {
    const { path } = this.#target(context);
    try {
      context.signal.throwIfAborted();
      return await this.#reader.load(context, path);
    } catch (error) {
      throw storeError(this.#files, error, { doing: 'read', path, context });
    }
  }

  /**
   * A stored stream, `Uint8Array` or `Buffer` in chunks, in flat memory. It is read twice: checked whole before the promise is
   * fulfilled, then given. Throws as {@link loadInput}, and a `TypeError` for values that are not bytes.
   */
  async loadStream(context: InputContext): Promise<AsyncIterable<Uint8Array>> {
    const { path } = this.#target(context);
    try {
      context.signal.throwIfAborted();
      return await this.#reader.stream(context, path);
    } catch (error) {
      throw storeError(this.#files, error, { doing: 'read', path, context });
    }
  }

  /** The digest of a value that one of the given codecs takes; `undefined` for a stream, which can be read only once. */
  digestOutput(context: OutputContext, value: unknown): string | undefined {
    return isByteStream(value) ? undefined : this.#format.digest(context, value);
  }

  /** One `lstat`; a plain boolean. @throws MemoError M5002 when the file system cannot tell. */
  hasOutput(context: OutputContext): boolean {
    const target = this.#target(context);
    return this.#attempt(
      { doing: 'look for', path: target.path, context },
      () => isPresent(this.#files, target) && isTrusted(this.#files, this.#format, { context, path: target.path }),
    );
  }

  /** Equal to the single calls, at a third of their cost for thousands of versions of one output. */
  hasOutputs(contexts: readonly OutputContext[]): readonly boolean[] {
    if (this.trust !== undefined) return contexts.map((context) => this.hasOutput(context));
    const place = { doing: 'look for', path: this.#directory.root } as const;
    return this.#attempt(place, () => arePresent(this.#files, this.#targets(contexts)));
  }

  /** Equal to the single calls, at a fraction of their cost for tens of thousands of versions. */
  async hasVersions(outputs: OutputVersions): Promise<Uint8Array> {
    if (this.trust !== undefined)
      return Uint8Array.from({ length: outputs.count }, (_, at) => (this.hasOutput(outputs.context(at)) ? 1 : 0));
    // Loaded by large plans alone.
    const { versionsPresent } = await import('./versions-present.ts');
    const { root } = this.#directory;
    const place = { doing: 'look for', path: root } as const;
    return this.#attempt(place, () =>
      versionsPresent(this.#files, outputDirectory(root, outputs.above), outputs.bytes),
    );
  }

  /**
   * Deletes a value, also a damaged one, and directories that are empty then.
   * @throws MemoError M5006 when the store is read-only, or a directory that no store made has the address.
   */
  deleteOutput(context: OutputContext): boolean {
    const target = this.#target(context);
    const place = { root: this.#directory.root, aside: `${this.#directory.temporaries.next()}.d` };
    return this.#attempt({ doing: 'delete', path: target.path, context }, () =>
      removeObject(this.#files, target, place),
    );
  }

  /** @throws MemoError M5002 when a directory cannot be read. */
  async *listOutputs(): AsyncGenerator<StoredOutputInfo> {
    try {
      yield* listObjects(this.#files, this.#directory.root);
    } catch (error) {
      throw storeError(this.#files, error, { doing: 'list', path: this.#directory.root });
    }
  }

  /** With durability `batch`: resolves when everything stored before the call survives a crash of the machine. */
  async flush(): Promise<void> {
    await this.#sync.flush(this.#directory.root);
  }

  /** Flushes, and closes the records. */
  async dispose(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#records.dispose();
    }
  }

  #target(context: OutputContext): ObjectPath {
    return objectPath(this.#directory.root, context.getOutputIdentifier());
  }

  *#targets(contexts: readonly OutputContext[]): Generator<ObjectPath> {
    for (const context of contexts) yield this.#target(context);
  }

  #attempt<T>(attempt: Attempt, act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw storeError(this.#files, error, attempt);
    }
  }
}
