import { isDigest } from '../hash/digest.ts';
import type { OutputContext } from '../io/io-contexts.ts';
import { OrdinaryOutput } from '../io/ordinary-output.ts';
import { type OutputIdentifier, versionedIdentifier } from '../io/output-identifier.ts';

/** An output that is held in memory. */
export interface HeldOutput {
  /** What it is found under: its version, or its address where that says more. */
  readonly key: string;
  readonly op: { readonly namespace: string; readonly name: string };
  readonly output: string;
  readonly codec: string;
  /** How many bytes it takes encoded. */
  readonly bytes: number;
  /** What the codec made of the value; the value itself where it is a scalar, which nobody can change. */
  readonly payload: Uint8Array | number | boolean | null;
  readonly contentDigest: string | undefined;
}

/**
 * Outputs by address, in the order of their last use. A version is found without its address, as long as that is the ordinary one of the output which
 * is held under it: versions are known texts, and an address would have to be put together, and hashed, each time.
 */
export class HeldOutputs {
  readonly #held = new Map<string, HeldOutput>();
  /** How many are found under their addresses only. */
  #addressed = 0;

  find(context: OutputContext): HeldOutput | undefined {
    if (context instanceof OrdinaryOutput && context.version !== undefined) {
      const held = this.#held.get(context.version);
      if (held === undefined ? this.#addressed === 0 : isOutput(held, context)) return held;
    }
    return this.#findAt(context.getOutputIdentifier());
  }

  /** The key for an output that is not held yet. */
  keyFor(context: OutputContext): string {
    const { version } = context;
    if (context instanceof OrdinaryOutput && isDigest(version) && !this.#held.has(version)) return version;
    return context.getOutputIdentifier().join('/');
  }

  add(held: HeldOutput): void {
    this.#held.set(held.key, held);
    if (isAddress(held.key)) this.#addressed++;
  }

  /** Says that an output is used now. */
  use(held: HeldOutput): void {
    this.#held.delete(held.key);
    this.#held.set(held.key, held);
  }

  delete(held: HeldOutput): void {
    if (this.#held.delete(held.key) && isAddress(held.key)) this.#addressed--;
  }

  /** All of them, the one first that was used longest ago. */
  values(): IterableIterator<HeldOutput> {
    return this.#held.values();
  }

  clear(): void {
    this.#held.clear();
    this.#addressed = 0;
  }

  #findAt(identifier: OutputIdentifier): HeldOutput | undefined {
    const address = identifier.join('/');
    const held = this.#held.get(identifier.at(-1) as string);
    return held !== undefined && addressOf(held).join('/') === address ? held : this.#held.get(address);
  }
}

/** Where an output is. */
export function addressOf({ key, op, output }: HeldOutput): OutputIdentifier {
  return isAddress(key) ? key.split('/') : versionedIdentifier(op, output, key);
}

/** Addresses have several segments, versions none. */
function isAddress(key: string): boolean {
  return key.includes('/');
}

function isOutput(held: HeldOutput, { op, output }: OutputContext): boolean {
  return held.output === output && held.op.name === op.name && held.op.namespace === op.namespace;
}
