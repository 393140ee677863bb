import { createHash } from 'node:crypto';
import type { Item, Source, WiredJob, WiredStep } from './job-model.ts';

/** What is known of outputs before a run: nothing of what volatile steps give. */
const NOTHING_KNOWN = (): undefined => undefined;

/**
 * What the results of each step depend on, as one text: two steps, of one job or of two, may share results exactly where their texts
 * are equal. Written without looking at how versions are made. `undefined` where it depends on what a volatile step gives and that
 * is not known.
 *
 * @param contentOf what an output of a volatile step is known to be; `''` stands for all of them.
 */
export function versionKeys(
  wired: WiredJob,
  job: string,
  contentOf: (step: WiredStep, output: string) => string | undefined = NOTHING_KNOWN,
): readonly (string | undefined)[] {
  const keys: (string | undefined)[] = [];
  for (const step of wired.steps) keys.push(keyOf(step, { wired, job, keys, contentOf }));
  return keys;
}

interface Known {
  readonly wired: WiredJob;
  readonly job: string;
  readonly keys: readonly (string | undefined)[];
  readonly contentOf: (step: WiredStep, output: string) => string | undefined;
}

function keyOf(step: WiredStep, known: Known): string | undefined {
  const { op } = step;
  const inputs = step.inputs.map(({ name, source }) => [name, sourceKey(source, known)]);
  const after = step.after.map((edge) => outputKey(edge.step, '', known));
  const parts = [...inputs.map(([, key]) => key), ...after];
  if (parts.includes(undefined)) return undefined;
  const resources = op.uses.map((name) => resourceKey(name, known.wired)).sort();
  const effect = op.kind === 'effect' ? [known.job, step.id] : [];
  return digest([op.name, op.code, step.config, step.salt ?? null, inputs, after, resources, effect]);
}

function sourceKey(source: Source, known: Known): string | undefined {
  if (source.kind !== 'list') return itemKey(source, known);
  const items = source.items.map((item) => itemKey(item, known));
  return items.includes(undefined) ? undefined : digest(['list', items]);
}

function itemKey(item: Item, known: Known): string | undefined {
  return item.kind === 'literal' ? `literal ${item.value}` : outputKey(item.step, item.output, known);
}

function outputKey(index: number, output: string, known: Known): string | undefined {
  const step = known.wired.steps[index] as WiredStep;
  if (step.op.kind !== 'volatile') {
    const key = known.keys[index];
    return key === undefined ? undefined : digest([key, output]);
  }
  const content = known.contentOf(step, output);
  return content === undefined ? undefined : digest([step.op.name, output, content]);
}

function resourceKey(name: string, wired: WiredJob): string {
  const resource = wired.resources.find((other) => other.name === name);
  const uses = resource?.uses.map((other) => resourceKey(other, wired)).sort();
  return digest([name, resource?.code, resource?.config, uses]);
}

function digest(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
