import { createHash, randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import {
  codecRegistry,
  DEFAULT_MAX_BYTES,
  decodeEnvelope,
  encodeEnvelope,
  fileRecordStore,
  type InputContext,
  type IOManagerCapabilities,
  MemoError,
  type MemoizableIOManager,
  messageOf,
  type OutputContext,
  type OutputVersions,
  type RecordStore,
  recordLeases,
  type StoredOutput,
  type StoredOutputInfo,
  type StoreWarning,
  type TakeLease,
} from '@memo/core/plugin';

/** How long a holder of a lease may be silent, milliseconds. */
export const LEASE_MS = 500;

/** What a manager is allowed, or has room for. */
export interface Limits {
  readonly maxBytes?: number;
  /** So many bytes can be written, then the disk is full. */
  readonly room?: number;
}

/**
 * A small manager that keeps every promise, with one method for each thing that can be done wrong. The defects beside it override
 * one of them.
 */
export class PlainFiles implements MemoizableIOManager {
  readonly name: string = 'plain-files';
  readonly capabilities: IOManagerCapabilities = {
    durable: true,
    shared: true,
    atomicCreate: true,
    streams: true,
  };
  readonly records: RecordStore;
  readonly directory: string;
  readonly lease: TakeLease;
  protected readonly codecs = codecRegistry();
  protected readonly maxBytes: number;
  #room: number;
  #warnings: StoreWarning[] = [];

  constructor(directory: string, { maxBytes = DEFAULT_MAX_BYTES, room = Number.POSITIVE_INFINITY }: Limits = {}) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.#room = room;
    this.records = fileRecordStore(join(directory, 'records'), { durability: 'none' });
    this.lease = this.leases();
  }

  digestOutput({ step, output }: OutputContext, value: unknown): string | undefined {
    if (isStream(value)) return undefined;
    const label = `${step}.${output}`;
    return this.codecs.digestValue(value, this.codecs.encodeValue(value, label), label);
  }

  /** Says that somebody has put a file of his own into the directory. */
  takeWarnings(): readonly StoreWarning[] {
    return this.#warnings.splice(0);
  }

  protected leases(): TakeLease {
    return recordLeases(this.records, { holdMs: LEASE_MS });
  }

  async handleOutput(context: OutputContext, value: unknown): Promise<StoredOutput> {
    context.signal.throwIfAborted();
    const path = this.pathOf(context);
    if (existsSync(join(this.directory, FOREIGN_FILE)))
      this.#warnings.push({ code: 'foreign-file', message: `Nobody knows whose ${FOREIGN_FILE} is.` });
    const bytes = await this.encode(context, value);
    const outcome = await this.publish(path, bytes, context.signal);
    return { outcome, bytes: bytes.length };
  }

  async loadInput(context: InputContext): Promise<unknown> {
    context.signal.throwIfAborted();
    return this.decode(context, await this.read(this.pathOf(context)));
  }

  async hasOutput(context: OutputContext): Promise<boolean> {
    return this.exists(this.pathOf(context));
  }

  async hasOutputs(contexts: readonly OutputContext[]): Promise<readonly boolean[]> {
    return Promise.all(contexts.map((context) => this.hasOutput(context)));
  }

  async hasVersions(outputs: OutputVersions): Promise<Uint8Array> {
    const contexts = Array.from({ length: outputs.count }, (_, at) => outputs.context(at));
    return Uint8Array.from(await this.hasOutputs(contexts), Number);
  }

  async deleteOutput(context: OutputContext): Promise<boolean> {
    const path = this.pathOf(context);
    const there = await this.exists(path);
    await rm(path, { force: true });
    return there;
  }

  async *listOutputs(): AsyncGenerator<StoredOutputInfo> {
    for (const path of await this.files()) {
      const { size, mtimeMs } = await stat(join(this.directory, path));
      yield { identifier: path.split(sep), bytes: size, storedAt: mtimeMs };
    }
  }

  async dispose(): Promise<void> {
    await (this.records as RecordStore & { dispose(): Promise<void> }).dispose();
  }

  protected pathOf(context: OutputContext): string {
    return join(this.directory, ...context.getOutputIdentifier());
  }

  protected async encode(context: OutputContext, value: unknown): Promise<Buffer> {
    const whole = isStream(value) ? await this.collect(value, context.signal) : value;
    const { codec, payload } = this.codecs.encodeValue(whole, `${context.step}.${context.output}`);
    const metadata = { address: context.getOutputIdentifier().join('/') };
    return Buffer.concat(encodeEnvelope({ codec: codec.id, payload, metadata }));
  }

  protected async decode(context: InputContext, bytes: Buffer): Promise<unknown> {
    const { codec, payload, metadata } = decodeEnvelope(bytes, { maxBytes: this.maxBytes });
    if (metadata.address !== context.getOutputIdentifier().join('/'))
      throw new MemoError('M5003', 'of another address');
    return this.codecs.decodeValue(codec, payload);
  }

  /** Writes aside, then gives the whole file its name in one step that fails where the name is taken. */
  protected async publish(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<StoredOutput['outcome']> {
    const temporary = this.temporaryPath();
    try {
      await this.write(temporary, bytes, signal);
      await mkdir(dirname(path), { recursive: true });
      await link(temporary, path);
      return 'created';
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw storeError(error);
      decodeEnvelope(await readFile(path));
      return 'exists';
    } finally {
      await rm(temporary, { force: true }).catch(() => {});
    }
  }

  protected async write(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'w');
    try {
      for (let start = 0; start < bytes.length; start += CHUNK) {
        signal.throwIfAborted();
        const length = Math.min(CHUNK, bytes.length - start, this.#room);
        if (length > 0) await file.write(bytes, start, length);
        this.#room -= length;
        if (length < Math.min(CHUNK, bytes.length - start)) throw new DiskFull();
      }
    } finally {
      await file.close();
    }
  }

  protected async read(path: string): Promise<Buffer> {
    try {
      return await readFile(path);
    } catch (error) {
      if (isMissing(error)) throw new MemoError('M5004', `${path} is not there`);
      throw storeError(error);
    }
  }

  protected async exists(path: string): Promise<boolean> {
    try {
      await access(path, constants.R_OK);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw storeError(error);
    }
  }

  protected temporaryPath(): string {
    return join(this.directory, 'tmp', randomUUID());
  }

  /** The stored outputs, relative to the directory. */
  protected async files(): Promise<string[]> {
    const entries = await readdir(this.directory, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(this.directory, join(entry.parentPath, entry.name)))
      .filter((path) => /^(?:outputs|runs)/.test(path));
  }

  protected async collect(stream: AsyncIterable<unknown>, signal: AbortSignal): Promise<Uint8Array> {
    const iterator = stream[Symbol.asyncIterator]();
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    const pieces: Uint8Array[] = [];
    try {
      for (;;) {
        const next = await Promise.race([iterator.next(), aborted]);
        if (next.done === true) return new Uint8Array(Buffer.concat(pieces));
        if (!(next.value instanceof Uint8Array)) throw new Error('a chunk is not bytes');
        pieces.push(next.value);
      }
    } catch (error) {
      void iterator.return?.();
      throw signal.aborted ? error : new MemoError('M5001', messageOf(error), { cause: error });
    }
  }
}

export function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null)?.code;
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function storeError(error: unknown): unknown {
  if (typeof codeOf(error) !== 'string' || MemoError.is(error)) return error;
  return new MemoError(codeOf(error) === 'ENOSPC' ? 'M5006' : 'M5002', messageOf(error), { cause: error });
}

class DiskFull extends Error {
  readonly code = 'ENOSPC';
}

/** What somebody else may leave in the directory. */
export const FOREIGN_FILE = 'foreign.txt';

const CHUNK = 16_384;
