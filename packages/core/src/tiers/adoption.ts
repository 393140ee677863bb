import type { Binding } from '../records/binding.ts';
import { upstreamsOf } from '../records/binding-addresses.ts';
import { placeOfBinding } from '../records/binding-place.ts';
import type { Bindings } from '../records/bindings.ts';
import { manifestKey } from '../versions/job-code.ts';
import { isWhole } from './shared-bindings.ts';

/**
 * Makes bindings of a shared store ours, with those of everything that they were made from: when one of these is computed again here, it
 * must be seen whether it gives the same. Durable before the promise is fulfilled, and so before the value that is copied next.
 */
export class Adoption {
  readonly #local: Bindings;
  readonly #shared: Bindings;

  constructor(local: Bindings, shared: Bindings) {
    this.#local = local;
    this.#shared = shared;
  }

  async adopt(binding: Binding): Promise<void> {
    const wanted = this.#unknownAbove(binding);
    for (const [at, one] of wanted.entries()) {
      await this.#adoptOne(one, at === wanted.length - 1);
    }
  }

  /** The binding and those above it that are not ours yet; what others are made from comes first. */
  #unknownAbove(binding: Binding): readonly Binding[] {
    const seen = new Set<string>();
    const found: Binding[] = [];
    const open = [binding];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const key = `${next.stepVersion} ${next.pub}`;
      if (seen.has(key) || this.#isOurs(next)) continue;
      seen.add(key);
      found.push(next);
      for (const { version, pub } of upstreamsOf(next)) {
        const above = this.#shared.table.live().get(version, pub)?.document();
        if (above !== undefined && isWhole(above)) open.push(above);
      }
    }
    return found.reverse();
  }

  #isOurs({ stepVersion, pub, later }: Binding): boolean {
    return this.#local.table.live().get(stepVersion, later === true ? pub : undefined) !== undefined;
  }

  async #adoptOne(binding: Binding, flush: boolean): Promise<void> {
    const { by, code } = binding.record.op;
    const manifest = this.#shared.table.manifest(manifestKey(by, code));
    if (manifest !== undefined) this.#local.addManifest(manifestKey(by, code), manifest);
    const { stepVersion, pub, later } = binding;
    const pinned = later === true && this.#shared.pins.get(stepVersion)?.pub === pub;
    await this.#local.append(binding, placeOfBinding(binding), flush || pinned);
    if (pinned && !this.#local.pins.has(stepVersion)) await this.#local.pin(stepVersion, pub, undefined);
  }
}
