import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { OutputContext } from '../io/io-contexts.ts';
import type { IOManagerCapabilities, MemoizableIOManager, StoredOutput } from '../io/io-manager.ts';
import type { RecordStore } from '../io/record-store.ts';
import { memoryRecordStore } from '../records/memory-record-store.ts';
import { signedRecordStore } from '../records/signed-record-store.ts';
import { isByteStream } from '../stored/byte-stream.ts';
import type { ObjectFormat } from '../stored/object-format.ts';
import { notFound } from '../stored/output-errors.ts';
import type { Trust } from '../trust/trust.ts';
import {
  BUNDLE_MAGIC,
  BUNDLE_SCHEMA,
  type BundledRecord,
  type BundledValue,
  encodeIndex,
  type Stretch,
  sha256,
} from './bundle-layout.ts';

/** A bundle that is being written: beside its place first, and there only when it is whole. */
export class BundleWriter {
  /** The records of what is in it. */
  readonly records: RecordStore;
  readonly #plainRecords: RecordStore = memoryRecordStore();
  readonly #file: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #signal: AbortSignal | undefined;
  readonly #values: BundledValue[] = [];
  #at = 0;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: string, opened: OpenedFile, { trust, signal }: WriterOptions) {
    this.#file = file;
    this.#temporary = opened.temporary;
    this.#handle = opened.handle;
    this.#signal = signal;
    this.records = trust === undefined ? this.#plainRecords : signedRecordStore(this.#plainRecords, trust);
  }

  /** @throws MemoError M5006 when there can be no such file. */
  static async create(file: string, options: WriterOptions): Promise<BundleWriter> {
    const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
    const handle = await written(file, () => open(temporary, 'wx'));
    const writer = new BundleWriter(file, { temporary, handle }, options);
    try {
      await writer.#add([BUNDLE_MAGIC]);
      return writer;
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }

  get values(): number {
    return this.#values.length;
  }

  /** Adds a value; values come one after the other, whoever adds them. @throws MemoError M5006 */
  async addValue(io: string, identifier: readonly string[], pieces: Pieces): Promise<Stretch> {
    const stretch = await this.#add(pieces);
    this.#values.push({ io, identifier, ...stretch });
    return stretch;
  }

  /** Writes the records and the index, and puts the bundle in its place; gives its size. @throws MemoError M5006; the reason of an aborted signal. */
  async finish(): Promise<number> {
    const records: BundledRecord[] = [];
    for (const { name } of await this.#plainRecords.segments())
      records.push(await this.#addRecord('segment', name, await this.#plainRecords.read(name, 0)));
    for (const name of await this.#plainRecords.documents('')) {
      const document = await this.#plainRecords.getDocument(name);
      if (document !== undefined) records.push(await this.#addRecord('document', name, document.bytes));
    }
    await this.#add([encodeIndex({ schema: BUNDLE_SCHEMA, values: this.#values, records })]);
    this.#signal?.throwIfAborted();
    await written(this.#file, async () => {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#temporary, this.#file);
    });
    return this.#at;
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporary, { force: true });
  }

  async #addRecord(kind: BundledRecord['kind'], name: string, bytes: Uint8Array): Promise<BundledRecord> {
    return { kind, name, sha256: sha256(bytes).toString('hex'), ...(await this.#add([bytes])) };
  }

  #add(pieces: Pieces): Promise<Stretch> {
    const added = this.#last.then(() => this.#append(pieces));
    this.#last = added.catch(() => undefined);
    return added;
  }

  async #append(pieces: Pieces): Promise<Stretch> {
    const at = this.#at;
    for await (const piece of pieces) {
      this.#signal?.throwIfAborted();
      await written(this.#file, async () => {
        await this.#handle.writeFile(piece);
        this.#at += piece.byteLength;
      });
    }
    return { at, length: this.#at - at };
  }
}

/** What a bundle is written with. */
export interface WriterOptions {
  /** What signs its records and values. */
  readonly trust: Trust | undefined;
  /** Ends the writing. */
  readonly signal: AbortSignal | undefined;
}

interface OpenedFile {
  readonly temporary: string;
  readonly handle: FileHandle;
}

type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** The values of one manager in a bundle that is being written. */
export class BundleTarget implements MemoizableIOManager {
  readonly name: string = 'bundle';
  readonly capabilities: IOManagerCapabilities = { atomicCreate: true };
  readonly records: RecordStore;
  readonly #writer: BundleWriter;
  readonly #io: string;
  readonly #format: ObjectFormat;
  readonly #added = new Map<string, Promise<StoredOutput>>();

  constructor(writer: BundleWriter, io: string, format: ObjectFormat) {
    this.records = writer.records;
    this.#writer = writer;
    this.#io = io;
    this.#format = format;
  }

  async handleOutput(context: OutputContext, value: unknown): Promise<StoredOutput> {
    const key = keyOf(context);
    const there = this.#added.get(key);
    if (there !== undefined) return { ...(await there), outcome: 'exists' };
    const added = this.#add(context, value);
    this.#added.set(key, added);
    return added;
  }

  hasOutput(context: OutputContext): boolean {
    return this.#added.has(keyOf(context));
  }

  /** A bundle is read when it is whole. */
  loadInput(context: OutputContext): never {
    throw notFound(context, this.name);
  }

  async #add(context: OutputContext, value: unknown): Promise<StoredOutput> {
    const object = isByteStream(value)
      ? this.#format.encodeStream(context, value)
      : this.#format.encode(context, value);
    const identifier = context.getOutputIdentifier();
    const { length } = await this.#writer.addValue(this.#io, identifier, object.pieces);
    const contentDigest = object.contentDigest();
    const digest = contentDigest === undefined ? {} : { contentDigest };
    return { outcome: 'created', bytes: length, codec: object.codec, ...digest };
  }
}

function keyOf(context: OutputContext): string {
  return context.getOutputIdentifier().join('/');
}

async function written<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new MemoError('M5006', `${file} cannot be written: ${messageOf(cause)}`, {
      fix: 'Name a file in a directory that you may write to, on a disk with room for it.',
      details: { path: file },
      cause,
    });
  }
}
