import type { PlannedJob } from '../plan/plan-job.ts';
import { committedByOutput, type StoredSteps } from '../plan/stored-steps.ts';
import { pubOf } from '../versions/record-key.ts';

/** A content that nobody knows: no execution has this `pub`. */
const UNKNOWN = '';

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
    const { memoized, traced } = this.#planned;
    const version = stored.versions.version(index);
    if (memoized === undefined || version === undefined || version !== memoized.stored.versions.version(index))
      return undefined;
    this.#hasTraces ??= tracesIn(this.#planned);
    if (this.#hasTraces[index] === 0) return undefined;
    const step = traced.steps[index];
    if (step === undefined || !committedByOutput(step)) return UNKNOWN;
    const output = step.op.outputs[0]?.name ?? 'result';
    for (const consumer of traced.downstream[index] ?? []) {
      const consumed = stored.entry(consumer)?.document()?.consumed;
      const input = traced.steps[consumer]?.inputs.find(
        ({ source }) => source.kind === 'output' && source.step === index,
      );
      const digest = input === undefined ? undefined : consumed?.[input.name];
      if (typeof digest === 'string') return pubOf({ [output]: { digest } });
    }
    return UNKNOWN;
  }
}

/** Marks the steps from which something was made that is there, be it by way of others that are not. */
function tracesIn({ traced, memoized }: PlannedJob): Uint8Array {
  const traces = new Uint8Array(traced.steps.length);
  if (memoized === undefined) return traces;
  const { stored, missing, isVolatile } = memoized;
  for (const step of [...traced.steps].reverse()) {
    const isThere = stored.versions.version(step.index) !== undefined && !missing.has(step.index) && !isVolatile(step);
    if (!isThere && traces[step.index] === 0) continue;
    for (const upstream of traced.upstream[step.index] ?? []) traces[upstream] = 1;
  }
  return traces;
}
