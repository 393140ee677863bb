import { type MemoryIOManager, memory } from '@memo/core';
import { type Binding, readBindings } from '@memo/core/inspect';
import type {
  InputContext,
  IOManagerCapabilities,
  MemoizableIOManager,
  OutputContext,
  RecordStore,
  StoredOutput,
  StoredOutputInfo,
} from '@memo/core/plugin';
import { memoryRecordStore } from '@memo/core/plugin';

/** What a test does before a call reaches the store. */
export interface Interference {
  readonly has?: (context: OutputContext) => void;
  readonly handle?: (context: OutputContext, value: unknown) => void;
  readonly load?: (context: InputContext) => void;
}

/** Keeps values and records in memory, and notes every call: `has load.result`, `handle load.result`, `load load.result`. */
export class WatchedManager implements MemoizableIOManager {
  readonly name: string = 'watched';
  readonly capabilities: IOManagerCapabilities = { atomicCreate: true };
  readonly records: RecordStore = memoryRecordStore();
  readonly calls: string[] = [];
  interference: Interference = {};
  readonly #memory: MemoryIOManager;
  readonly #handled: OutputContext[] = [];

  /** @param options `over`: shares the values of another one, not its records. Default: none of its own yet. */
  constructor(options: { readonly over?: WatchedManager } = {}) {
    this.#memory = options.over === undefined ? memory() : options.over.#memory;
  }

  handleOutput(context: OutputContext, value: unknown): StoredOutput {
    this.calls.push(`handle ${context.step}.${context.output}`);
    this.interference.handle?.(context, value);
    this.#handled.push(context);
    return this.#memory.handleOutput(context, value);
  }

  loadInput(context: InputContext): unknown {
    this.calls.push(`load ${context.step}.${context.output}`);
    this.interference.load?.(context);
    return this.#memory.loadInput(context);
  }

  hasOutput(context: OutputContext): boolean {
    this.calls.push(`has ${context.step}.${context.output}`);
    this.interference.has?.(context);
    return this.#memory.hasOutput(context);
  }

  deleteOutput(context: OutputContext): boolean {
    this.calls.push(`delete ${context.step}.${context.output}`);
    return this.#memory.deleteOutput(context);
  }

  listOutputs(): AsyncIterable<StoredOutputInfo> {
    return this.#memory.listOutputs();
  }

  /** Drops the values of a step, or of one of its outputs, as somebody else might; the records stay. */
  lose(step: string, output?: string): void {
    for (const context of this.#handled) {
      if (context.step === step && (output ?? context.output) === context.output) this.#memory.deleteOutput(context);
    }
  }

  /** The bindings that were written, oldest first. */
  async bindings(): Promise<readonly Binding[]> {
    const all: Binding[] = [];
    for await (const binding of readBindings(this.records)) all.push(binding);
    return all;
  }
}
