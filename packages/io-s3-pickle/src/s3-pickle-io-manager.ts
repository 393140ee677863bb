import {
  CHUNK_BYTES,
  cannotSign,
  closeUnread,
  type InputContext,
  type IOManagerCapabilities,
  isByteStream,
  type MemoizableIOManager,
  ObjectFormat,
  type OutputContext,
  type OutputVersions,
  type RecordStore,
  recordLeases,
  type StoredOutput,
  type StoredOutputInfo,
  type StoreWarning,
  signedRecordStore,
  type TakeLease,
  type Trust,
} from '@memo/core/plugin';
import { Bucket } from './bucket.ts';
import { BulkPresence } from './bulk-presence.ts';
import { identifierOfKey, outputKey } from './object-key.ts';
import { ObjectReader } from './object-reader.ts';
import { ObjectWriter } from './object-writer.ts';
import { type CheckedOptions, checkedOptions, type S3PickleOptions } from './options.ts';
import { PresenceIndex } from './presence-index.ts';
import { readObject } from './read-object.ts';
import { S3Connection } from './s3-connection.ts';
import { type Attempt, readOnlyError, s3Error } from './s3-errors.ts';
import { S3Records } from './s3-records.ts';

/**
 * Stores outputs as objects of a bucket, for example `s3Pickle({ bucket: 'results', prefix: 'team' })`. Any number of machines may share it.
 * Nothing is asked, and the SDK not loaded, before the first use.
 */
export function s3Pickle(options: S3PickleOptions): S3PickleIOManager {
  return new S3PickleIOManager(options);
}

/** The IO manager that {@link s3Pickle} makes. */
export class S3PickleIOManager implements MemoizableIOManager {
  readonly name: string;
  /** Bindings, commits and pins, below `records/` beside the values. */
  readonly records: RecordStore;
  /** Whose objects and records count. */
  declare readonly trust?: Trust;
  /** With the option `leases`, where the store can be written. */
  declare readonly lease?: TakeLease;
  readonly #options: CheckedOptions;
  readonly #connection: S3Connection;
  readonly #bucket: Bucket;
  readonly #index: PresenceIndex;
  readonly #bulk: BulkPresence;
  readonly #format: ObjectFormat;
  readonly #reader: ObjectReader;
  readonly #writer: ObjectWriter;
  readonly #records: S3Records;
  readonly #warnings: StoreWarning[] = [];

  /** Throws a `TypeError` for options that no server could make sense of. */
  constructor(options: S3PickleOptions) {
    const checked = checkedOptions(options);
    const { codecs, compress, maxBytes, partBytes, prefix, readOnly, trust } = checked;
    const urlOf = (key: string) => `s3://${checked.bucket}/${key}`;
    this.name = urlOf(prefix.replace(/\/$/, ''));
    this.#options = checked;
    this.#connection = new S3Connection(checked);
    const bucket = new Bucket(this.#connection, checked);
    this.#bucket = bucket;
    this.#index = new PresenceIndex({ bucket, prefix: `${prefix}index/`, trust });
    this.#bulk = new BulkPresence({
      bucket,
      prefix,
      index: checked.presence === 'ask' ? undefined : this.#index,
      // A listing does not say who has signed.
      lookAt: trust && ((context, key) => this.#isThere(context, key)),
    });
    // Parts of another size are digested by the SDK, later than by us: what changes in between would be stored, and be damaged.
    const sharesMemory = partBytes === CHUNK_BYTES;
    this.#format = new ObjectFormat({ codecs, compress, maxBytes, smallBytes: partBytes, sharesMemory, trust });
    this.#reader = new ObjectReader({ bucket, format: this.#format, urlOf, smallBytes: SMALL_BYTES });
    this.#writer = new ObjectWriter({ bucket, reader: this.#reader, urlOf, partBytes });
    const beforeListing = () => this.#flushIndex();
    this.#records = new S3Records({ bucket, prefix: `${prefix}records/`, urlOf, readOnly, beforeListing });
    if (trust !== undefined) this.trust = trust;
    this.records =
      trust === undefined
        ? this.#records
        : signedRecordStore(this.#records, trust, (warning) => this.#warnings.push(warning));
    const { leases } = checked;
    if (leases === false || readOnly || trust?.canSign === false) return;
    this.lease = recordLeases(this.records, leases === true ? {} : leases);
  }

  /** `atomicCreate` is true until the server is seen to ignore or refuse conditional writes. */
  get capabilities(): IOManagerCapabilities {
    return { durable: true, shared: true, streams: true, atomicCreate: !this.#bucket.ignoresConditions };
  }

  /** Records that count as not there, because nobody who is trusted has signed them. */
  takeWarnings(): readonly StoreWarning[] {
    return this.#warnings.splice(0);
  }

  /**
   * Stores a value, or a stream of bytes (`ReadableStream`, `Readable`, async iterable of `Uint8Array`) in flat memory; a stream is loaded as
   * a `Uint8Array`. The value must not change until the promise is settled.
   *
   * @throws MemoError M5001 when the value cannot be stored, or the stream fails.
   * @throws MemoError M5003 when a damaged object has the address; delete it with `deleteOutput`, then store again.
   * @throws MemoError M5006 when the store is read-only, or the credentials do not allow to write.
   * @throws MemoError M5002 when the server refuses otherwise, or cannot be reached.
   */
  async handleOutput(context: OutputContext, value: unknown): Promise<StoredOutput> {
    const key = this.#keyOf(context);
    try {
      context.signal.throwIfAborted();
      if (this.#options.readOnly) throw readOnlyError('write', this.#urlOf(key));
      if (this.#options.trust?.canSign === false) throw cannotSign(context, this.#urlOf(key));
      const object = isByteStream(value)
        ? this.#format.encodeStream(context, value)
        : this.#format.encode(context, value);
      const stored = await this.#writer.write(context, key, object);
      this.#index.add(key);
      return stored;
    } catch (error) {
      if (isByteStream(value)) closeUnread(value);
      throw s3Error(error, { doing: 'write', url: this.#urlOf(key), context });
    }
  }

  /**
   * @throws MemoError M5004 when the output is not there.
   * @throws MemoError M5003 when its bytes are truncated, changed, foreign, or too large, also when they are read a second time.
   * @throws MemoError M5002 when it cannot be read.
   */
  loadInput(context: InputContext): Promise<unknown> {
    const key = this.#keyOf(context);
    return this.#attempt({ doing: 'read', url: this.#urlOf(key), context }, () => this.#reader.load(context, key));
  }

  /**
   * A stored stream, `Uint8Array` or `Buffer` in chunks, in flat memory. It is read twice: checked whole before the promise is fulfilled, then
   * given. Throws as {@link loadInput}, and a `TypeError` for values that are not bytes.
   */
  loadStream(context: InputContext): Promise<AsyncIterable<Uint8Array>> {
    const key = this.#keyOf(context);
    return this.#attempt({ doing: 'read', url: this.#urlOf(key), context }, () => this.#reader.stream(context, key));
  }

  /** The digest of a value that one of the given codecs takes; `undefined` for a stream, which can be read only once. */
  digestOutput(context: OutputContext, value: unknown): string | undefined {
    return isByteStream(value) ? undefined : this.#format.digest(context, value);
  }

  /** One HEAD. @throws MemoError M5002 when the server cannot tell. */
  hasOutput(context: OutputContext): Promise<boolean> {
    const key = this.#keyOf(context);
    return this.#attempt({ doing: 'look for', url: this.#urlOf(key), context }, () => this.#isThere(context, key));
  }

  /** From the index, and for what that does not cover by listing or HEADs, whichever costs less. @throws MemoError M5002 */
  hasOutputs(contexts: readonly OutputContext[]): Promise<readonly boolean[]> {
    const keys = contexts.map((each) => this.#keyOf(each));
    const attempt = { doing: 'look for', url: this.name, signal: contexts[0]?.signal ?? NEVER } as const;
    return this.#attempt(attempt, () => this.#bulk.outputs(contexts, keys));
  }

  /** The same for many versions, at a fraction of the cost of tens of thousands. @throws MemoError M5002 */
  hasVersions(outputs: OutputVersions): Promise<Uint8Array> {
    const signal = outputs.count === 0 ? NEVER : outputs.context(0).signal;
    return this.#attempt({ doing: 'look for', url: this.name, signal }, () => this.#bulk.versions(outputs));
  }

  /** @throws MemoError M5006 when the store is read-only, or the credentials do not allow to delete. */
  deleteOutput(context: OutputContext): Promise<boolean> {
    const key = this.#keyOf(context);
    const { signal } = context;
    return this.#attempt({ doing: 'delete', url: this.#urlOf(key), context }, async () => {
      const { readOnly, trust } = this.#options;
      if (readOnly) throw readOnlyError('delete', this.#urlOf(key));
      if ((await this.#bucket.head(key, { signal })) === undefined) return false;
      if (trust?.canSign !== false) await this.#index.noteDeletion(key, signal);
      await this.#bucket.remove(key, { signal });
      return true;
    });
  }

  /** @throws MemoError M5002 when the server cannot tell; the reason of an aborted signal. */
  async *listOutputs(options: { readonly signal?: AbortSignal | undefined } = {}): AsyncGenerator<StoredOutputInfo> {
    const { prefix } = this.#options;
    const { signal = NEVER } = options;
    try {
      for (const kind of ['outputs/', 'runs/']) {
        for await (const page of this.#bucket.list(prefix + kind, { signal })) {
          for (const { key, bytes, storedAt } of page) {
            const identifier = identifierOfKey(prefix, key);
            if (identifier !== undefined) yield { identifier, bytes, storedAt };
          }
        }
      }
    } catch (error) {
      throw s3Error(error, { doing: 'list', url: this.name, signal });
    }
  }

  /** Writes what waits, of records and of the index, and closes the connections of the client, unless it is yours. */
  async dispose(): Promise<void> {
    try {
      await this.#flushIndex();
      await this.#records.settle();
    } finally {
      this.#connection.dispose();
    }
  }

  async #isThere(context: OutputContext, key: string): Promise<boolean> {
    const { signal } = context;
    const { endBytes } = this.#format;
    if (endBytes === 0) return (await this.#bucket.head(key, { signal })) !== undefined;
    const end = await readObject(this.#bucket, { key, from: -endBytes }, { signal });
    return end !== undefined && this.#format.isTrustedEnd(context, end.bytes, this.#urlOf(key));
  }

  /** An index that could not be written costs time, and nothing else. */
  async #flushIndex(): Promise<void> {
    const { readOnly, presence, trust } = this.#options;
    if (readOnly || presence === 'ask' || trust?.canSign === false) return;
    await this.#index.flush(NEVER).catch(() => {});
  }

  #keyOf(context: OutputContext): string {
    return outputKey(this.#options.prefix, context.getOutputIdentifier());
  }

  #urlOf(key: string): string {
    return `s3://${this.#options.bucket}/${key}`;
  }

  async #attempt<T>(attempt: Attempt, act: () => Promise<T>): Promise<T> {
    try {
      (attempt.context?.signal ?? attempt.signal)?.throwIfAborted();
      return await act();
    } catch (error) {
      throw s3Error(error, attempt);
    }
  }
}

const SMALL_BYTES = 1024 * 1024;
const NEVER: AbortSignal = new AbortController().signal;
