import { MemoError, messageOf } from '../errors/memo-error.ts';
import { type MemoizableIOManager, managerName, type StoredOutput } from '../io/io-manager.ts';
import { versionedIdentifier } from '../io/output-identifier.ts';
import { StoredOutputContext } from '../io/stored-output-context.ts';
import type { Binding, Pin } from '../records/binding.ts';
import { addressesOf, type BoundAddress, upstreamsOf } from '../records/binding-addresses.ts';
import { placeOfBinding } from '../records/binding-place.ts';
import type { Bindings } from '../records/bindings.ts';
import { hasDigest } from '../stored/value-check.ts';
import type { SharedTier } from './shared-tier.ts';

/** A local manager and the tier behind it. */
export interface TierPair {
  readonly local: MemoizableIOManager;
  readonly shared: SharedTier;
}

/** What writing back works with. */
export interface WriteBackOptions {
  readonly pairs: ReadonlySet<TierPair>;
  /** The tier that holds the records. */
  readonly tier: SharedTier;
  readonly local: Bindings;
  readonly shared: Bindings;
  /** Ends it: no step is begun after that, and of one whose values are on their way nothing is bound. Default: never. */
  readonly signal?: AbortSignal | undefined;
}

const MOST_AT_ONCE = 16;

/**
 * Publishes whole steps to the shared store, behind the run: values first, then the commit mark, then the binding, and everything that a
 * step was made from before it. A step is published only if the store holds the same contents of all that it was made from; where
 * another writer's content has the address, ours stays local, and so does what is made from it.
 */
export class WriteBack {
  readonly #options: WriteBackOptions;
  /** Whether the shared store holds this content under this version, by version and pub. */
  readonly #published = new Map<string, Promise<boolean>>();
  readonly #slots = new Slots(MOST_AT_ONCE);

  constructor(options: WriteBackOptions) {
    this.#options = options;
  }

  /** Begins to publish a step; what fails becomes a warning of the tier. */
  publish(binding: Binding): Promise<boolean> {
    const key = `${binding.stepVersion} ${binding.pub}`;
    const known = this.#published.get(key);
    if (known !== undefined) return known;
    const above = upstreamsOf(binding).map(({ version, pub }) => this.#publishUpstream(version, pub));
    const published = this.#publishAfter(Promise.all(above), binding);
    this.#published.set(key, published);
    return published;
  }

  /** Begins to pin the generation of a step in the shared store, once its binding is there, unless others have pinned another since `known`. */
  pin(pin: Pin, known: string | undefined): void {
    this.#published.set(`pin ${pin.stepVersion} ${pin.pub}`, this.#pin(pin, known));
  }

  async #pin({ stepVersion, pub }: Pin, known: string | undefined): Promise<boolean> {
    const { local, shared, tier } = this.#options;
    const binding = local.table.live().get(stepVersion, pub)?.document();
    if (binding === undefined || !(await this.publish(binding)) || !this.#goesOn) return false;
    const pinned = await tier.ask(() => shared.pin(stepVersion, pub, known), undefined);
    return pinned?.pub === pub;
  }

  /** Resolves when everything that was begun is there, or failed. */
  async done(): Promise<void> {
    await Promise.all(this.#published.values());
  }

  /** The same, at the end: what is published later is looked at again. */
  async settle(): Promise<void> {
    const open = [...this.#published];
    await Promise.all(open.map(([, published]) => published));
    for (const [key] of open) this.#published.delete(key);
  }

  /** An upstream that nothing is known of is nothing that others could trust. */
  #publishUpstream(version: string, pub: string | undefined): Promise<boolean> {
    const { local, shared } = this.#options;
    const ours = local.table.live().get(version, pub)?.document();
    if (ours !== undefined) return this.publish(ours);
    return Promise.resolve(shared.table.live().get(version, pub) !== undefined);
  }

  async #publishAfter(above: Promise<readonly boolean[]>, binding: Binding): Promise<boolean> {
    const all = await above;
    if (!this.#goesOn) return false;
    const { tier } = this.#options;
    const published = all.every(Boolean) && (await this.#slots.use(() => this.#publishSafely(binding)));
    if (!published && !tier.hasFailed && !this.#isAborted) {
      tier.warn(
        'kept-local',
        `Some steps stay in the local store alone: ${managerName(tier.manager)} holds other results.`,
      );
    }
    return published;
  }

  /** Nothing that goes wrong here may fail a run that has its results. */
  async #publishSafely(binding: Binding): Promise<boolean> {
    if (this.#isAborted) return false;
    try {
      return await this.#publishOne(binding);
    } catch (error) {
      if (this.#isAborted) return false;
      const { tier } = this.#options;
      tier.warn('not-published', `${binding.step} stays in the local store alone: ${messageOf(error)}`);
      return false;
    }
  }

  async #publishOne(binding: Binding): Promise<boolean> {
    const { shared } = this.#options;
    const { stepVersion, pub, later } = binding;
    const theirs = shared.table.live().get(stepVersion, later === true ? pub : undefined);
    if (theirs !== undefined && theirs.pub !== pub) return false;
    const stored = await this.#publishValues(binding, theirs !== undefined);
    if (stored === 'differs' || !this.#goesOn) return false;
    if (theirs !== undefined) return true;
    // From here on it is ended in its own time: a mark without its binding would say less than both.
    if (needsMark(binding, stored) && !(await this.#commit(binding))) return false;
    const { tier } = this.#options;
    const append = async (): Promise<true> => {
      await shared.append(binding, placeOfBinding(binding), later === true);
      return true;
    };
    return tier.ask(append, false);
  }

  /** Which addresses the values have, or that another content has one of them. */
  async #publishValues(binding: Binding, isBound: boolean): Promise<readonly BoundAddress[] | 'differs'> {
    const { pairs, signal } = this.#options;
    const published: BoundAddress[] = [];
    for (const address of addressesOf(binding)) {
      for (const pair of pairs) {
        signal?.throwIfAborted();
        const context = contextOf(binding, address, signal);
        if (!(await pair.local.hasOutput(context))) continue;
        const same = await pair.shared.ask(() => publishValue(pair, { context, address, isBound }), false, signal);
        if (!same) return 'differs';
        published.push(address);
      }
    }
    return published;
  }

  get #isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** False once there is nothing more to be written: the store has failed, or nobody wants it. */
  get #goesOn(): boolean {
    return this.#options.tier.isWritable && !this.#isAborted;
  }

  async #commit({ stepVersion, pub, outputs }: Binding): Promise<boolean> {
    const { shared, tier } = this.#options;
    const winner = await tier.ask(
      () => shared.commit({ schema: 'memo.commit/1', stepVersion, pub, outputs }),
      undefined,
    );
    return winner?.pub === pub;
  }
}

/** A step that a single output commits needs no mark; whether its one output is required, only the address of its value tells. */
function needsMark({ outputs, later }: Binding, stored: readonly BoundAddress[]): boolean {
  if (later === true) return false;
  const [only, ...others] = Object.values(outputs);
  return only === undefined || others.length > 0 || only === 'absent' || stored.some(({ ofExecution }) => ofExecution);
}

interface Publication {
  readonly context: StoredOutputContext;
  readonly address: BoundAddress;
  /** True when the store has the binding: its value can only be missing, not another one. */
  readonly isBound: boolean;
}

/** True when the shared store holds this value now. */
async function publishValue({ local, shared }: TierPair, { context, address, isBound }: Publication): Promise<boolean> {
  const { manager } = shared;
  const there = isBound || manager.capabilities?.atomicCreate !== true ? await manager.hasOutput(context) : false;
  if (there && isBound) return true;
  let value: unknown;
  try {
    value = await local.loadInput(context);
  } catch (error) {
    // Nothing to publish: the binding alone says what it was.
    if (MemoError.is(error, 'M5003') || MemoError.is(error, 'M5004')) return true;
    throw error;
  }
  const stored = there ? undefined : await storeWhole(manager, context, value);
  if (stored?.outcome === 'created' && manager.capabilities?.atomicCreate === true) return true;
  if (stored?.contentDigest !== undefined) return stored.contentDigest === address.digest;
  const managers = [manager, local];
  return hasDigest(await manager.loadInput(context), address.digest, { context, managers });
}

/** Publishing never replaces, so an object that turns out to be damaged is deleted first. */
async function storeWhole(
  manager: MemoizableIOManager,
  context: StoredOutputContext,
  value: unknown,
): Promise<StoredOutput | undefined> {
  try {
    return (await manager.handleOutput(context, value)) ?? undefined;
  } catch (error) {
    if (!MemoError.is(error, 'M5003') || manager.deleteOutput === undefined) throw error;
    await manager.deleteOutput(context);
    return (await manager.handleOutput(context, value)) ?? undefined;
  }
}

/** The context of a value of a binding. */
export function contextOf(
  { job, step, record }: Binding,
  { output, version, digest }: BoundAddress,
  signal?: AbortSignal,
): StoredOutputContext {
  const identifier = versionedIdentifier(record.op, output, version);
  return new StoredOutputContext({
    identifier,
    job,
    step,
    op: record.op,
    output,
    version,
    contentDigest: digest,
    signal,
  });
}

/** Lets a few act at once, in the order in which they came. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async use<T>(act: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free--;
    try {
      return await act();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
