import { isReadableRecord } from '../plan/record-shape.ts';
import type { Binding } from '../records/binding.ts';
import { addressesOf, type BoundAddress, upstreamsOf } from '../records/binding-addresses.ts';
import type { Bindings } from '../records/bindings.ts';
import type { UseHistory } from './use-history.ts';

/** A content of a step version, and what is known of its use. */
export interface BoundContents {
  readonly binding: Binding;
  /** When it was computed, bound or used last, by itself or by an alias; milliseconds since the epoch. */
  lastUsed: number;
  /** False for a generation that another one has replaced. */
  readonly counts: boolean;
}

/** Every binding of a store: which contents each step version has, what was made from it, and where its values are. */
export class BoundSteps {
  readonly byVersion: Map<string, BoundContents[]> = new Map();
  readonly #byAddress = new Map<string, { readonly contents: BoundContents; readonly address: BoundAddress }>();
  readonly #changing = new Set<string>();

  constructor({ table, pins }: Pick<Bindings, 'table' | 'pins'>, history: UseHistory) {
    const newest = new Map<string, Binding>();
    for (const binding of table.live().bindings()) {
      if (isReadableRecord(binding.record)) newest.set(`${binding.stepVersion} ${binding.pub}`, binding);
    }
    for (const binding of newest.values()) this.#add(binding, pins.get(binding.stepVersion)?.pub, history);
    for (const contents of this.all()) this.#useTarget(contents);
  }

  *all(): Generator<BoundContents> {
    for (const contents of this.byVersion.values()) yield* contents;
  }

  /** What a stored value is, by the version in its address. */
  at(version: string): { readonly contents: BoundContents; readonly address: BoundAddress } | undefined {
    return this.#byAddress.get(version);
  }

  /** True for steps of ops that were seen to give something else when they ran again. */
  isKnownToChange({ record }: Binding): boolean {
    return this.#changing.has(opOf(record.op));
  }

  /** The step versions that a binding refers to: what it was made from, and whose values it has. */
  references(binding: Binding): readonly string[] {
    const above = upstreamsOf(binding).map(({ version }) => version);
    return binding.of === undefined ? above : [...above, binding.of];
  }

  #add(binding: Binding, pinned: string | undefined, history: UseHistory): void {
    const { stepVersion, pub, later, when, record } = binding;
    const counts = pinned === undefined ? later !== true : pinned === pub;
    const used = counts ? (history.lastUse(stepVersion) ?? 0) : 0;
    const contents = { binding, lastUsed: Math.max(when, used), counts };
    const known = this.byVersion.get(stepVersion);
    if (known === undefined) this.byVersion.set(stepVersion, [contents]);
    else {
      known.push(contents);
      this.#changing.add(opOf(record.op));
    }
    for (const address of addressesOf(binding)) {
      if (binding.of === undefined || !this.#byAddress.has(address.version)) {
        this.#byAddress.set(address.version, { contents, address });
      }
    }
  }

  /** Whoever uses an alias uses the values of another step version, which may be an alias itself. */
  #useTarget({ binding, lastUsed }: BoundContents): void {
    const seen = new Set<string>();
    for (let of = binding.of; of !== undefined && !seen.has(of); ) {
      seen.add(of);
      let next: string | undefined;
      for (const target of this.byVersion.get(of) ?? []) {
        if (target.binding.pub !== binding.pub) continue;
        target.lastUsed = Math.max(target.lastUsed, lastUsed);
        next = target.binding.of;
      }
      of = next;
    }
  }
}

function opOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return JSON.stringify([namespace, name]);
}
