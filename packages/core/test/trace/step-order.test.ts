import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoError } from '../../src/errors/memo-error.ts';
import { configValue, type LiteralSource, scalarValue } from '../../src/trace/config-value.ts';
import type { InputSource, OutputSource } from '../../src/trace/input-source.ts';
import type { Neighbours } from '../../src/trace/neighbours.ts';
import { SOURCE, SourceColumns } from '../../src/trace/source-columns.ts';
import { stepOrder } from '../../src/trace/step-order.ts';
import { StepTable, type TracedUse } from '../../src/trace/step-table.ts';
import { cases } from '../support/cases.ts';

type Edge = { readonly at: number; readonly by: 'input' | 'number' | 'id' };

/** Steps that wait for others, by position: as build() makes them, but for what order does not depend on. */
function stepsOf(edges: readonly (readonly Edge[])[]): StepTable {
  const steps = new StepTable();
  for (const [index, waits] of edges.entries()) {
    steps.sources.begin();
    for (const { at, by } of waits) if (by === 'input') steps.sources.addOutput(at, 'result');
    steps.sources.end();
    const after = waits.flatMap(({ at, by }): (string | number)[] =>
      by === 'id' ? [`s${at}`] : by === 'number' ? [at] : [],
    );
    steps.add(steps.addUse({ names: [], after, site: undefined } as unknown as TracedUse), `s${index}`);
  }
  return steps;
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
      expect(order ?? steps.all().map((_, made) => made)).toEqual(plainOrder(listsOf(waits)));
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
      expect(circle === undefined).toBe(plainOrder(waits).length === steps.count);
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

const outputs: fc.Arbitrary<OutputSource> = fc.record({
  kind: fc.constant('output'),
  step: fc.nat({ max: 9 }),
  output: fc.constantFrom('result', 'left', 'right'),
});
const scalars = fc.constantFrom('', 'x'.repeat(300), 0, -0, 1.5, 7n, true, null, undefined);
const literals: fc.Arbitrary<LiteralSource> = fc.oneof(
  scalars.map((value) => scalarValue(value) as LiteralSource),
  fc.constant<LiteralSource>({ kind: 'literal', literal: configValue({ a: 1 }, 'a value', []) }),
);
const items = fc.oneof(outputs, literals);
const inputs: fc.Arbitrary<InputSource> = fc.oneof(
  items,
  fc.array(items, { maxLength: 5 }).map((list) => ({ kind: 'list' as const, items: list })),
);

function write(columns: SourceColumns, source: InputSource): void {
  if (source.kind === 'output') columns.addOutput(source.step, source.output);
  else if (source.kind === 'literal') {
    if (scalarValue(source.literal.visible) === undefined) columns.addLiteral(source);
    else columns.addScalar(source.literal.visible as string);
  } else {
    const list = columns.beginList();
    for (const item of source.items) write(columns, item);
    columns.endList(list, source.items.length);
  }
}

test('what steps read is what was written of them, in any order of the steps, and what was given up is not there', () => {
  const order = fc.shuffledSubarray([...Array(10).keys()], { minLength: 10 });
  const steps = fc.array(fc.array(inputs, { maxLength: 4 }), { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(steps, fc.array(inputs, { maxLength: 2 }), order, (read, givenUp, moved) => {
      const columns = new SourceColumns();
      for (const sources of read) {
        columns.begin();
        for (const source of givenUp) write(columns, source);
        columns.begin();
        for (const source of sources) write(columns, source);
        columns.end();
      }
      const again = columns.renumbered(moved, (step) => moved.indexOf(step));
      for (const [step, sources] of read.entries()) {
        expect(columns.of(step)).toEqual(sources.map((source) => shown(source, (at) => at)));
        const place = moved.indexOf(step);
        expect(again.of(place)).toEqual(sources.map((source) => shown(source, (at) => moved.indexOf(at))));
        const others: number[] = [];
        columns.addSteps(step, { add: (other) => others.push(other) });
        expect(others).toEqual(sources.flatMap((source) => stepsIn(source)));
        expect([...columns.neighbours().of(step)]).toEqual([...new Set(others)].sort((a, b) => a - b));
        expect(keysIn(columns, step)).toEqual(sources.flatMap((source) => literalKeys(source)));
      }
    }),
    cases(60),
  );
});

function shown(source: InputSource, at: (step: number) => number): InputSource {
  if (source.kind === 'literal') return source;
  if (source.kind === 'output') return { ...source, step: at(source.step) };
  return { kind: 'list', items: source.items.map((item) => shown(item, at) as OutputSource | LiteralSource) };
}

function stepsIn(source: InputSource): readonly number[] {
  if (source.kind === 'literal') return [];
  return source.kind === 'output' ? [source.step] : source.items.flatMap(stepsIn);
}

function literalKeys(source: InputSource): readonly string[] {
  if (source.kind === 'literal') return [source.literal.key];
  return source.kind === 'output' ? [] : source.items.flatMap(literalKeys);
}

function keysIn(columns: SourceColumns, step: number): readonly string[] {
  const keys: string[] = [];
  for (let at = columns.first(step); at < columns.last(step); at = columns.next(at))
    if (columns.kind(at) === SOURCE.literal) keys.push(columns.key(at));
  return keys;
}

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

function circleIn(steps: StepTable): readonly string[] | undefined {
  try {
    stepOrder(steps);
    return undefined;
  } catch (error) {
    if (MemoError.is(error, 'M2109')) return error.details['steps'] as readonly string[];
    throw error;
  }
}
