import { placeOf } from '../definitions/definition-site.ts';
import { MemoError } from '../errors/memo-error.ts';
import { didYouMean } from './did-you-mean.ts';
import { NeighbourList, type Neighbours } from './neighbours.ts';
import type { StepTable, TracedStep } from './step-table.ts';

/** An order, and what it follows from. */
export interface StepOrder {
  /** What each step waits for, by the order in which the steps were made: inputs and `after`. */
  readonly waits: Neighbours;
  /** Steps by the order in which they were made, in topological order; `undefined` where that is the order in which they were made. */
  readonly order: readonly number[] | undefined;
}

/** The order of traced steps. @throws MemoError M2107, M2109. */
export function stepOrder(steps: StepTable): StepOrder {
  const waits = waitsOf(steps);
  return { waits, order: topologicalOrder(steps, waits) };
}

/**
 * What each step waits for.
 *
 * @throws MemoError M2107 when `after` names a step that does not exist.
 */
function waitsOf(steps: StepTable): Neighbours {
  if (steps.uses.every(({ after }) => after.length === 0)) return steps.sources.neighbours();
  let byId: ReadonlyMap<string, number> | undefined;
  const list = new NeighbourList(steps.count);
  for (let index = 0; index < steps.count; index++) {
    steps.sources.addSteps(index, list);
    const { after: others } = steps.useOf(index);
    for (const after of others) {
      byId ??= new Map(steps.all().map(({ id, index: made }) => [id, made]));
      list.add(typeof after === 'number' ? after : resolveId(after, steps.step(index), byId));
    }
    list.endStep();
  }
  return list.neighbours();
}

function resolveId(id: string, step: TracedStep, byId: ReadonlyMap<string, number>): number {
  const found = byId.get(id);
  if (found !== undefined) return found;
  throw new MemoError(
    'M2107',
    `\`after\` of step "${step.id}" names "${id}", which is not a step.${didYouMean(id, byId.keys())}`,
    {
      fix: 'Name a step of this job, or pass the result of its op.',
      place: placeOf(step.site),
      details: { step: step.id },
    },
  );
}

/**
 * The steps in topological order, as positions in the order in which they were made. Steps that do not depend on each other
 * keep that order; `undefined` where all do.
 *
 * @throws MemoError M2109 naming a whole circle.
 */
function topologicalOrder(steps: StepTable, waits: Neighbours): readonly number[] | undefined {
  if (waits.isBackward()) return undefined;
  const missing = Int32Array.from({ length: steps.count }, (_, index) => waits.count(index));
  const followers = waits.reversed();
  const ready = new MinQueue();
  for (const [index, count] of missing.entries()) if (count === 0) ready.push(index);
  const order: number[] = [];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    order.push(next);
    for (const follower of followers.of(next)) {
      const left = (missing[follower] as number) - 1;
      missing[follower] = left;
      if (left === 0) ready.push(follower);
    }
  }
  if (order.length === steps.count) return order;
  throw cycleError(steps.all(), waits, new Set(order));
}

function cycleError(steps: readonly TracedStep[], waits: Neighbours, done: ReadonlySet<number>): MemoError {
  const path: number[] = [];
  let at = steps.findIndex((_, index) => !done.has(index));
  while (!path.includes(at)) {
    path.push(at);
    at = waits.find(at, (other) => !done.has(other)) ?? at;
  }
  const circle = [...path.slice(path.indexOf(at)).reverse(), ...path.slice(path.indexOf(at)).slice(-1)];
  const names = circle.map((index) => {
    const step = steps[index];
    const place = placeOf(step?.site);
    return place === undefined ? `${step?.id}` : `${step?.id} (${place.file}:${place.line ?? 1})`;
  });
  return new MemoError('M2109', `Steps wait for each other: ${names.join(' → ')}.`, {
    fix: 'Remove one of these `after` edges.',
    place: placeOf(steps[at]?.site),
    details: { steps: circle.map((index) => steps[index]?.id) },
  });
}

/** A binary heap of numbers, smallest first. */
class MinQueue {
  readonly #items: number[] = [];

  push(item: number): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((items[parent] ?? 0) <= item) break;
      items[at] = items[parent] ?? 0;
      at = parent;
    }
    items[at] = item;
  }

  pop(): number | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      if ((items[child + 1] ?? Number.POSITIVE_INFINITY) < (items[child] ?? 0)) child++;
      if ((items[child] ?? 0) >= last) break;
      items[at] = items[child] ?? 0;
      at = child;
    }
    items[at] = last;
    return first;
  }
}
