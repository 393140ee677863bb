import type { InputRecord, StepVersionRecord, UpstreamRecord } from '../versions/step-version-record.ts';
import type { Change } from './reason.ts';

/** Equal for outputs that enter a key equally: step and op names do not count. */
export function upstreamIdentity(upstream: UpstreamRecord): string {
  if (upstream.form === 'content') return `content ${upstream.version}`;
  return `step ${upstream.version} ${upstream.pub ?? ''} ${upstream.output}`;
}

/** `split.train`; only the step for an output that is the whole result. */
export function outputName(upstream: Pick<UpstreamRecord, 'step' | 'output'>): string {
  return upstream.output === '' ? upstream.step : `${upstream.step}.${upstream.output}`;
}

/**
 * Says when two outputs are the same source at two times: of one step, or of a step that has another id now. A step was renamed
 * when nothing has its old id any more and the op is the same.
 */
export class SourceMatch {
  readonly #exists: (step: string) => boolean;

  /** @param exists true for ids of steps of the job as it is now. Default: those that the newer record names. */
  constructor(after: StepVersionRecord, exists: ((step: string) => boolean) | undefined) {
    this.#exists = exists ?? stepsIn(after);
  }

  same(before: UpstreamRecord, after: UpstreamRecord): boolean {
    if (before.output !== after.output) return false;
    return before.step === after.step || (before.op === after.op && this.isGone(before));
  }

  /** True for an output whose step does not exist any more under its id. */
  isGone(before: UpstreamRecord): boolean {
    return !this.#exists(before.step);
  }
}

/** The change of an input that comes from the same output as before. */
export function upstreamChange(input: string, before: UpstreamRecord, after: UpstreamRecord): Change {
  const regenerated = before.version === after.version && before.form === after.form;
  const version = (upstream: UpstreamRecord): string =>
    regenerated && upstream.pub !== undefined ? `${upstream.version}${GENERATION}${upstream.pub}` : upstream.version;
  const { step, output } = after;
  return { kind: 'upstream', input, step, output, before: version(before), after: version(after) };
}

/** True for an upstream change where only the generation differs: the step was computed again under one version. */
export function isRegeneration(change: { readonly before: string; readonly after: string }): boolean {
  return stepVersionIn(change.before) === stepVersionIn(change.after);
}

/** The step version in the `before` or `after` of an upstream change. */
export function stepVersionIn(version: string): string {
  return version.split(GENERATION, 1)[0] ?? version;
}

const GENERATION = '+';

function stepsIn(record: StepVersionRecord): (step: string) => boolean {
  const steps = new Set((record.after ?? []).map(({ step }) => step));
  for (const input of Object.values(record.inputs)) for (const { step } of upstreamsIn(input)) steps.add(step);
  return (step) => steps.has(step);
}

function upstreamsIn(input: InputRecord): readonly UpstreamRecord[] {
  if (input.from === 'output') return [input.output];
  if (input.from === 'item') return [input.of];
  return input.from === 'list' ? input.items.filter((item): item is UpstreamRecord => 'step' in item) : [];
}
