import type { DigestColumn } from '../hash/digest-column.ts';
import type { Binding } from '../records/binding.ts';
import type { BindingEntry } from '../records/binding-entry.ts';
import type { BindingView } from '../records/binding-table.ts';
import type { StepVersionRecord } from '../versions/step-version-record.ts';
import type { SharedBindings } from './shared-bindings.ts';

/** Local bindings, and behind them those of the shared store that count here. */
export class TieredView implements BindingView {
  readonly #local: BindingView;
  readonly #shared: BindingView;
  readonly #counting: SharedBindings;

  constructor(local: BindingView, shared: BindingView, counting: SharedBindings) {
    this.#local = local;
    this.#shared = shared;
    this.#counting = counting;
  }

  get(stepVersion: string, pub?: string): BindingEntry | undefined {
    return this.#local.get(stepVersion, pub) ?? this.#counting.get(stepVersion, pub, this.#shared);
  }

  /** What is bound here counts, whatever others have bound. */
  boundOnce(versions: DigestColumn): Uint8Array {
    return this.#local.boundOnce(versions);
  }

  /** The newest of both: which effect was published last does not depend on where. */
  latestAt(site: string): BindingEntry | undefined {
    const [ours, theirs] = [this.#local.latestAt(site), this.#shared.latestAt(site)];
    if (ours === undefined || theirs === undefined) return ours ?? theirs;
    return theirs.when > ours.when ? theirs : ours;
  }

  withContent(contentKey: string): readonly BindingEntry[] {
    const theirs = this.#shared.withContent(contentKey).filter((entry) => this.#counting.counts(entry));
    return [...this.#local.withContent(contentKey), ...theirs].sort((a, b) => b.when - a.when);
  }

  knowsCode(op: StepVersionRecord['op']): boolean {
    return this.#local.knowsCode(op) || this.#shared.knowsCode(op);
  }

  get isEmpty(): boolean {
    return this.#local.isEmpty && this.#shared.isEmpty;
  }

  get hasAliases(): boolean {
    return this.#local.hasAliases || this.#shared.hasAliases;
  }

  *entries(): Generator<BindingEntry> {
    yield* this.#shared.entries();
    yield* this.#local.entries();
  }

  *bindings(): Generator<Binding> {
    yield* this.#shared.bindings();
    yield* this.#local.bindings();
  }
}
