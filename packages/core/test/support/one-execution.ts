import { expect } from 'vitest';
import { readBy, type WiredJob, type WiredStep } from './job-model.ts';
import { resultName } from './model-job.ts';
import { inputsOf, makeResources, type NaiveOutcome } from './naive-run.ts';
import { questionOf } from './op-result.ts';
import type { Loaded, ModelResult, Session } from './session.ts';
import { versionKeys } from './version-key.ts';
import type { World } from './world.ts';

/**
 * Whoever loads everything that the job returns gets what one execution of each step explains: a step gave it when it read what the
 * chosen executions of the steps above gave, and steps of one version have one execution.
 */
export async function checkOneExecution(session: Session, result: ModelResult): Promise<void> {
  const loaded = await session.load(result);
  const isExplained = new Explanation(session.wired, session.world, loaded).exists();
  if (!isExplained) expect(Object.fromEntries(loaded)).toBe('what one execution of each step gives');
}

/** What a step gave; `unknown` where it never ran on what is above it. */
type Content = NaiveOutcome | 'unknown';

/** A search for one execution of each step that gives what was loaded. It knows nothing of versions, records and stores. */
class Explanation {
  readonly #wired: WiredJob;
  readonly #world: World;
  readonly #loaded: ReadonlyMap<string, Loaded>;
  readonly #keys: readonly (string | undefined)[];
  readonly #resources: Readonly<Record<string, string>>;
  readonly #contents: Content[] = [];
  /** The steps that something loaded came from, and those of one version with them: of all others any execution does. */
  readonly #matters: ReadonlySet<number>;

  constructor(wired: WiredJob, world: World, loaded: ReadonlyMap<string, Loaded>) {
    this.#wired = wired;
    this.#world = world;
    this.#loaded = loaded;
    this.#keys = versionKeys(wired, 'model');
    this.#resources = makeResources(wired);
    this.#matters = this.#cone();
  }

  exists(index: number = 0): boolean {
    const step = this.#wired.steps[index];
    if (step === undefined) return true;
    const candidates = this.#candidates(step);
    return (this.#matters.has(index) ? candidates : candidates.slice(0, 1)).some((content) => {
      if (!this.#agrees(step, content)) return false;
      this.#contents[index] = content;
      return this.exists(index + 1);
    });
  }

  #cone(): ReadonlySet<number> {
    const { steps } = this.#wired;
    const cone = new Set<number>();
    const open = steps.filter(({ returned }) => returned).map(({ index }) => index);
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (cone.has(index)) continue;
      cone.add(index);
      const key = this.#keys[index];
      const twins = key === undefined ? [] : steps.filter((_, other) => this.#keys[other] === key);
      open.push(...readBy(steps[index] as WiredStep), ...twins.map((twin) => twin.index));
    }
    return cone;
  }

  #candidates(step: WiredStep): readonly Content[] {
    const { op, index } = step;
    const key = op.kind === 'volatile' ? undefined : this.#keys[index];
    const twin = key === undefined ? -1 : this.#keys.indexOf(key);
    if (twin !== -1 && twin < index) return [this.#contents[twin] as Content];
    if (step.inputs.some(({ source }) => source.kind === 'output' && this.#lacks(source))) return ['absent'];
    if (readBy(step).some((other) => this.#contents[other] === 'unknown')) return ['unknown'];
    const inputs = inputsOf(step, this.#contents as readonly NaiveOutcome[]);
    if (inputs === undefined) return ['absent'];
    const question = questionOf({
      op,
      config: step.config,
      inputs,
      resources: Object.fromEntries(op.uses.map((name) => [name, this.#resources[name] as string])),
      outside: op.kind === 'volatile' ? `${step.id} ${this.#world.state}` : undefined,
      chance: undefined,
    });
    const answers = this.#world.history.answers(question);
    return answers.length === 0 ? ['unknown'] : answers;
  }

  #lacks({ step, output }: { readonly step: number; readonly output: string }): boolean {
    const content = this.#contents[step];
    return content === 'absent' || (content instanceof Map && !content.has(output));
  }

  #agrees(step: WiredStep, content: Content): boolean {
    if (!step.returned) return true;
    return step.op.outputs.every(({ name }) => {
      const value = this.#loaded.get(resultName(step, name));
      if (value === 'did not run' || value === 'lost') return true;
      if (content === 'unknown' || content === 'broken') return false;
      const data = content === 'absent' ? 'absent' : (content.get(name) ?? 'absent');
      return (typeof value === 'object' ? value.data : value) === data;
    });
  }
}
