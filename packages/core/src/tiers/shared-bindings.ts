import { isReadableRecord } from '../plan/record-shape.ts';
import type { Binding, Pin } from '../records/binding.ts';
import { addressesOf, type BoundAddress, upstreamsOf } from '../records/binding-addresses.ts';
import type { BindingEntry } from '../records/binding-entry.ts';
import type { BindingView } from '../records/binding-table.ts';
import type { Bindings } from '../records/bindings.ts';

/** A value of the shared store, and the binding that says what it is. */
export class SharedValue {
  readonly address: BoundAddress;
  readonly stepVersion: string;
  readonly pub: string;
  readonly later: boolean;
  readonly #entry: BindingEntry;

  constructor(entry: BindingEntry, { stepVersion, pub, later }: Binding, address: BoundAddress) {
    this.#entry = entry;
    this.stepVersion = stepVersion;
    this.pub = pub;
    this.later = later === true;
    this.address = address;
  }

  /** Read when it is asked for: kept for each value, bindings would be most of what a plan has in memory. `undefined` where it is gone since. */
  get binding(): Binding | undefined {
    return this.#entry.document();
  }
}

/**
 * What counts of a shared store's bindings beside the local ones. Where both have bound a version to different contents, the local one
 * counts, and nothing counts that others made from theirs: values of one result come from one execution of each step version.
 */
export class SharedBindings {
  readonly #local: Bindings;
  readonly #shared: Bindings;
  #foreign: ReadonlySet<string> | undefined;
  #values: ReadonlyMap<string, SharedValue> | undefined;

  constructor(local: Bindings, shared: Bindings) {
    this.#local = local;
    this.#shared = shared;
  }

  /** Forgets what was concluded: one of the tables has changed. */
  forget(): void {
    this.#foreign = undefined;
    this.#values = undefined;
  }

  /** A new local binding: what others made from another content of its version does not count any more. */
  noteLocal(binding: Binding): void {
    const theirs = this.#shared.table.live().get(binding.stepVersion);
    if (theirs !== undefined && theirs.pub !== binding.pub) this.#foreign = undefined;
  }

  /** The shared binding of a step version, or of its generation `pub`, if it counts. */
  get(stepVersion: string, pub: string | undefined, view: BindingView): BindingEntry | undefined {
    const entry = view.get(stepVersion, pub);
    return entry === undefined || this.#isForeign(stepVersion, entry.pub) ? undefined : entry;
  }

  /** True for a shared binding that counts. */
  counts({ stepVersion, pub }: BindingEntry): boolean {
    return !this.#isForeign(stepVersion, pub);
  }

  /** The generations that others have pinned, as far as they count. */
  pins(): ReadonlyMap<string, Pin> {
    const pins = [...this.#shared.pins].filter(([version, { pub }]) => !this.#isForeign(version, pub));
    return new Map(pins);
  }

  /** The value that others have stored under the version of an address, if it counts here. A value without a binding never does. */
  valueAt(version: string): SharedValue | undefined {
    this.#values ??= valuesOf(this.#shared.table.live());
    const value = this.#values.get(version);
    if (value === undefined) return undefined;
    const { stepVersion, pub, later } = value;
    const ours = this.#local.table.live().get(stepVersion, later ? pub : undefined);
    const counts = ours === undefined ? !this.#isForeign(stepVersion, pub) : ours.pub === pub;
    return counts ? value : undefined;
  }

  /** True for what others made from a content that differs from ours, under the same version. */
  #isForeign(stepVersion: string, pub: string): boolean {
    this.#foreign ??= foreignBindings(this.#local, this.#shared);
    return this.#foreign.has(keyOf(stepVersion, pub));
  }
}

function valuesOf(view: BindingView): ReadonlyMap<string, SharedValue> {
  const values = new Map<string, SharedValue>();
  for (const entry of view.entries()) {
    const binding = entry.read();
    if (binding === undefined || !isWhole(binding)) continue;
    // An alias has the values of another binding, which comes first.
    for (const address of addressesOf(binding)) {
      if (binding.of === undefined || !values.has(address.version))
        values.set(address.version, new SharedValue(entry, binding, address));
    }
  }
  return values;
}

/** Bindings come from a store that others write. */
export function isWhole(binding: Binding): boolean {
  const { record, outputs, pub, job, step, run } = binding;
  if (![pub, job, step, run].every((text) => typeof text === 'string') || !isReadableRecord(record)) return false;
  if (typeof outputs !== 'object' || outputs === null) return false;
  return Object.values(outputs).every((output) => output === 'absent' || typeof output?.digest === 'string');
}

/**
 * The shared bindings of other contents than ours, or of one of several that others have bound to one version, and those that were made from them, by
 * {@link keyOf}.
 */
function foreignBindings(local: Bindings, shared: Bindings): ReadonlySet<string> {
  const ours = local.table.live();
  if (!mayDiffer(ours, shared.table.live())) return NONE;
  const theirs = [...shared.table.live().bindings()].filter(isWhole);
  const firsts = firstContents(theirs);
  const foreign = new Set<string>();
  for (const [stepVersion, pubs] of firsts) {
    const mine = ours.get(stepVersion)?.pub;
    if (mine === undefined && pubs.size === 1) continue;
    for (const pub of pubs) if (pub !== mine) foreign.add(keyOf(stepVersion, pub));
  }
  if (foreign.size === 0) return foreign;
  const below = consumersOf(theirs, firsts);
  const open = [...foreign];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    for (const { stepVersion, pub, later } of below.get(key) ?? []) {
      const next = keyOf(stepVersion, pub);
      const isOurs = ours.get(stepVersion, later === true ? pub : undefined)?.pub === pub;
      if (isOurs || foreign.has(next)) continue;
      foreign.add(next);
      open.push(next);
    }
  }
  return foreign;
}

/** False where the heads of their bindings say already that all of them are of one content, and of ours: then nothing else of them need be read. */
function mayDiffer(ours: BindingView, theirs: BindingView): boolean {
  const firsts = new Map<string, string>();
  for (const { stepVersion, pub, isLater } of theirs.entries()) {
    if (isLater) continue;
    const known = firsts.get(stepVersion) ?? ours.get(stepVersion)?.pub;
    if (known !== undefined && known !== pub) return true;
    firsts.set(stepVersion, pub);
  }
  return false;
}

const NONE: ReadonlySet<string> = new Set();

/** What each version was bound to first: several contents where its value was lost between two writers. */
function firstContents(bindings: readonly Binding[]): ReadonlyMap<string, ReadonlySet<string>> {
  const firsts = new Map<string, Set<string>>();
  for (const { stepVersion, pub, later } of bindings) {
    if (later === true) continue;
    const known = firsts.get(stepVersion);
    if (known === undefined) firsts.set(stepVersion, new Set([pub]));
    else known.add(pub);
  }
  return firsts;
}

/** The bindings that were made from each binding, by its {@link keyOf}. */
function consumersOf(
  bindings: readonly Binding[],
  firsts: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, readonly Binding[]> {
  const consumers = new Map<string, Binding[]>();
  for (const binding of bindings) {
    for (const { version, pub } of upstreamsOf(binding)) {
      for (const one of pub === undefined ? (firsts.get(version) ?? []) : [pub]) {
        const known = consumers.get(keyOf(version, one));
        if (known === undefined) consumers.set(keyOf(version, one), [binding]);
        else known.push(binding);
      }
    }
  }
  return consumers;
}

function keyOf(stepVersion: string, pub: string): string {
  return `${stepVersion} ${pub}`;
}
