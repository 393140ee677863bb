import { type Item, type Source, upstreamOf, type WiredJob, type WiredStep } from './job-model.ts';
import { executionId, outputsOf, resourceValue } from './op-result.ts';

/** How a step ends when everything is computed anew: with outputs, skipped for an absent input, or broken by a failure. */
export type NaiveOutcome = ReadonlyMap<string, string> | 'absent' | 'broken';

/** What a run that remembers nothing gives, for ops that leave nothing to chance. */
export interface NaiveRun {
  /** By index of the step. */
  readonly steps: readonly NaiveOutcome[];
  /** What effects published, by step id. */
  readonly published: ReadonlyMap<string, string>;
}

/** The state of the world that a run meets. */
export interface Outside {
  readonly state: number;
  readonly broken: ReadonlySet<string>;
}

/** Computes every step of a job, each once, in order, keeping nothing. */
export function naiveRun(wired: WiredJob, outside: Outside): NaiveRun {
  const resources = makeResources(wired);
  const steps: NaiveOutcome[] = [];
  const published = new Map<string, string>();
  for (const step of wired.steps) {
    const { op } = step;
    const inputs = inputsOf(step, steps);
    if (upstreamOf(step).some((other) => steps[other] === 'broken')) steps.push('broken');
    else if (inputs === undefined) steps.push('absent');
    else if (outside.broken.has(op.name)) steps.push('broken');
    else {
      const id = executionId({
        op,
        config: step.config,
        inputs,
        resources: Object.fromEntries(op.uses.map((name) => [name, resources[name] as string])),
        outside: op.kind === 'volatile' ? `${step.id} ${outside.state}` : undefined,
        chance: undefined,
      });
      if (op.kind === 'effect') published.set(step.id, id);
      steps.push(outputsOf(op, id));
    }
  }
  return { steps, published };
}

/** The values of the resources of a job, by name. */
export function makeResources(wired: WiredJob): Readonly<Record<string, string>> {
  const made: Record<string, string> = {};
  for (const { name, code, config, uses } of wired.resources) {
    const use = Object.fromEntries(uses.map((other) => [other, made[other]]));
    made[name] = resourceValue(name, { code, config, use });
  }
  return made;
}

/** What a step reads, by input name; `undefined` when an input is an absent output. Absent items are left out of lists. */
export function inputsOf(
  step: WiredStep,
  steps: readonly NaiveOutcome[],
): Readonly<Record<string, unknown>> | undefined {
  const inputs: Record<string, unknown> = {};
  for (const { name, source } of step.inputs) {
    const value = sourceValue(source, steps);
    if (value === undefined) return undefined;
    inputs[name] = value;
  }
  return inputs;
}

function sourceValue(source: Source, steps: readonly NaiveOutcome[]): unknown {
  if (source.kind !== 'list') return itemValue(source, steps);
  return source.items.map((item) => itemValue(item, steps)).filter((value) => value !== undefined);
}

function itemValue(item: Item, steps: readonly NaiveOutcome[]): string | number | undefined {
  if (item.kind === 'literal') return item.value;
  const outcome = steps[item.step];
  return outcome instanceof Map ? outcome.get(item.output) : undefined;
}
