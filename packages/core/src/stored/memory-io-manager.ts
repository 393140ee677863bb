import { MemoError } from '../errors/memo-error.ts';
import type { InputContext, OutputContext } from '../io/io-contexts.ts';
import type { IOManagerCapabilities, MemoizableIOManager, StoredOutput, StoredOutputInfo } from '../io/io-manager.ts';
import { type CodecRegistry, codecRegistry } from './codec-registry.ts';
import { checkContent } from './output-errors.ts';

/** Options of {@link memory}. */
export interface MemoryOptions {
  /** Most bytes to keep; past it the values that were read longest ago are dropped, and computed again when needed. Default: 1 GiB. */
  readonly maxBytes?: number;
}

interface Held {
  readonly identifier: readonly string[];
  readonly codec: string;
  readonly payload: Uint8Array;
  readonly contentDigest: string | undefined;
}

const DEFAULT_MAX_BYTES = 2 ** 30;

/**
 * Keeps outputs in the memory of this process, encoded as a durable store would, so that a job behaves the same over both.
 * Memoizable for as long as the manager lives. The default of jobs that name no store.
 */
export class MemoryIOManager implements MemoizableIOManager {
  readonly name: string = 'memory';
  readonly capabilities: IOManagerCapabilities = { durable: false, shared: false, atomicCreate: true };
  /** In the order of their last use. */
  readonly #held = new Map<string, Held>();
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
    const identifier = context.getOutputIdentifier();
    const key = identifier.join('/');
    const there = this.#held.get(key);
    if (there !== undefined) return describe('exists', there);
    const { codec, payload } = this.#codecs.encodeValue(value, `${context.step}.${context.output}`);
    const held = { identifier, codec: codec.id, payload: copied(payload), contentDigest: context.contentDigest };
    this.#held.set(key, held);
    this.#bytes += held.payload.length;
    this.#makeRoom(key);
    return describe('created', held);
  }

  loadInput(context: InputContext): unknown {
    context.signal.throwIfAborted();
    const key = context.getOutputIdentifier().join('/');
    const held = this.#held.get(key);
    if (held === undefined) {
      throw new MemoError('M5004', `Output ${context.step}.${context.output} is not in memory.`, {
        fix: 'Run the step again.',
        details: { step: context.step, output: context.output },
      });
    }
    checkContent(context, held.contentDigest, key);
    if (this.#bytes * 2 > this.#maxBytes) {
      this.#held.delete(key);
      this.#held.set(key, held);
    }
    // No built-in codec hands out views of what it reads, so no two readers share memory.
    return this.#codecs.decodeValue(held.codec, held.payload, `${context.step}.${context.output}`);
  }

  hasOutput(context: OutputContext): boolean {
    return this.#held.has(context.getOutputIdentifier().join('/'));
  }

  deleteOutput(context: OutputContext): boolean {
    return this.#drop(context.getOutputIdentifier().join('/'));
  }

  async *listOutputs(): AsyncGenerator<StoredOutputInfo> {
    for (const { identifier, payload } of this.#held.values()) yield { identifier, bytes: payload.length, storedAt: 0 };
  }

  /** Drops everything. */
  dispose(): void {
    this.#held.clear();
    this.#bytes = 0;
  }

  #makeRoom(newest: string): void {
    for (const key of this.#held.keys()) {
      if (this.#bytes <= this.#maxBytes || key === newest) return;
      this.#drop(key);
    }
  }

  #drop(key: string): boolean {
    this.#bytes -= this.#held.get(key)?.payload.length ?? 0;
    return this.#held.delete(key);
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

function describe(outcome: StoredOutput['outcome'], { codec, payload, contentDigest }: Held): StoredOutput {
  return { outcome, codec, bytes: payload.length, ...(contentDigest === undefined ? {} : { contentDigest }) };
}
