import type { Awaitable } from '../io/awaitable.ts';
import type { InputContext, OutputContext } from '../io/io-contexts.ts';
import {
  type IOManagerCapabilities,
  isMemoizable,
  type MemoizableIOManager,
  managerName,
  type StoredOutput,
  type StoredOutputInfo,
  type StoreWarning,
} from '../io/io-manager.ts';
import type { TakeLease } from '../io/lease.ts';
import type { OutputVersions } from '../io/output-versions.ts';
import type { RecordStore } from '../io/record-store.ts';
import { bindingsFor, useBindings } from '../records/bindings-for.ts';
import type { Trust } from '../trust/trust.ts';
import { ReadThrough } from './read-through.ts';
import { SharedTier, type TierPolicy } from './shared-tier.ts';
import { TieredBindings } from './tiered-bindings.ts';

/** Options of {@link tiered}. */
export interface TieredOptions {
  /**
   * `read-write`: what is computed here is published to the shared store, behind the run, which ends when that is done.
   * `read-only`: nothing is ever written there, as suits pull requests of strangers. Default `read-write`.
   */
  readonly policy?: TierPolicy;
  /**
   * In jobs that have several stores by key: the tiered store of the key `default`, whose records say what the values are.
   * Default: this store is that one.
   */
  readonly bindings?: TieredIOManager;
}

/** What {@link TieredIOManager.push} and `pull` take. */
export interface PushOptions {
  /** Only these step versions, with everything that they were made from. Default: all that is recorded. */
  readonly only?: Iterable<string>;
  /**
   * Ends it: no step is begun after that, values on their way are let go, and what is there already stays, each step whole. The call then rejects
   * with the reason of the signal, once the records say what is there. Default: never.
   */
  readonly signal?: AbortSignal | undefined;
}

/** What {@link TieredIOManager.push} and `pull` did. */
export interface PushedResults {
  /** Results that the other store has now. */
  readonly published: number;
  /** Results that stay where they are: the other store has another content, or failed. */
  readonly kept: number;
}

/**
 * A store of this machine, and behind it one that others share: what others have published is re-used, bindings included, and copied when it is read.
 * To have more tiers, let the shared one be tiered itself.
 *
 * A shared store that fails costs re-use and one warning, never a run. A job gives what it would give with the local store alone.
 *
 * @throws TypeError when one of them is not memoizable, or the shared one keeps no records.
 */
export function tiered(
  local: MemoizableIOManager,
  shared: MemoizableIOManager,
  options: TieredOptions = {},
): TieredIOManager {
  return new TieredIOManager(local, shared, options);
}

/** The IO manager that {@link tiered} makes. */
export class TieredIOManager implements MemoizableIOManager {
  readonly name: string;
  readonly capabilities: IOManagerCapabilities;
  /** The records of the local store, which is where everything is bound. */
  declare readonly records?: RecordStore;
  /** That of the local store. */
  declare readonly trust?: Trust;
  /** Those of the shared store, unless it is only read. */
  declare readonly lease?: TakeLease;
  readonly #local: MemoizableIOManager;
  readonly #shared: SharedTier;
  readonly #bindings: TieredBindings;
  readonly #readThrough: ReadThrough;

  constructor(local: MemoizableIOManager, shared: MemoizableIOManager, options: TieredOptions = {}) {
    const { policy = 'read-write', bindings } = options;
    checkTiers(local, shared, policy);
    this.name = `tiered(${managerName(local)}, ${managerName(shared)})`;
    this.capabilities = { ...local.capabilities, shared: false };
    if (local.records !== undefined) this.records = local.records;
    if (local.trust !== undefined) this.trust = local.trust;
    const { lease } = shared;
    if (lease !== undefined && policy === 'read-write') this.lease = (key, asked) => lease.call(shared, key, asked);
    this.#local = local;
    this.#shared = new SharedTier(shared, policy, managerName(local));
    this.#bindings =
      bindings === undefined
        ? new TieredBindings(bindingsFor(local), bindingsFor(shared), this.#shared)
        : bindings.#bindings;
    const pair = { local, shared: this.#shared };
    this.#bindings.pairs.add(pair);
    this.#readThrough = new ReadThrough(pair, this.#bindings);
    useBindings(this, this.#bindings);
  }

  /** Stores locally; publishing follows the step's binding. */
  handleOutput(context: OutputContext, value: unknown): Awaitable<StoredOutput> | Awaitable<void> {
    return this.#local.handleOutput(context, value);
  }

  /** The local value; else, and where that is damaged, a copy of the shared one whose content was checked. */
  loadInput(context: InputContext): Promise<unknown> {
    return this.#readThrough.load(context);
  }

  digestOutput(context: OutputContext, value: unknown): string | undefined {
    return this.#local.digestOutput?.(context, value);
  }

  /** A plain boolean where the local store gives one and has the value. */
  hasOutput(context: OutputContext): Awaitable<boolean> {
    const here = this.#local.hasOutput(context);
    if (here === true) return true;
    return Promise.resolve(here).then(
      async (isHere) => isHere || (await this.#readThrough.areThere([context]))[0] === true,
    );
  }

  async hasOutputs(contexts: readonly OutputContext[]): Promise<readonly boolean[]> {
    const here = [...(await this.#areHere(contexts))];
    const missing = contexts.filter((_context, at) => here[at] !== true);
    if (missing.length === 0) return here;
    const there = await this.#readThrough.areThere(missing);
    let next = 0;
    return here.map((isHere) => isHere || there[next++] === true);
  }

  /** The local store by versions, where it answers for those; contexts are made of what it does not have. */
  async hasVersions(outputs: OutputVersions): Promise<Uint8Array> {
    const contextAt = (at: number) => outputs.context(at);
    const here =
      this.#local.hasVersions === undefined
        ? Uint8Array.from(await this.#areHere(Array.from({ length: outputs.count }, (_, at) => contextAt(at))), Number)
        : Uint8Array.from(await this.#local.hasVersions(outputs));
    const missing = [...here.keys()].filter((at) => here[at] !== 1);
    if (missing.length === 0) return here;
    const there = await this.#readThrough.areThere(missing.map(contextAt));
    for (const [nth, at] of missing.entries()) if (there[nth] === true) here[at] = 1;
    return here;
  }

  /** Deletes the local value. */
  async deleteOutput(context: OutputContext): Promise<boolean> {
    return (await this.#local.deleteOutput?.(context)) ?? false;
  }

  /** What the local store holds. */
  async *listOutputs(options?: { readonly signal?: AbortSignal | undefined }): AsyncGenerator<StoredOutputInfo> {
    if (this.#local.listOutputs !== undefined) yield* this.#local.listOutputs(options);
  }

  /** What failed in the shared store since this was asked last. */
  takeWarnings(): readonly StoreWarning[] {
    return [...(this.#local.takeWarnings?.() ?? []), ...this.#shared.takeWarnings()];
  }

  /**
   * Publishes what is bound here and not there, with everything that it was made from. Steps of which the shared store holds another
   * content stay local.
   *
   * @throws the reason of an aborted signal.
   */
  async push(options: PushOptions = {}): Promise<PushedResults> {
    const { only, signal } = options;
    signal?.throwIfAborted();
    await this.#bindings.refresh({ signal });
    const pushed = await this.#bindings.publishAll(only === undefined ? undefined : new Set(only), signal);
    const isAborted = signal?.aborted === true;
    await this.#bindings.close();
    if (isAborted) throw signal.reason;
    return pushed;
  }

  /**
   * Takes what the shared store has and the local one has not, with all values, so that it is there without the network. Steps of which the
   * local store holds another content stay as they are.
   *
   * @throws TypeError when the local store keeps no records; the reason of an aborted signal.
   */
  async pull(options: PushOptions = {}): Promise<PushedResults> {
    const reversed = new TieredIOManager(this.#shared.manager, this.#local);
    try {
      return await reversed.push(options);
    } finally {
      for (const { code, message } of reversed.takeWarnings()) this.#shared.warn(code, message);
    }
  }

  /** Closes both stores. */
  async dispose(): Promise<void> {
    await this.#local.dispose?.();
    await this.#shared.manager.dispose?.();
  }

  async #areHere(contexts: readonly OutputContext[]): Promise<readonly boolean[]> {
    if (this.#local.hasOutputs !== undefined) return this.#local.hasOutputs(contexts);
    const here: boolean[] = [];
    for (const context of contexts) {
      const answer = this.#local.hasOutput(context);
      here.push(typeof answer === 'boolean' ? answer : await answer);
    }
    return here;
  }
}

function checkTiers(local: MemoizableIOManager, shared: MemoizableIOManager, policy: TierPolicy): void {
  for (const tier of [local, shared]) {
    if (!isMemoizable(tier)) throw new TypeError('tiered(local, shared) takes two memoizable IO managers.');
  }
  if ((policy as unknown) !== 'read-write' && (policy as unknown) !== 'read-only')
    throw new TypeError(`Not a policy: ${String(policy)}`);
  if (shared.records !== undefined) return;
  throw new TypeError(`${managerName(shared)} keeps no records: nobody could tell what its values are.`);
}
