import { MemoError, messageOf } from '../errors/memo-error.ts';
import type { InputContext, OutputContext } from '../io/io-contexts.ts';
import { managerName } from '../io/io-manager.ts';
import { hasDigest } from '../stored/value-check.ts';
import type { SharedValue } from './shared-bindings.ts';
import type { TieredBindings } from './tiered-bindings.ts';
import { contextOf, type TierPair } from './write-back.ts';

/** Looks behind the local store: what others have published counts where a binding says what it is, and is copied when it is read. */
export class ReadThrough {
  readonly #pair: TierPair;
  readonly #bindings: TieredBindings;
  /** What is on its way, by version: one flight for each value. */
  readonly #flights = new Map<string, Promise<void>>();

  constructor(pair: TierPair, bindings: TieredBindings) {
    this.#pair = pair;
    this.#bindings = bindings;
  }

  /** Which outputs others have published; `false` for all where the store cannot be asked. */
  async areThere(contexts: readonly OutputContext[]): Promise<readonly boolean[]> {
    const { shared } = this.#pair;
    const askable = contexts.filter((context) => this.#valueOf(context) !== undefined);
    if (askable.length === 0 || shared.hasFailed) return contexts.map(() => false);
    const signal = askable[0]?.signal;
    const answers = await shared.ask(() => this.#ask(askable), [], signal);
    const there = new Set(askable.filter((_context, at) => answers[at] === true));
    return contexts.map((context) => there.has(context));
  }

  /**
   * @throws MemoError M5003, M5004 of the local store when the shared one cannot help.
   */
  async load(context: InputContext): Promise<unknown> {
    try {
      return await this.#pair.local.loadInput(context);
    } catch (error) {
      const isLost = MemoError.is(error, 'M5003') || MemoError.is(error, 'M5004');
      const value = isLost ? this.#valueOf(context) : undefined;
      if (value === undefined) throw error;
      await this.#copied(context, value, error as MemoError);
    }
    return this.#pair.local.loadInput(context);
  }

  #valueOf({ version }: OutputContext): SharedValue | undefined {
    return version === undefined ? undefined : this.#bindings.sharedValue(version);
  }

  async #ask(contexts: readonly OutputContext[]): Promise<readonly boolean[]> {
    const { manager } = this.#pair.shared;
    if (manager.hasOutputs !== undefined) return manager.hasOutputs(contexts);
    const answers: boolean[] = [];
    for (const context of contexts) answers.push(await manager.hasOutput(context));
    return answers;
  }

  #copied(context: InputContext, value: SharedValue, lost: MemoError): Promise<void> {
    const { version } = value.address;
    const flight =
      this.#flights.get(version) ?? this.#copy(context, value, lost).finally(() => this.#flights.delete(version));
    this.#flights.set(version, flight);
    return flight;
  }

  /** Fetches a value, checks that it is what its binding says, makes the binding ours and stores the value. */
  async #copy(context: InputContext, { binding, address }: SharedValue, lost: MemoError): Promise<void> {
    if (binding === undefined) throw lost;
    const { local, shared } = this.#pair;
    const own = contextOf(binding, address, context.signal);
    const fetched = await shared.ask(() => this.#fetch(own, address.digest), undefined, context.signal);
    if (fetched === undefined) throw lost;
    await this.#bindings.adopt(binding);
    if (MemoError.is(lost, 'M5003')) await local.deleteOutput?.(own);
    await local.handleOutput(own, fetched.value);
  }

  /** `undefined` for a value that is gone or not what its binding says. */
  async #fetch(context: InputContext, digest: string): Promise<{ readonly value: unknown } | undefined> {
    const { local, shared } = this.#pair;
    const { manager } = shared;
    try {
      const value = await manager.loadInput(context);
      if (hasDigest(value, digest, { context, managers: [manager, local] })) return { value };
      return await this.#distrust(context, 'its content is not what its binding says');
    } catch (error) {
      if (MemoError.is(error, 'M5004')) return undefined;
      if (!MemoError.is(error, 'M5003')) throw error;
      return await this.#distrust(context, messageOf(error));
    }
  }

  /** Damaged values are in the way of whole ones, which are published when they are computed again. */
  async #distrust(context: InputContext, because: string): Promise<undefined> {
    const { shared } = this.#pair;
    shared.warn(
      'shared-value-damaged',
      `${context.step}.${context.output} in ${managerName(shared.manager)} is not used: ${because}`,
    );
    if (shared.isWritable) await shared.manager.deleteOutput?.(context);
    return undefined;
  }
}
