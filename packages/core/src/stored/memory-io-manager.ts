import { MemoError } from '../errors/memo-error.ts';
import type { InputContext, OutputContext } from '../io/io-contexts.ts';
import type { IOManagerCapabilities, MemoizableIOManager, StoredOutput, StoredOutputInfo } from '../io/io-manager.ts';
import { type CodecRegistry, codecRegistry } from './codec-registry.ts';
import { addressOf, type HeldOutput, HeldOutputs } from './held-outputs.ts';
import { checkContent } from './output-errors.ts';
import { jsonCodec } from './simple-codecs.ts';

/** Options of {@link memory}. */
export interface MemoryOptions {
  /** Most bytes to keep; past it the values that were read longest ago are dropped, and computed again when needed. Default: 1 GiB. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 2 ** 30;

/**
 * Keeps outputs in the memory of this process, encoded as a durable store would, so that a job behaves the same over both.
 * Memoizable for as long as the manager lives. The default of jobs that name no store.
 */
export class MemoryIOManager implements MemoizableIOManager {
  readonly name: string = 'memory';
  readonly capabilities: IOManagerCapabilities = { durable: false, shared: false, atomicCreate: true };
  readonly #held = new HeldOutputs();
  readonly #codecs: CodecRegistry = codecRegistry();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(options: MemoryOptions = {}) {
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  }

  /** Bytes that are held now. */
  get bytes(): number {
    return this.#bytes;
  }

  handleOutput(context: OutputContext, value: unknown): StoredOutput {
    context.signal.throwIfAborted();
    const there = this.#held.find(context);
    if (there !== undefined) return describe('exists', there);
    const { op, output, contentDigest } = context;
    const { codec, bytes, payload } = this.#encode(value, context);
    const held = { key: this.#held.keyFor(context), op, output, codec, bytes, payload, contentDigest };
    this.#held.add(held);
    this.#bytes += held.bytes;
    if (this.#bytes > this.#maxBytes) this.#makeRoom(held);
    return describe('created', held);
  }

  loadInput(context: InputContext): unknown {
    context.signal.throwIfAborted();
    const held = this.#held.find(context);
    if (held === undefined) {
      throw new MemoError('M5004', `Output ${context.step}.${context.output} is not in memory.`, {
        fix: 'Run the step again.',
        details: { step: context.step, output: context.output },
      });
    }
    if (held.contentDigest !== context.contentDigest)
      checkContent(context, held.contentDigest, context.getOutputIdentifier().join('/'));
    if (this.#bytes * 2 > this.#maxBytes) this.#held.use(held);
    const { payload, codec } = held;
    if (!(payload instanceof Uint8Array)) return payload;
    // No built-in codec hands out views of what it reads, so no two readers share memory.
    return this.#codecs.decodeValue(codec, payload, `${context.step}.${context.output}`);
  }

  hasOutput(context: OutputContext): boolean {
    return this.#held.find(context) !== undefined;
  }

  deleteOutput(context: OutputContext): boolean {
    const held = this.#held.find(context);
    if (held !== undefined) this.#drop(held);
    return held !== undefined;
  }

  async *listOutputs(): AsyncGenerator<StoredOutputInfo> {
    for (const held of this.#held.values()) yield { identifier: addressOf(held), bytes: held.bytes, storedAt: 0 };
  }

  /** Drops everything. */
  dispose(): void {
    this.#held.clear();
    this.#bytes = 0;
  }

  #encode(value: unknown, { step, output }: OutputContext): Pick<HeldOutput, 'codec' | 'bytes' | 'payload'> {
    if (isKeptAsIs(value)) return { codec: jsonCodec.id, bytes: String(value).length, payload: value };
    const { codec, payload: pieces } = this.#codecs.encodeValue(value, `${step}.${output}`);
    const payload = copied(pieces);
    return { codec: codec.id, bytes: payload.length, payload };
  }

  #makeRoom(newest: HeldOutput): void {
    for (const held of this.#held.values()) {
      if (this.#bytes <= this.#maxBytes || held === newest) return;
      this.#drop(held);
    }
  }

  #drop(held: HeldOutput): void {
    this.#bytes -= held.bytes;
    this.#held.delete(held);
  }
}

/** An IO manager that keeps outputs in the memory of this process. See {@link MemoryIOManager}. */
export function memory(options: MemoryOptions = {}): MemoryIOManager {
  return new MemoryIOManager(options);
}

/** A copy: the pieces may share memory with the value. Its memory is its own, not a part of a pool that others keep alive. */
function copied(pieces: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(pieces);
}

/** Scalars that JSON gives back exactly: nobody can change them, so that a copy would say nothing else. JSON writes them as text does. */
function isKeptAsIs(value: unknown): value is number | boolean | null {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === 'boolean' || value === null;
}

function describe(outcome: StoredOutput['outcome'], { codec, bytes, contentDigest }: HeldOutput): StoredOutput {
  return contentDigest === undefined ? { outcome, codec, bytes } : { outcome, codec, bytes, contentDigest };
}
