import type { Json } from '../definitions/version-strategy.ts';
import type { RecordReading } from '../io/record-store.ts';
import type { Binding, Commit, Pin } from '../records/binding.ts';
import { type BindingDraft, writtenBinding } from '../records/binding-draft.ts';
import type { BindingPlace } from '../records/binding-place.ts';
import type { BindingView } from '../records/binding-table.ts';
import type { Bindings, BindingTables } from '../records/bindings.ts';
import type { VersionSetUse } from '../records/version-sets.ts';
import { manifestKey } from '../versions/job-code.ts';
import type { StepVersionRecord } from '../versions/step-version-record.ts';
import { Adoption } from './adoption.ts';
import { isWhole, SharedBindings, type SharedValue } from './shared-bindings.ts';
import type { SharedTier } from './shared-tier.ts';
import { TieredView } from './tiered-view.ts';
import { type TierPair, WriteBack, type WriteBackOptions } from './write-back.ts';

/**
 * The bindings of a job over two tiers. Everything is bound locally, as without a shared store; what others have bound is seen behind
 * that, and what is bound here is published there, behind the run.
 */
export class TieredBindings implements Bindings {
  /** The stores of one job whose values belong to these bindings. */
  readonly pairs: Set<TierPair> = new Set();
  readonly #local: Bindings;
  readonly #shared: Bindings;
  readonly #tier: SharedTier;
  readonly #counting: SharedBindings;
  readonly #adoption: Adoption;
  readonly #parts: WriteBackOptions;
  readonly #writeBack: WriteBack;
  readonly #adopting = new Map<string, Promise<void>>();
  #pins: ReadonlyMap<string, Pin> = new Map();

  constructor(local: Bindings, shared: Bindings, tier: SharedTier) {
    this.#local = local;
    this.#shared = shared;
    this.#tier = tier;
    this.#counting = new SharedBindings(local, shared);
    this.#adoption = new Adoption(local, shared);
    this.#parts = { pairs: this.pairs, tier, local, shared };
    this.#writeBack = new WriteBack(this.#parts);
  }

  get table(): BindingTables {
    const [local, shared] = [this.#local.table, this.#shared.table];
    return {
      snapshot: () => this.#view(local.snapshot(), shared.snapshot()),
      live: () => this.#view(local.live(), shared.live()),
      manifest: (key) => local.manifest(key) ?? shared.manifest(key),
    };
  }

  get pins(): ReadonlyMap<string, Pin> {
    return this.#pins;
  }

  get isShared(): boolean {
    return this.#local.isShared;
  }

  async refresh(reading: RecordReading = {}): Promise<void> {
    for (const { shared } of this.pairs) shared.retry();
    await this.#local.refresh(reading);
    await this.#tier.ask(() => this.#shared.refresh(reading), undefined, reading.signal);
    this.#counting.forget();
    this.#joinPins();
  }

  append(given: Binding | BindingDraft, place: BindingPlace, flush: boolean): Promise<void> | undefined {
    const binding = writtenBinding(given);
    this.#counting.noteLocal(binding);
    const appended = this.#local.append(binding, place, flush);
    if (this.#tier.isWritable) void this.#writeBack.publish(binding);
    return appended;
  }

  addManifest(key: string, manifest: Json): void {
    this.#local.addManifest(key, manifest);
    if (this.#tier.isWritable) this.#shared.addManifest(key, manifest);
  }

  addUse(use: VersionSetUse): void {
    this.#local.addUse(use);
  }

  commit(mine: Commit): Promise<Commit> {
    return this.#local.commit(mine);
  }

  async pin(stepVersion: string, pub: string, known: string | undefined): Promise<Pin> {
    const pin = await this.#local.pin(stepVersion, pub, known);
    this.#joinPins();
    if (this.#tier.isWritable) this.#writeBack.pin(pin, known);
    return pin;
  }

  async flush(): Promise<void> {
    await this.#local.flush();
    await this.#writeBack.done();
    if (this.#tier.isWritable) await this.#tier.ask(() => this.#shared.flush(), undefined);
  }

  async close(): Promise<void> {
    await this.#writeBack.settle();
    if (this.#tier.isWritable) await this.#tier.ask(() => this.#shared.close(), undefined);
    await this.#local.close();
  }

  /** The value that others have stored under the version of an address, if it counts here. */
  sharedValue(version: string): SharedValue | undefined {
    return this.#counting.valueAt(version);
  }

  /** Makes a shared binding ours, with those of what it was made from; durable when the promise is fulfilled. */
  adopt(binding: Binding): Promise<void> {
    const key = `${binding.stepVersion} ${binding.pub}`;
    const begun = this.#adopting.get(key) ?? this.#adoption.adopt(binding).finally(() => this.#adopting.delete(key));
    this.#adopting.set(key, begun);
    return begun;
  }

  /**
   * Publishes the bindings that are here and not there, with what they were made from, and the pins; resolves when that is done, or what was begun
   * has ended because it was aborted.
   *
   * @param only step versions. Default: all.
   */
  async publishAll(
    only: ReadonlySet<string> | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly published: number; readonly kept: number }> {
    const wanted = ({ stepVersion }: { readonly stepVersion: string }): boolean => only?.has(stepVersion) !== false;
    const all = [...this.#local.table.live().bindings()].filter((binding) => isWhole(binding) && wanted(binding));
    // One of its own: what a run publishes is not aborted with this.
    await this.#writeBack.done();
    const writeBack = new WriteBack({ ...this.#parts, signal });
    for (const { record } of all) this.#publishManifests(record);
    const done = await Promise.all(all.map((binding) => writeBack.publish(binding)));
    for (const pin of this.#local.pins.values()) if (wanted(pin)) writeBack.pin(pin, undefined);
    await writeBack.done();
    const published = done.filter(Boolean).length;
    return { published, kept: done.length - published };
  }

  /** What the code of a step was made of, so that those who compare with it can say what changed. */
  #publishManifests({ op, resources }: StepVersionRecord): void {
    const required = Object.values(resources).flatMap(({ by, code }) => (code === null ? [] : [{ by, code }]));
    for (const { by, code } of [op, ...required]) {
      const manifest = this.#local.table.manifest(manifestKey(by, code));
      if (manifest !== undefined) this.#shared.addManifest(manifestKey(by, code), manifest);
    }
  }

  #view(local: BindingView, shared: BindingView): BindingView {
    return new TieredView(local, shared, this.#counting);
  }

  /** Ours beat theirs: what was pinned here is what everything here was made from. */
  #joinPins(): void {
    this.#pins = new Map([...this.#counting.pins(), ...this.#local.pins]);
  }
}
