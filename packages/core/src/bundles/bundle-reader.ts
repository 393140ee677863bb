import { type FileHandle, open } from 'node:fs/promises';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { InputContext, OutputContext } from '../io/io-contexts.ts';
import type {
  IOManagerCapabilities,
  MemoizableIOManager,
  StoredOutput,
  StoredOutputInfo,
  StoreWarning,
} from '../io/io-manager.ts';
import type { RecordStore } from '../io/record-store.ts';
import { memoryRecordStore } from '../records/memory-record-store.ts';
import { signedRecordStore } from '../records/signed-record-store.ts';
import type { ObjectFormat } from '../stored/object-format.ts';
import { notFound } from '../stored/output-errors.ts';
import type { Trust } from '../trust/trust.ts';
import {
  BUNDLE_MAGIC,
  BUNDLE_TAIL_BYTES,
  type BundledRecord,
  type BundledValue,
  type BundleIndex,
  checkStretches,
  decodeIndex,
  indexLength,
  noBundle,
  type Stretch,
  sha256,
} from './bundle-layout.ts';

/** What a bundle is read with. */
export interface ReaderOptions {
  /** Whose records and values count. */
  readonly trust: Trust | undefined;
  readonly signal: AbortSignal | undefined;
}

interface OpenedBundle {
  readonly handle: FileHandle;
  readonly index: BundleIndex;
  readonly records: RecordStore;
  readonly warnings: readonly StoreWarning[];
}

/** A bundle that is read. Its bytes are hostile until they were checked: nothing in it says where something is written. */
export class BundleReader {
  readonly file: string;
  readonly index: BundleIndex;
  /** The records of what is in it; with `trust`, those that somebody has signed who is accepted. */
  readonly records: RecordStore;
  /** What counts as not there, because nobody who is accepted has signed it; filled while the records are read. */
  readonly warnings: readonly StoreWarning[];
  readonly #handle: FileHandle;

  private constructor(file: string, opened: OpenedBundle) {
    this.file = file;
    this.#handle = opened.handle;
    this.index = opened.index;
    this.records = opened.records;
    this.warnings = opened.warnings;
  }

  /**
   * @throws MemoError M5003 for a file that is no whole bundle.
   * @throws MemoError M5002 for a file that cannot be read.
   * @throws the reason of an aborted signal.
   */
  static async open(file: string, { trust, signal }: ReaderOptions): Promise<BundleReader> {
    const handle = await opened(file);
    try {
      const index = await readIndex(handle, file);
      const records = memoryRecordStore();
      for (const record of index.records) {
        signal?.throwIfAborted();
        await addRecord(records, record, { handle, file });
      }
      const warnings: StoreWarning[] = [];
      const counting =
        trust === undefined ? records : signedRecordStore(records, trust, (warning) => warnings.push(warning));
      return new BundleReader(file, { handle, index, records: counting, warnings });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The bytes of a value. @throws MemoError M5003 where the file has become shorter. */
  read(stretch: Stretch): Promise<Buffer> {
    return readStretch(this.#handle, stretch, this.file);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** The values of one manager in a bundle. */
export class BundleSource implements MemoizableIOManager {
  readonly name: string;
  readonly capabilities: IOManagerCapabilities = {};
  readonly records: RecordStore;
  readonly #reader: BundleReader;
  readonly #format: ObjectFormat;
  readonly #values = new Map<string, BundledValue>();

  constructor(reader: BundleReader, io: string, format: ObjectFormat) {
    this.name = `bundle:${reader.file}`;
    this.records = reader.records;
    this.#reader = reader;
    this.#format = format;
    for (const value of reader.index.values) if (value.io === io) this.#values.set(value.identifier.join('/'), value);
  }

  /** A bundle is written whole. */
  handleOutput(): StoredOutput {
    throw new MemoError('M5006', `${this.name} is only read.`, { details: { path: this.#reader.file } });
  }

  hasOutput(context: OutputContext): boolean {
    return this.#values.has(keyOf(context));
  }

  async loadInput(context: InputContext): Promise<unknown> {
    context.signal.throwIfAborted();
    const value = this.#values.get(keyOf(context));
    if (value === undefined) throw notFound(context, this.#reader.file);
    return this.#format.decode(context, await this.#reader.read(value), this.#reader.file);
  }

  digestOutput(context: OutputContext, value: unknown): string {
    return this.#format.digest(context, value);
  }

  async *listOutputs(): AsyncGenerator<StoredOutputInfo> {
    for (const { identifier, length } of this.#values.values()) yield { identifier, bytes: length, storedAt: 0 };
  }
}

async function opened(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    throw new MemoError('M5002', `${file} cannot be read: ${messageOf(cause)}`, {
      fix: 'Name a file that memo cache export wrote.',
      details: { path: file },
      cause,
    });
  }
}

async function readIndex(handle: FileHandle, file: string): Promise<BundleIndex> {
  const { size } = await handle.stat();
  if (size < BUNDLE_MAGIC.length + BUNDLE_TAIL_BYTES) throw noBundle(file, 'it is too short');
  const magic = await readStretch(handle, { at: 0, length: BUNDLE_MAGIC.length }, file);
  if (!magic.equals(BUNDLE_MAGIC)) throw noBundle(file, 'it does not begin as a bundle does');
  const tail = await readStretch(handle, { at: size - BUNDLE_TAIL_BYTES, length: BUNDLE_TAIL_BYTES }, file);
  const length = indexLength(tail, size, file);
  const at = size - BUNDLE_TAIL_BYTES - length;
  const index = decodeIndex(await readStretch(handle, { at, length }, file), tail, file);
  checkStretches(index, at, file);
  return index;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly file: string;
}

async function addRecord(records: RecordStore, record: BundledRecord, { handle, file }: OpenFile): Promise<void> {
  const bytes = await readStretch(handle, record, file);
  if (sha256(bytes).toString('hex') !== record.sha256) throw noBundle(file, `its ${record.kind} was changed`);
  if (record.kind === 'segment') await records.append(record.name, bytes);
  else await records.putDocument(record.name, bytes, undefined);
}

async function readStretch(handle: FileHandle, { at, length }: Stretch, file: string): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) throw noBundle(file, 'it ends too early');
    done += bytesRead;
  }
  return bytes;
}

function keyOf(context: OutputContext): string {
  return context.getOutputIdentifier().join('/');
}
