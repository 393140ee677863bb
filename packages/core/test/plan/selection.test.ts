import { type Job, job, op } from '@memo/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JOB } from '../../src/job.ts';
import { selectSteps } from '../../src/plan/selection.ts';
import type { ExecutionPlan } from '../../src/trace/execution-plan.ts';
import { traceJob } from '../../src/trace/trace-job.ts';
import { cases } from '../support/cases.ts';

/** A step: what it waits for, and its tags. */
interface Node {
  readonly before: readonly number[];
  readonly tags: Readonly<Record<string, string>>;
}

const touch = op('touch', { outputs: [], run: () => ({}) });

function planOf(nodes: readonly Node[]): ExecutionPlan {
  const made: Job<unknown, unknown> = job('graph', {
    build: () => {
      for (const [index, { before, tags }] of nodes.entries())
        touch({}, { id: `s${index}`, after: before.map((other) => `s${other}`), tags });
    },
  });
  const { definition } = made[JOB];
  return traceJob({ job: definition.name, build: definition.build, config: {}, defaults: undefined });
}

const graphs: fc.Arbitrary<readonly Node[]> = fc
  .array(
    fc.record({
      before: fc.array(fc.nat({ max: 99 }), { maxLength: 3 }),
      tags: fc.dictionary(fc.constantFrom('gpu', 'team'), fc.constantFrom('', 'a', 'b'), { maxKeys: 2 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((nodes) =>
    nodes.map(({ before, tags }, index) => ({
      before: index === 0 ? [] : [...new Set(before.map((other) => other % index))],
      tags: { ...tags },
    })),
  );

/** One selector, as data: which steps it names, and which way it spreads. */
interface Term {
  readonly takesAway: boolean;
  readonly up: boolean;
  readonly down: boolean;
  readonly of: { readonly step: number } | { readonly tag: string; readonly value: string | undefined };
}

const terms: fc.Arbitrary<Term> = fc.record({
  takesAway: fc.boolean(),
  up: fc.boolean(),
  down: fc.boolean(),
  of: fc.oneof(
    fc.record({ step: fc.nat({ max: 99 }) }),
    fc.record({ tag: fc.constantFrom('gpu', 'team'), value: fc.constantFrom(undefined, '', 'a') }),
  ),
});

test('selectors name the steps that the words say', () => {
  fc.assert(
    fc.property(graphs, fc.array(terms, { minLength: 1, maxLength: 4 }), fc.boolean(), (nodes, chosen, joined) => {
      const usable = chosen.filter((term) => named(nodes, term).length > 0);
      const texts = usable.map((term) => textOf(nodes, term));
      const selected = selectSteps(planOf(nodes), joined ? texts.join(', ') : texts);
      expect([...selected].sort((a, b) => a - b)).toEqual(meant(nodes, usable));
    }),
    cases(200),
  );
});

test.each(['s9', '+s9', 's9+', 'tag:gpu', 'tag:team=b', '!s9', 's'])(
  '"%s" is an error where nothing is called so',
  (selector) => {
    const plan = planOf([{ before: [], tags: { team: 'a' } }]);
    expect(() => selectSteps(plan, selector)).toThrow(expect.objectContaining({ code: 'M7001' }));
  },
);

test('a selector that is only a sign names no step', () => {
  const plan = planOf([{ before: [], tags: {} }]);
  for (const selector of ['+', '!', '!+']) {
    expect(() => selectSteps(plan, selector)).toThrow(expect.objectContaining({ code: 'M7001' }));
  }
});

function textOf(nodes: readonly Node[], { takesAway, up, down, of }: Term): string {
  const name =
    'step' in of ? `s${of.step % nodes.length}` : `tag:${of.tag}${of.value === undefined ? '' : `=${of.value}`}`;
  return `${takesAway ? '!' : ''}${up ? '+' : ''}${name}${down ? '+' : ''}`;
}

/** What a list of terms means, step by step: a step is in when a term adds it and none takes it away. */
function meant(nodes: readonly Node[], chosen: readonly Term[]): readonly number[] {
  const adding = chosen.filter(({ takesAway }) => !takesAway);
  const takingAway = chosen.filter(({ takesAway }) => takesAway);
  return [...nodes.keys()].filter((step) => {
    const isAdded = (adding.length === 0 && takingAway.length > 0) || adding.some((term) => reaches(nodes, term, step));
    return isAdded && !takingAway.some((term) => reaches(nodes, term, step));
  });
}

function reaches(nodes: readonly Node[], term: Term, step: number): boolean {
  return named(nodes, term).some(
    (from) => from === step || (term.up && isAbove(nodes, step, from)) || (term.down && isAbove(nodes, from, step)),
  );
}

function named(nodes: readonly Node[], { of }: Term): readonly number[] {
  if ('step' in of) return [of.step % nodes.length];
  return [...nodes.keys()].filter((step) => {
    const value = nodes[step]?.tags[of.tag];
    return value !== undefined && (of.value === undefined || of.value === value);
  });
}

/** True when a chain of steps that wait for each other leads from one step down to another. */
function isAbove(nodes: readonly Node[], upper: number, lower: number): boolean {
  return nodes[lower]?.before.some((other) => other === upper || isAbove(nodes, upper, other)) === true;
}
