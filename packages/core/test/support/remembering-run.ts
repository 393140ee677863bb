import { coneOf, upstreamOf, type WiredJob, type WiredStep } from './job-model.ts';
import { type NaiveOutcome, naiveRun, type Outside } from './naive-run.ts';
import { versionKeys } from './version-key.ts';

/** What a run of a job has to execute when nothing is ever lost. */
export interface NeededRun {
  /** Groups of steps that share results; one step of each is executed. */
  readonly must: readonly (readonly string[])[];
  /** The same, where that depends on what is known of steps that fail or leave outputs out: one step is executed, or none. */
  readonly may: readonly (readonly string[])[];
  /** Every step that is not executed. */
  readonly idle: readonly string[];
}

/**
 * Says which steps a run has to execute, given what was executed before: the demanded ones whose results nobody has computed, the
 * volatile ones, and effects that were not the last ones of their step. For ops that leave nothing to chance.
 */
export class RememberingRun {
  readonly #computed = new Set<string>();
  /** The key of the last execution of each effect, by step id. */
  readonly #lastEffects = new Map<string, string>();
  #keys = new Map<string, string>();

  /** What a run has to execute; `only` are the steps that are asked for. */
  needed(wired: WiredJob, outside: Outside, only?: readonly number[]): NeededRun {
    // What was computed before ops broke is there; what was not is not asked about.
    const naive = naiveRun(wired, { state: outside.state, broken: new Set() }).steps;
    const keys = versionKeys(wired, 'model', (step, output) => contentOf(step, output, naive)) as readonly string[];
    this.#keys = new Map(wired.steps.map(({ id, index }) => [id, keys[index] as string]));
    const cone = coneOf(wired, only ?? wired.steps.keys());
    const ends = this.#endsOf(wired, { naive, outside, cone });
    const wanted = wantedIn(wired, ends, only);
    const groups = new Map<string, WiredStep[]>();
    for (const step of wired.steps) {
      if (ends[step.index] !== 'executed') continue;
      const key = `${keys[step.index]}${step.op.kind === 'volatile' ? ` ${step.id}` : ''}`;
      groups.set(key, [...(groups.get(key) ?? []), step]);
    }
    const must = [...groups.values()].filter((group) => group.some(({ index }) => wanted.has(index)));
    const may = [...groups.values()].filter((group) => !must.includes(group));
    const idle = wired.steps.filter(({ index }) => ends[index] !== 'executed');
    return { must: must.map(idsOf), may: may.map(idsOf), idle: idsOf(idle) };
  }

  /** Remembers what a run executed; the job is that of the last question. */
  learn(wired: WiredJob, executed: readonly string[]): void {
    for (const { id, op } of wired.steps) {
      if (!executed.includes(id) || op.kind === 'volatile') continue;
      this.#computed.add(this.#keys.get(id) as string);
      if (op.kind === 'effect') this.#lastEffects.set(id, this.#keys.get(id) as string);
    }
  }

  #endsOf({ steps }: WiredJob, { naive, outside, cone }: Circumstances): readonly Ends[] {
    const ends: Ends[] = [];
    for (const step of steps) {
      const stopped = upstreamOf(step).some((other) => ends[other] === 'failed' || ends[other] === 'cancelled');
      if (!cone.has(step.index)) ends.push('idle');
      else if (stopped) ends.push('cancelled');
      else if (naive[step.index] === 'absent' || this.#isThere(step)) ends.push('idle');
      else ends.push(outside.broken.has(step.op.name) ? 'failed' : 'executed');
    }
    return ends;
  }

  #isThere({ id, op }: WiredStep): boolean {
    const key = this.#keys.get(id) as string;
    if (op.kind === 'volatile' || !this.#computed.has(key)) return false;
    return op.kind !== 'effect' || this.#lastEffects.get(id) === key;
  }
}

type Ends = 'executed' | 'failed' | 'cancelled' | 'idle';

interface Circumstances {
  readonly naive: readonly NaiveOutcome[];
  readonly outside: Outside;
  readonly cone: ReadonlySet<number>;
}

/** The steps that are asked for, that always run, or that a step reads which is certain to be tried. */
function wantedIn(
  { steps }: WiredJob,
  ends: readonly Ends[],
  only: readonly number[] | undefined,
): ReadonlySet<number> {
  const wanted = new Set<number>(only);
  const read = new Set(steps.flatMap(upstreamOf));
  for (const { index, op, returned } of steps) {
    const isSink = !read.has(index) || (returned && op.outputs.length > 0);
    if (op.kind !== 'plain' || (only === undefined && isSink)) wanted.add(index);
  }
  for (const step of [...steps].reverse()) {
    const isTried = ends[step.index] === 'executed' || ends[step.index] === 'failed';
    if (isTried && wanted.has(step.index)) for (const other of upstreamOf(step)) wanted.add(other);
  }
  return wanted;
}

function idsOf(steps: readonly WiredStep[]): readonly string[] {
  return steps.map(({ id }) => id);
}

function contentOf(step: WiredStep, output: string, naive: readonly NaiveOutcome[]): string {
  const outcome = naive[step.index];
  if (!(outcome instanceof Map)) return 'nothing';
  return output === '' ? JSON.stringify([...outcome]) : (outcome.get(output) ?? 'absent');
}
