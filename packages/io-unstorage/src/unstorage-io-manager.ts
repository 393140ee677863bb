import {
  type Codec,
  type CodecRegistry,
  codecRegistry,
  DEFAULT_MAX_BYTES,
  decodeEnvelope,
  encodeEnvelope,
  type InputContext,
  type IOManagerCapabilities,
  MemoError,
  type MemoizableIOManager,
  type OutputContext,
  type StoredOutput,
  type StoredOutputInfo,
} from '@memo/core/plugin';
import { capabilitiesOf, type DriverCapabilities } from './driver-capabilities.ts';
import type { KeyValueStorage } from './key-value-storage.ts';
import { asPointer, newPointer, type Pointer, storedPointer } from './pointer.ts';
import { damaged, notFound, readOnly, unavailable } from './storage-errors.ts';

/** Options of {@link unstorageIOManager}. */
export interface UnstorageIOManagerOptions {
  /** Begins every key. Default `memo`. */
  readonly base?: string;
  /** Codecs that are asked before the built-in ones. Default none. */
  readonly codecs?: readonly Codec[];
  /** What the driver promises. Default: what is known of it by its name; nothing for others. */
  readonly capabilities?: DriverCapabilities;
  /** The largest value that is loaded, in bytes; larger ones count as damaged. Default 4 GB. */
  readonly maxBytes?: number;
}

/**
 * Keeps outputs in an `unstorage` storage, whose driver may be Redis, a blob store, a database or a directory.
 *
 * @param storage From `createStorage({ driver })`. It stays yours: who opened it disposes it.
 */
export function unstorageIOManager(
  storage: KeyValueStorage,
  options: UnstorageIOManagerOptions = {},
): UnstorageIOManager {
  return new UnstorageIOManager(storage, options);
}

/** The IO manager that {@link unstorageIOManager} makes. */
export class UnstorageIOManager implements MemoizableIOManager {
  readonly name: string;
  readonly capabilities: IOManagerCapabilities;
  /** Missing where the driver cannot list its keys. */
  readonly listOutputs?: () => AsyncGenerator<StoredOutputInfo>;
  readonly #storage: KeyValueStorage;
  readonly #base: string;
  readonly #codecs: CodecRegistry;
  readonly #maxBytes: number;

  constructor(storage: KeyValueStorage, options: UnstorageIOManagerOptions = {}) {
    const driver = storage.getMount?.('').driver;
    this.name = `unstorage:${driver?.name ?? 'custom'}`;
    this.capabilities = { ...capabilitiesOf(driver?.name), ...options.capabilities };
    this.#storage = storage;
    this.#base = options.base ?? 'memo';
    this.#codecs = codecRegistry(options.codecs);
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    if (driver === undefined || driver.getKeys !== undefined) this.listOutputs = () => this.#list();
  }

  /**
   * Stores the value under a key of its own, then writes where it is.
   *
   * @throws MemoError M5001 for a value that cannot be stored, M5002 when the storage fails, M5006 when it keeps nothing.
   */
  async handleOutput(context: OutputContext, value: unknown): Promise<StoredOutput> {
    context.signal.throwIfAborted();
    const { codec, payload } = this.#codecs.encodeValue(value, `${context.step}.${context.output}`);
    const address = context.getOutputIdentifier().join('/');
    const { contentDigest } = context;
    const metadata = contentDigest === undefined ? { address } : { address, contentDigest };
    const bytes = Buffer.concat(encodeEnvelope({ codec: codec.id, payload, metadata }));
    const taken = await this.#whole(context);
    if (taken !== undefined) return { outcome: 'exists', bytes: taken.bytes };
    const outcome = await this.#publish(context, bytes);
    return { outcome, bytes: bytes.length, codec: codec.id };
  }

  /** @throws MemoError M5004 when it is not there, M5003 when its bytes were changed, M5002 when the storage fails. */
  async loadInput(context: InputContext): Promise<unknown> {
    context.signal.throwIfAborted();
    const pointer = await this.#pointer(context);
    if (pointer === undefined) throw notFound(context);
    const loaded = await this.#load(context, pointer);
    if (loaded !== undefined) return loaded.value;
    // Whoever wrote at the same time, and lost, took its value away.
    const newer = await this.#pointer(context);
    const again = newer && newer.value !== pointer.value ? await this.#load(context, newer) : undefined;
    if (again === undefined) throw notFound(context);
    return again.value;
  }

  /** @throws MemoError M5002 when the storage cannot tell. */
  async hasOutput(context: OutputContext): Promise<boolean> {
    const pointer = await this.#pointer(context);
    return (
      pointer !== undefined && (await this.#call('look for', () => this.#storage.hasItem(this.#valueKey(pointer))))
    );
  }

  /** @throws MemoError M5002 when the storage fails. */
  async deleteOutput(context: OutputContext): Promise<boolean> {
    const key = this.#keyOf(context);
    const pointer = await this.#pointer(context);
    const there = pointer !== undefined || (await this.#call('look for', () => this.#storage.hasItem(key)));
    await this.#call('delete', () => this.#storage.removeItem(key));
    if (pointer !== undefined) await this.#call('delete', () => this.#storage.removeItem(this.#valueKey(pointer)));
    return there;
  }

  async #publish(context: OutputContext, bytes: Uint8Array): Promise<StoredOutput['outcome']> {
    const pointer = newPointer(bytes.length);
    let kept: Pointer | undefined;
    try {
      await this.#call('write', () => this.#storage.setItemRaw(this.#valueKey(pointer), bytes));
      context.signal.throwIfAborted();
      await this.#call('write', () => this.#storage.setItem(this.#keyOf(context), storedPointer(pointer) as never));
      kept = await this.#keptPointer(context);
    } finally {
      if (kept?.value !== pointer.value) await this.#storage.removeItem(this.#valueKey(pointer)).catch(() => {});
    }
    return kept.value === pointer.value ? 'created' : 'exists';
  }

  /** Whose pointer is at an address after one was written there. */
  async #keptPointer(context: OutputContext): Promise<Pointer> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const kept = await this.#pointer(context);
      if (kept !== undefined) return kept;
      // Another writer may be in the middle of its own.
      await new Promise(setImmediate);
    }
    throw readOnly(context, this.name);
  }

  /** Where the value is, once it was loaded whole; `undefined` when it is not there or damaged. */
  async #whole(context: OutputContext): Promise<Pointer | undefined> {
    const pointer = await this.#pointer(context);
    if (pointer === undefined) return undefined;
    try {
      return (await this.#load(context, pointer)) && pointer;
    } catch (error) {
      if (MemoError.is(error, 'M5003')) return undefined;
      throw error;
    }
  }

  async #load(context: OutputContext, pointer: Pointer): Promise<{ readonly value: unknown } | undefined> {
    const raw = await this.#call('read', () => this.#storage.getItemRaw(this.#valueKey(pointer)));
    if (raw === null || raw === undefined) return undefined;
    if (!(raw instanceof Uint8Array)) throw damaged(context, 'it is not bytes');
    const label = `${context.step}.${context.output}`;
    // A copy, because a driver may hand out what it holds.
    const { codec, payload, metadata } = decodeEnvelope(Buffer.from(raw), { label, maxBytes: this.#maxBytes });
    const address = context.getOutputIdentifier().join('/');
    if (metadata.address !== address) throw damaged(context, 'it holds the value of another address');
    return { value: this.#codecs.decodeValue(codec, payload, label) };
  }

  async #pointer(context: OutputContext): Promise<Pointer | undefined> {
    return asPointer(await this.#call('read', () => this.#storage.getItem(this.#keyOf(context))));
  }

  async *#list(): AsyncGenerator<StoredOutputInfo> {
    for (const kind of ['outputs', 'runs']) {
      const keys = await this.#call('list', () => this.#storage.getKeys(`${this.#base}:${kind}`));
      for (const key of keys) {
        const pointer = asPointer(await this.#call('list', () => this.#storage.getItem(key)));
        if (pointer === undefined) continue;
        const identifier = key.slice(this.#base.length + 1).split(':');
        yield { identifier, bytes: pointer.bytes, storedAt: pointer.storedAt };
      }
    }
  }

  #keyOf(context: OutputContext): string {
    return [this.#base, ...context.getOutputIdentifier()].join(':');
  }

  #valueKey({ value }: Pointer): string {
    return `${this.#base}:values:${value}`;
  }

  async #call<T>(doing: string, act: () => Promise<T>): Promise<T> {
    try {
      const answer = await act();
      // The drivers of files give errors of the file system as values.
      if (answer instanceof Error) throw answer;
      return answer;
    } catch (error) {
      throw unavailable(this.name, doing, error);
    }
  }
}

const ATTEMPTS = 100;
