import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideDemand, type StepFacts } from '../../src/plan/demand.ts';
import { StepSet } from '../../src/plan/step-set.ts';
import type { ExecutionPlan } from '../../src/trace/execution-plan.ts';
import { NeighbourList } from '../../src/trace/neighbours.ts';
import { cases } from '../support/cases.ts';

const SIZE = 12;
const never = (): boolean => false;
const always = (): boolean => true;

test('a plan in which everything is there and nothing is forced is decided as if each step were looked at, whatever is asked for', () => {
  const edges = fc.array(fc.nat(SIZE), { maxLength: 3 });
  const steps = fc.subarray([...Array(SIZE).keys()]);
  fc.assert(
    fc.property(fc.array(edges, { minLength: SIZE, maxLength: SIZE }), steps, steps, (read, roots, cone) => {
      const facts = { ...settled(read), roots: setOf(roots), cone: setOf([...roots, ...cone]) };
      const decisions = decideDemand({ ...facts, settled: true });
      expect(decisions).toEqual(decideDemand(facts));
      expect(decisions.map(({ action }) => action)).toEqual(Array.from({ length: SIZE }, () => 'reuse'));
    }),
    cases(100),
  );
});

function settled(read: readonly (readonly number[])[]): Omit<StepFacts, 'roots' | 'cone'> {
  const list = new NeighbourList(SIZE);
  for (const [step, others] of read.entries()) {
    for (const other of others) if (other < step) list.add(other);
    list.endStep();
  }
  const upstream = list.neighbours();
  const use = { op: { outputs: [{ name: 'result', io: 'default', optional: false }] } };
  const plan = { size: SIZE, uses: [use], useOf: () => use, upstream, downstream: upstream.reversed() };
  return {
    plan: plan as unknown as ExecutionPlan,
    known: always,
    present: always,
    bound: always,
    sharedVersion: String,
    forced: never,
    absent: never,
    aliasable: never,
    hasOthers: false,
    unrecorded: never,
    relived: never,
    precedented: never,
  };
}

function setOf(steps: readonly number[]): StepSet {
  const set = new StepSet(SIZE);
  for (const step of steps) set.add(step);
  return set;
}
