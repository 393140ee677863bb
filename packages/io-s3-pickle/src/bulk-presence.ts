import type { OutputContext, OutputVersions } from '@memo/core/plugin';
import { VERSION_BYTES, versionAt } from './key-mark.ts';
import { outputKey } from './object-key.ts';
import { findPresent, type PresenceQuestion } from './presence.ts';
import type { PresenceIndex } from './presence-index.ts';

/** Where many outputs are looked for at once. */
export interface BulkPlace extends Omit<PresenceQuestion, 'signal'> {
  /** `undefined` where each key is to be asked for. */
  readonly index: PresenceIndex | undefined;
  /** Looks at one output, where a listing does not say enough of it. */
  readonly lookAt: ((context: OutputContext, key: string) => Promise<boolean>) | undefined;
}

/** An output that no index covers. */
interface Uncovered {
  readonly key: string;
  /** Made only where it takes a look at the object itself. */
  readonly context: () => OutputContext;
}

/**
 * Looks for many outputs at once: in the index, and for what that does not cover by listing or HEADs, whichever costs less. Who asks in one turn
 * with one signal, as a planner asks about each of its outputs, shares one reading of the index and one walk through the keys.
 */
export class BulkPresence {
  readonly #place: BulkPlace;
  readonly #readings = new WeakMap<AbortSignal, Promise<void>>();
  readonly #walks = new WeakMap<AbortSignal, Walk>();

  constructor(place: BulkPlace) {
    this.#place = place;
  }

  async outputs(contexts: readonly OutputContext[], keys: readonly string[]): Promise<readonly boolean[]> {
    const [first] = contexts;
    if (first === undefined) return [];
    const present = new Uint8Array(keys.length);
    const { index } = this.#place;
    if (index !== undefined && keys.length >= WORTH_THE_INDEX) {
      await this.#readIndex(index, first.signal);
      for (const [at, key] of keys.entries()) if (index.covers(key)) present[at] = 1;
    }
    const outputAt = (at: number) => ({ key: keys[at] as string, context: () => contexts[at] as OutputContext });
    await this.#look(first.signal, present, outputAt);
    return Array.from(present, (isThere) => isThere === 1);
  }

  async versions(outputs: OutputVersions): Promise<Uint8Array> {
    const { count, above, bytes } = outputs;
    if (count === 0) return new Uint8Array(0);
    const { signal } = outputs.context(0);
    const start = outputKey(this.#place.prefix, [...above, NO_VERSION]).slice(0, -NO_VERSION.length);
    const { index } = this.#place;
    if (index !== undefined) await this.#readIndex(index, signal);
    const present = index?.coversVersions(start, bytes) ?? new Uint8Array(count);
    await this.#look(signal, present, (at) => ({
      key: start + versionAt(bytes, at),
      context: () => outputs.context(at),
    }));
    return present;
  }

  /** Looks for everything that is not covered, and notes what is there. */
  async #look(signal: AbortSignal, present: Uint8Array, outputAt: (at: number) => Uncovered): Promise<void> {
    const open: number[] = [];
    for (let at = 0; at < present.length; at++) if (present[at] === 0) open.push(at);
    if (open.length === 0) return;
    const asked = open.map(outputAt);
    const answers = await this.#answers(asked, signal);
    for (const [nth, at] of open.entries()) if (answers[nth] === true) present[at] = 1;
  }

  async #answers(asked: readonly Uncovered[], signal: AbortSignal): Promise<readonly boolean[]> {
    const { lookAt } = this.#place;
    if (lookAt !== undefined) return Promise.all(asked.map(({ context, key }) => lookAt(context(), key)));
    const found = await this.#walk(
      asked.map(({ key }) => key),
      signal,
    );
    return asked.map(({ key }) => found.has(key));
  }

  #readIndex(index: PresenceIndex, signal: AbortSignal): Promise<void> {
    const known = this.#readings.get(signal);
    if (known !== undefined) return known;
    const reading = Promise.resolve().then(() => {
      this.#readings.delete(signal);
      return index.refresh(signal);
    });
    this.#readings.set(signal, reading);
    return reading;
  }

  #walk(keys: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const walk = this.#walks.get(signal) ?? this.#beginWalk(signal);
    for (const key of keys) walk.keys.push(key);
    return walk.found;
  }

  #beginWalk(signal: AbortSignal): Walk {
    const keys: string[] = [];
    const found = Promise.resolve().then(() => {
      this.#walks.delete(signal);
      const { bucket, prefix } = this.#place;
      return findPresent({ bucket, prefix, signal }, keys);
    });
    const walk = { keys, found };
    this.#walks.set(signal, walk);
    return walk;
  }
}

/** Keys that are looked for together. */
interface Walk {
  readonly keys: string[];
  readonly found: Promise<ReadonlySet<string>>;
}

const NO_VERSION = '0'.repeat(2 * VERSION_BYTES);
const WORTH_THE_INDEX = 8;
