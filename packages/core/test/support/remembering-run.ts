import { coneOf, upstreamOf, type WiredJob, type WiredStep } from './job-model.ts';
import { inputsOf, type NaiveOutcome, naiveRun, type Outside } from './naive-run.ts';
import { versionKeys } from './version-key.ts';

/** Steps that share results: one of them is executed, or as many as have versions of their own when they run at once. */
export interface SharingSteps {
  readonly ids: readonly string[];
  /** Most executions. */
  readonly most: number;
}

/** What a run of a job has to execute when nothing is ever lost. */
export interface NeededRun {
  readonly must: readonly SharingSteps[];
  /** The same, where it depends on what is known of steps that fail or leave outputs out: they may be executed. */
  readonly may: readonly SharingSteps[];
  /** Every step that is not executed. */
  readonly idle: readonly string[];
}

/**
 * Says which steps a run has to execute, given what was executed before: the demanded ones of which nobody has computed the result,
 * neither under their version nor from the same contents, the volatile ones, and effects that were not the last ones of their step.
 * For ops that leave nothing to chance.
 */
export class RememberingRun {
  /** By version, the version that was computed: another one for what was re-used because it read the same. */
  readonly #bound = new Map<string, string>();
  /** By what was read, the version that was computed. */
  readonly #computed = new Map<string, string>();
  /** The key of the last execution of each effect, by step id. */
  readonly #lastEffects = new Map<string, string>();
  #keys = new Map<string, StepKeys>();

  /** What a run has to execute; `only` are the steps that are asked for. */
  needed(wired: WiredJob, outside: Outside, only?: readonly number[]): NeededRun {
    // What was computed before ops broke is there; what was not is not asked about.
    const naive = naiveRun(wired, { state: outside.state, broken: new Set() }).steps;
    const keys = this.#keysOf(wired, naive);
    this.#keys = new Map(wired.steps.map(({ id, index }) => [id, keys[index] as StepKeys]));
    const cone = coneOf(wired, only ?? wired.steps.keys());
    const ends = this.#endsOf(wired, { naive, outside, cone });
    const wanted = wantedIn(wired, ends, only);
    const groups = new Map<string, WiredStep[]>();
    for (const step of wired.steps) {
      if (ends[step.index] !== 'executed') continue;
      const key = step.op.kind === 'plain' ? (keys[step.index]?.content ?? '') : step.id;
      groups.set(key, [...(groups.get(key) ?? []), step]);
    }
    const must = [...groups.values()].filter((group) => group.some(({ index }) => wanted.has(index)));
    const may = [...groups.values()].filter((group) => !must.includes(group));
    const idle = wired.steps.filter(({ index }) => ends[index] !== 'executed').map(({ id }) => id);
    const shared = (steps: readonly WiredStep[]): SharingSteps => ({
      ids: steps.map(({ id }) => id),
      most: new Set(steps.map(({ index }) => keys[index]?.version)).size,
    });
    return { must: must.map(shared), may: may.map(shared), idle };
  }

  /** Remembers what a run executed and re-used; the job is that of the last question. */
  learn(
    wired: WiredJob,
    { executed, reused }: { readonly executed: readonly string[]; readonly reused: readonly string[] },
  ): void {
    for (const { id, op } of wired.steps) {
      const { version, content, ranAs } = this.#keys.get(id) as StepKeys;
      if (op.kind === 'volatile') continue;
      if (executed.includes(id)) {
        this.#bound.set(version, version);
        if (!this.#computed.has(content)) this.#computed.set(content, version);
        if (op.kind === 'effect') this.#lastEffects.set(id, version);
      } else if (reused.includes(id) && !this.#bound.has(version)) this.#bound.set(version, ranAs);
    }
  }

  #keysOf(wired: WiredJob, naive: readonly NaiveOutcome[]): readonly StepKeys[] {
    const versions = versionKeys(wired, 'model', (step, output) => contentOf(step, output, naive)) as readonly string[];
    const keys: StepKeys[] = [];
    for (const step of wired.steps) {
      const version = versions[step.index] as string;
      const { op, after } = step;
      const before = after.map(({ step: other }) =>
        wired.steps[other]?.op.kind === 'volatile' ? contentOf(wired.steps[other], '', naive) : keys[other]?.ranAs,
      );
      // The version of the step if it read nothing: op, code, config, salt and resources.
      const [own] = versionKeys({ ...wired, steps: [{ ...step, inputs: [], after: [] }] }, 'model');
      const content = JSON.stringify([own, inputsOf(step, naive), before]);
      const computed = op.kind === 'plain' ? this.#computed.get(content) : undefined;
      keys.push({ version, content, ranAs: this.#bound.get(version) ?? computed ?? version });
    }
    return keys;
  }

  #endsOf({ steps }: WiredJob, { naive, outside, cone }: Circumstances): readonly Ends[] {
    const ends: Ends[] = [];
    for (const step of steps) {
      const stopped = upstreamOf(step).some((other) => ends[other] === 'failed' || ends[other] === 'cancelled');
      if (!cone.has(step.index)) ends.push('idle');
      else if (stopped) ends.push('cancelled');
      else if (naive[step.index] === 'absent' || this.#isThere(step)) ends.push('idle');
      else if (this.#wasComputed(step)) ends.push('adopted');
      else ends.push(outside.broken.has(step.op.name) ? 'failed' : 'executed');
    }
    return ends;
  }

  #isThere({ id, op }: WiredStep): boolean {
    const { version } = this.#keys.get(id) as StepKeys;
    if (op.kind === 'volatile' || !this.#bound.has(version)) return false;
    return op.kind !== 'effect' || this.#lastEffects.get(id) === version;
  }

  #wasComputed({ id, op }: WiredStep): boolean {
    return op.kind === 'plain' && this.#computed.has((this.#keys.get(id) as StepKeys).content);
  }
}

/** What a step's result is found by. */
interface StepKeys {
  readonly version: string;
  readonly content: string;
  /** The version that was computed, or would be. */
  readonly ranAs: string;
}

/** `adopted`: bound without being executed, because what it reads was read before. */
type Ends = 'executed' | 'failed' | 'cancelled' | 'idle' | 'adopted';

interface Circumstances {
  readonly naive: readonly NaiveOutcome[];
  readonly outside: Outside;
  readonly cone: ReadonlySet<number>;
}

/** The steps that are asked for, that always run, or that have to be known for a step that is not there. */
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
    const isOpen = ['executed', 'failed', 'adopted'].includes(ends[step.index] as Ends);
    if (isOpen && wanted.has(step.index)) for (const other of upstreamOf(step)) wanted.add(other);
  }
  return wanted;
}

function contentOf(step: WiredStep, output: string, naive: readonly NaiveOutcome[]): string {
  const outcome = naive[step.index];
  if (!(outcome instanceof Map)) return 'nothing';
  return output === '' ? JSON.stringify([...outcome]) : (outcome.get(output) ?? 'absent');
}
