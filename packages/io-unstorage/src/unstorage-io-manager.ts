import {
  type Codec,
  cannotSign,
  DEFAULT_MAX_BYTES,
  type InputContext,
  type IOManagerCapabilities,
  MemoError,
  type MemoizableIOManager,
  notFound,
  ObjectFormat,
  type OutputContext,
  type StoredOutput,
  type StoredOutputInfo,
  type Trust,
} from '@memo/core/plugin';
import { capabilitiesOf, type DriverCapabilities } from './driver-capabilities.ts';
import type { KeyValueStorage } from './key-value-storage.ts';
import { PointedValues } from './pointed-values.ts';

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
  /**
   * Whose values count, and what signs them, for a storage that others can write to. A look then reads the whole value, because drivers give no
   * parts of one. Default: everything that is there counts.
   */
  readonly trust?: Trust;
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
  /** Whose values count. */
  declare readonly trust?: Trust;
  readonly #values: PointedValues;
  readonly #format: ObjectFormat;

  constructor(storage: KeyValueStorage, options: UnstorageIOManagerOptions = {}) {
    const { base = 'memo', codecs = [], maxBytes = DEFAULT_MAX_BYTES, trust } = options;
    const driver = storage.getMount?.('').driver;
    this.name = `unstorage:${driver?.name ?? 'custom'}`;
    this.capabilities = { ...capabilitiesOf(driver?.name), ...options.capabilities };
    this.#values = new PointedValues(storage, { name: this.name, base });
    // Drivers take whole values, whatever their size.
    this.#format = new ObjectFormat({ codecs, maxBytes, trust, compress: false, smallBytes: Number.MAX_SAFE_INTEGER });
    if (trust !== undefined) this.trust = trust;
    if (driver === undefined || driver.getKeys !== undefined) this.listOutputs = () => list(this.#values);
  }

  /**
   * @throws MemoError M5001 for a value that cannot be stored, M5002 when the storage fails, M5006 when it keeps nothing, or there is no key to
   *   sign with.
   */
  async handleOutput(context: OutputContext, value: unknown): Promise<StoredOutput> {
    context.signal.throwIfAborted();
    const key = keyOf(context);
    if (this.trust?.canSign === false) throw cannotSign(context, key);
    const { pieces, codec } = this.#format.encode(context, value);
    const bytes = Buffer.concat(pieces as readonly Uint8Array[]);
    const taken = await this.#whole(context);
    if (taken !== undefined) return { outcome: 'exists', ...taken };
    return { outcome: await this.#values.write(key, bytes, context.signal), bytes: bytes.length, codec };
  }

  /** @throws MemoError M5004 when it is not there, M5003 when its bytes were changed, M5002 when the storage fails. */
  async loadInput(context: InputContext): Promise<unknown> {
    context.signal.throwIfAborted();
    const key = keyOf(context);
    const bytes = await this.#values.read(key);
    if (bytes === undefined) throw notFound(context, key);
    return this.#format.decode(context, bytes, key);
  }

  /** @throws MemoError M5002 when the storage cannot tell. */
  async hasOutput(context: OutputContext): Promise<boolean> {
    const key = keyOf(context);
    if (this.trust === undefined) return this.#values.has(key);
    const end = (await this.#values.read(key))?.subarray(-this.#format.endBytes);
    return end !== undefined && this.#format.isTrustedEnd(context, end, key);
  }

  /** The digest of a value that one of the given codecs takes. */
  digestOutput(context: OutputContext, value: unknown): string {
    return this.#format.digest(context, value);
  }

  /** @throws MemoError M5002 when the storage fails. */
  deleteOutput(context: OutputContext): Promise<boolean> {
    return this.#values.remove(keyOf(context));
  }

  /** What is known of the value at an address; `undefined` when there is none, or none that is whole and counts. */
  async #whole(context: OutputContext): Promise<Omit<StoredOutput, 'outcome'> | undefined> {
    const key = keyOf(context);
    try {
      const bytes = await this.#values.read(key);
      if (bytes === undefined) return undefined;
      const { codec, contentDigest } = this.#format.inspect(context, bytes, key);
      return { bytes: bytes.length, codec, ...(contentDigest === undefined ? {} : { contentDigest }) };
    } catch (error) {
      if (MemoError.is(error, 'M5003')) return undefined;
      throw error;
    }
  }
}

async function* list(values: PointedValues): AsyncGenerator<StoredOutputInfo> {
  for (const kind of ['outputs', 'runs']) yield* values.list(kind);
}

/** Drivers that keep files make a directory of each part. */
function keyOf(context: OutputContext): string {
  return context.getOutputIdentifier().join(':');
}
