import type {
  MemoizableIOManager,
  OutputContext,
  OutputVersions,
  RecordStore,
  StoredOutput,
  StoredOutputInfo,
} from '@memo/core/plugin';
import type { TestOutputContext } from '@memo/core/testing';

/** Remembers operations, so that none is still going on when the storage is removed. */
export class Operations {
  readonly #pending = new Set<Promise<unknown>>();

  /** Starts an operation. What it throws at once becomes a rejection, too. */
  start<T>(act: () => T | Promise<T>): Promise<T> {
    const operation = (async () => act())();
    const settled: Promise<void> = operation.then(nothing, nothing);
    this.#pending.add(settled);
    void settled.then(() => this.#pending.delete(settled));
    return operation;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }
}

function nothing(): void {}

/** A manager as cases use it: every answer is a promise, every operation is remembered. */
export class OpenedManager {
  readonly manager: MemoizableIOManager;
  readonly #operations: Operations;

  constructor(manager: MemoizableIOManager, operations: Operations) {
    this.manager = manager;
    this.#operations = operations;
  }

  store(context: OutputContext, value: unknown): Promise<StoredOutput | undefined> {
    return this.#operations.start(async () => {
      const stored: unknown = await this.manager.handleOutput(context, value);
      return stored as StoredOutput | undefined;
    });
  }

  load(context: TestOutputContext): Promise<unknown> {
    return this.#operations.start(() => this.manager.loadInput(context));
  }

  has(context: OutputContext): Promise<boolean> {
    return this.#operations.start(() => this.manager.hasOutput(context));
  }

  hasAll(contexts: readonly OutputContext[]): Promise<readonly boolean[]> {
    return this.#operations.start(() => required(this.manager.hasOutputs).call(this.manager, contexts));
  }

  hasVersions(outputs: OutputVersions): Promise<Uint8Array> {
    return this.#operations.start(() => required(this.manager.hasVersions).call(this.manager, outputs));
  }

  remove(context: OutputContext): Promise<boolean> {
    return this.#operations.start(() => required(this.manager.deleteOutput).call(this.manager, context));
  }

  list(): Promise<StoredOutputInfo[]> {
    return this.#operations.start(async () => {
      const listed: StoredOutputInfo[] = [];
      for await (const entry of required(this.manager.listOutputs).call(this.manager)) listed.push(entry);
      return listed;
    });
  }

  get records(): RecordStore {
    return required(this.manager.records);
  }

  dispose(): Promise<void> {
    return this.#operations.start(async () => {
      await this.manager.dispose?.();
    });
  }
}

function required<T>(member: T | undefined): T {
  if (member === undefined) throw new TypeError('This case needs a method that the manager does not have.');
  return member;
}
