import { MemoError } from '../../src/errors/memo-error.ts';
import type { Awaitable } from '../../src/io/awaitable.ts';
import type { InputContext, OutputContext } from '../../src/io/io-contexts.ts';
import type {
  IOManagerCapabilities,
  MemoizableIOManager,
  StoredOutput,
  StoredOutputInfo,
} from '../../src/io/io-manager.ts';
import type { RecordStore } from '../../src/io/record-store.ts';
import { checkContent } from '../../src/stored/output-errors.ts';
import { FaultPoints } from './fault-points.ts';
import type { SharedStorage, StoredText } from './shared-storage.ts';

/** What a store can do beside the three methods. */
export interface StoreTraits {
  readonly atomicCreate: boolean;
  readonly records: boolean;
  readonly bulk: boolean;
  /** Deletes; without it, damaged values count as missing and are overwritten. */
  readonly deletes: boolean;
  /** Answers with promises, after others had their turn. */
  readonly promises: boolean;
}

export const FULL_STORE: StoreTraits = {
  atomicCreate: true,
  records: true,
  bulk: true,
  deletes: true,
  promises: false,
};
export const SMALLEST_STORE: StoreTraits = {
  atomicCreate: false,
  records: false,
  bulk: false,
  deletes: false,
  promises: true,
};

/** How an instance of a store is used. */
export interface Instance {
  readonly traits: StoreTraits;
  /** Sets apart the values of several stores over one storage. */
  readonly prefix: string;
  readonly faults?: FaultPoints;
  /** What promises wait for. */
  readonly turn?: (what: string) => Promise<void>;
}

/** A store over shared storage, as one process sees it. */
export function openSharedStore(storage: SharedStorage, instance: Instance): MemoizableIOManager {
  return new SharedStore(storage, instance);
}

class SharedStore implements MemoizableIOManager {
  readonly name: string;
  readonly capabilities: IOManagerCapabilities;
  readonly records?: RecordStore;
  readonly hasOutputs?: (contexts: readonly OutputContext[]) => Awaitable<readonly boolean[]>;
  readonly deleteOutput?: (context: OutputContext) => Awaitable<boolean>;
  readonly #storage: SharedStorage;
  readonly #traits: StoreTraits;
  readonly #prefix: string;
  readonly #faults: FaultPoints;
  readonly #turn: (what: string) => Promise<void>;

  constructor(storage: SharedStorage, { traits, prefix, faults, turn }: Instance) {
    this.name = prefix;
    this.#storage = storage;
    this.#traits = traits;
    this.#prefix = prefix;
    this.#faults = faults ?? new FaultPoints();
    this.#turn = turn ?? (() => Promise.resolve());
    this.capabilities = { durable: false, ...(traits.atomicCreate ? { atomicCreate: true } : {}) };
    if (traits.bulk) {
      this.hasOutputs = (contexts) => this.#answer('look', () => contexts.map((context) => this.#has(context)));
    }
    if (traits.deletes) this.deleteOutput = (context) => this.#answer('delete', () => this.#delete(context));
    if (traits.records) this.records = openRecords(storage, this.#faults, (what, act) => this.#answer(what, act));
  }

  handleOutput(context: OutputContext, value: unknown): Awaitable<StoredOutput> | Awaitable<void> {
    const text = JSON.stringify(value);
    return this.#answer(`store ${context.step}`, () => this.#store(context, text)) as Awaitable<StoredOutput>;
  }

  loadInput(context: InputContext): unknown {
    return this.#answer(`load ${context.step}`, () => {
      this.#faults.checkAlive();
      const stored = this.#storage.objects.get(this.#key(context));
      if (stored === undefined) throw new MemoError('M5004', `${this.#key(context)} is not there.`);
      const { text, contentDigest } = this.#whole(stored, context);
      if (this.#traits.atomicCreate) checkContent(context, contentDigest, this.#key(context));
      return JSON.parse(text) as unknown;
    });
  }

  hasOutput(context: OutputContext): Awaitable<boolean> {
    return this.#answer('look', () => this.#has(context));
  }

  async *listOutputs(): AsyncGenerator<StoredOutputInfo> {
    for (const [key, { text }] of this.#storage.objects) {
      const [prefix, ...identifier] = key.split('/');
      if (prefix === this.#prefix) yield { identifier, bytes: text.length, storedAt: 0 };
    }
  }

  #has(context: OutputContext): boolean {
    this.#faults.checkAlive();
    const stored = this.#storage.objects.get(this.#key(context));
    return stored !== undefined && (this.#traits.deletes || !stored.damaged);
  }

  #store(context: OutputContext, text: string): StoredOutput | undefined {
    const key = this.#key(context);
    this.#faults.checkAlive();
    const there = this.#storage.objects.get(key);
    const taken = there !== undefined && (this.#traits.deletes || !there.damaged);
    if (taken && this.#traits.atomicCreate) {
      const { contentDigest } = this.#whole(there, context);
      return { outcome: 'exists', ...(contentDigest === undefined ? {} : { contentDigest }) };
    }
    const { contentDigest } = context;
    this.#faults.effect(`store ${key}`, () => this.#storage.objects.set(key, { text, contentDigest, damaged: false }));
    return this.#traits.atomicCreate ? { outcome: 'created', bytes: text.length } : undefined;
  }

  #delete(context: OutputContext): boolean {
    const key = this.#key(context);
    return this.#faults.effect(`delete ${key}`, () => this.#storage.objects.delete(key));
  }

  #whole(stored: StoredText, context: OutputContext): StoredText {
    if (!stored.damaged) return stored;
    throw new MemoError('M5003', `${this.#key(context)} is damaged.`);
  }

  #key(context: OutputContext): string {
    return `${this.#prefix}/${context.getOutputIdentifier().join('/')}`;
  }

  #answer<T>(what: string, act: () => T): Awaitable<T> {
    return this.#traits.promises ? this.#turn(what).then(act) : act();
  }
}

function openRecords(
  { segments, documents }: SharedStorage,
  faults: FaultPoints,
  answer: <T>(what: string, act: () => T) => Awaitable<T>,
): RecordStore {
  const reading = <T>(what: string, act: () => T): Awaitable<T> =>
    answer(what, () => {
      faults.checkAlive();
      return act();
    });
  const add = (segment: string, bytes: Uint8Array): void => {
    segments.set(segment, Buffer.concat([segments.get(segment) ?? Buffer.alloc(0), bytes]));
  };
  return {
    append: (segment, bytes) =>
      answer('append', () =>
        faults.effect(
          `append ${bytes.length}`,
          () => add(segment, bytes),
          () => add(segment, bytes.subarray(0, bytes.length >> 1)),
        ),
      ),
    segments: () => reading('segments', () => [...segments].map(([name, { length }]) => ({ name, bytes: length }))),
    read: (segment, offset) =>
      reading('read', () => new Uint8Array((segments.get(segment) ?? Buffer.alloc(0)).subarray(offset))),
    remove: (segment) => answer('remove', () => void faults.effect('remove', () => segments.delete(segment))),
    getDocument: (key) => reading('get', () => documents.get(key)),
    putDocument: (key, bytes, expected) =>
      answer('put', () => {
        faults.checkAlive();
        const current = documents.get(key);
        if (current?.tag !== expected) return false;
        const tag = String(Number(current?.tag ?? 0) + 1);
        faults.effect(`put ${key.slice(0, 12)}`, () => documents.set(key, { bytes: bytes.slice(), tag }));
        return true;
      }),
    removeDocument: (key, expected) =>
      answer('unput', () => {
        faults.checkAlive();
        if (documents.get(key)?.tag !== expected) return false;
        return faults.effect(`remove ${key.slice(0, 12)}`, () => documents.delete(key));
      }),
    documents: (prefix) => reading('documents', () => [...documents.keys()].filter((key) => key.startsWith(prefix))),
  };
}
