import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoError } from '../../src/errors/memo-error.ts';
import type { TracedStep } from '../../src/trace/build-wiring.ts';
import type { Neighbours } from '../../src/trace/neighbours.ts';
import { stepOrder } from '../../src/trace/step-order.ts';
import { cases } from '../support/cases.ts';

type Edge = { readonly at: number; readonly by: 'input' | 'number' | 'id' };

/** Steps that wait for others, by position: as build() makes them, but for what order does not depend on. */
function stepsOf(edges: readonly (readonly Edge[])[]): readonly TracedStep[] {
  return edges.map((waits, index) => ({
    id: `s${index}`,
    site: undefined,
    sources: waits.filter(({ by }) => by === 'input').map(({ at }) => ({ kind: 'output', step: at, output: 'result' })),
    after: waits.flatMap(({ at, by }): (string | number)[] => (by === 'id' ? [`s${at}`] : by === 'number' ? [at] : [])),
  })) as unknown as readonly TracedStep[];
}

const by = fc.constantFrom('input', 'number', 'id') as fc.Arbitrary<Edge['by']>;

/** Graphs without circles, their steps in any order. */
const graphs: fc.Arbitrary<readonly (readonly Edge[])[]> = fc
  .array(fc.array(fc.record({ at: fc.nat({ max: 99 }), by }), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
  .chain((edges) => fc.tuple(fc.constant(edges), fc.shuffledSubarray([...edges.keys()], { minLength: edges.length })))
  .map(([edges, place]) => {
    const moved: (readonly Edge[])[] = [];
    for (const [index, waits] of edges.entries()) {
      const earlier = index === 0 ? [] : waits.map((edge) => ({ ...edge, at: place[edge.at % index] as number }));
      moved[place[index] as number] = earlier;
    }
    return moved;
  });

test('every step comes after those it waits for, and otherwise as early as steps that were made later allow', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const steps = stepsOf(graph);
      const { waits, order } = stepOrder(steps);
      expect(order ?? steps.map((_, made) => made)).toEqual(plainOrder(listsOf(waits)));
    }),
    cases(300),
  );
});

test('what a step waits for is listed once, ascending', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const { waits } = stepOrder(stepsOf(graph));
      expect(listsOf(waits)).toEqual(waitsOf(graph));
      expect(listsOf(waits.reversed())).toEqual(
        graph.map((_, step) => waitsOf(graph).flatMap((others, by) => (others.includes(step) ? [by] : []))),
      );
    }),
    cases(100),
  );
});

test('a circle is named whole: each step in it waits for the one before', () => {
  const anyGraph = fc.array(fc.array(fc.record({ at: fc.nat({ max: 99 }), by }), { maxLength: 2 }), {
    minLength: 1,
    maxLength: 12,
  });
  let circles = 0;
  fc.assert(
    fc.property(anyGraph, (edges) => {
      const graph = edges.map((waits) => waits.map((edge) => ({ ...edge, at: edge.at % edges.length })));
      const steps = stepsOf(graph);
      const waits = waitsOf(graph);
      const circle = circleIn(steps);
      expect(circle === undefined).toBe(plainOrder(waits).length === steps.length);
      if (circle === undefined) return;
      circles++;
      expect(circle.length).toBeGreaterThan(1);
      expect(circle.at(-1)).toBe(circle[0]);
      for (const [at, id] of circle.entries()) {
        const before = circle[at - 1];
        if (before !== undefined) expect(waits[Number(id.slice(1))]).toContain(Number(before.slice(1)));
      }
    }),
    cases(300),
  );
  expect(circles).toBeGreaterThan(10);
});

test('`after` that names no step says which id was meant', () => {
  const steps = stepsOf([[], [{ at: 7, by: 'id' }]]);
  expect(() => stepOrder(steps)).toThrow(expect.objectContaining({ code: 'M2107' }));
});

function listsOf(neighbours: Neighbours): readonly (readonly number[])[] {
  return Array.from({ length: neighbours.size }, (_, step) => [...neighbours.of(step)]);
}

function waitsOf(graph: readonly (readonly Edge[])[]): readonly (readonly number[])[] {
  return graph.map((edges) => [...new Set(edges.map(({ at }) => at))].sort((a, b) => a - b));
}

/** The order by trying: again and again the first step that waits for nothing any more; those in circles are left out. */
function plainOrder(waits: readonly (readonly number[])[]): readonly number[] {
  const order: number[] = [];
  for (;;) {
    const next = waits.findIndex(
      (before, index) => !order.includes(index) && before.every((other) => order.includes(other)),
    );
    if (next === -1) return order;
    order.push(next);
  }
}

function circleIn(steps: readonly TracedStep[]): readonly string[] | undefined {
  try {
    stepOrder(steps);
    return undefined;
  } catch (error) {
    if (MemoError.is(error, 'M2109')) return error.details['steps'] as readonly string[];
    throw error;
  }
}
