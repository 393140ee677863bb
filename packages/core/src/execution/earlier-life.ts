import { consumedOf } from '../plan/consumed.ts';
import type { PlannedJob } from '../plan/plan-job.ts';
import { tracesIn } from '../plan/rebound-steps.ts';
import type { StoredSteps } from '../plan/stored-steps.ts';
import { pubOf } from '../versions/record-key.ts';

/** A content that nobody knows: no execution has this `pub`. */
export const UNKNOWN = '';

/**
 * Tells what a step version held once, where its own record and value are both lost: what was made from it may still be there, and
 * would be mixed with what the step gives when it runs again.
 */
export class EarlierLives {
  readonly #planned: PlannedJob;
  #hasTraces: Uint8Array | undefined;

  constructor(planned: PlannedJob) {
    this.#planned = planned;
  }

  /**
   * Which execution a version without a binding was bound to: the empty text where something was made from it and nobody knows from
   * which, `undefined` where nothing was.
   */
  pub(index: number, stored: StoredSteps): string | undefined {
    if (!this.#hasTrace(index, stored)) return undefined;
    const digest = this.digest(index, stored);
    if (digest === undefined) return UNKNOWN;
    return pubOf({ [stored.step(index).op.outputs[0]?.name ?? 'result']: { digest } });
  }

  /** The content of the one output of a version without a binding, where those that read it agree on it. */
  digest(index: number, stored: StoredSteps): string | undefined {
    if (!this.#hasTrace(index, stored)) return undefined;
    const [digest, ...others] = consumedOf(this.#twins(index, stored), stored);
    return others.length === 0 ? digest : undefined;
  }

  *#twins(index: number, { versions }: StoredSteps): Generator<number> {
    const version = versions.version(index);
    for (const twin of this.#planned.memoized?.twins.of(index) ?? [])
      if (versions.version(twin) === version) yield twin;
  }

  #hasTrace(index: number, stored: StoredSteps): boolean {
    const { memoized } = this.#planned;
    if (memoized === undefined) return false;
    this.#hasTraces ??= tracesIn({ ...this.#planned, ...memoized });
    if (this.#hasTraces[index] !== 1) return false;
    const version = stored.versions.version(index);
    return version !== undefined && version === memoized.stored.versions.version(index);
  }
}
