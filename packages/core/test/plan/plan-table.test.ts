import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { widthOf } from '../../src/plan/line-text.ts';
import type { Plan, PlanStep } from '../../src/plan/plan.ts';
import { planTable } from '../../src/plan/plan-table.ts';
import type { Action, Reason } from '../../src/plan/reason.ts';

const planStep = (id: string, action: Action, more: Partial<PlanStep> = {}): PlanStep => ({
  id,
  op: id,
  action,
  reasons: [],
  version: undefined,
  estimateMs: undefined,
  producedBy: undefined,
  ...more,
});

function plan(steps: readonly PlanStep[], more: Partial<Omit<Plan, 'toString'>> = {}): Plan {
  const count = (action: Action) => steps.filter((one) => one.action === action).length;
  const missing = (): never => {
    throw new Error('not asked for');
  };
  return {
    job: 'training',
    memoized: true,
    steps,
    run: count('run'),
    reuse: count('reuse'),
    skip: count('skip'),
    pending: count('pending'),
    savedMs: 0,
    estimateMs: { least: 0, most: 0 },
    warnings: [],
    step: missing,
    explain: missing,
    ...more,
  };
}

const upstream = (step: string): readonly Reason[] => [{ code: 'needed-if', step }];

describe('a plan as a table', () => {
  test('has a line for each step, and counts, estimates and reasons below', () => {
    const steps = [
      planStep('fetchDocs', 'reuse', { version: '9c41'.repeat(16), producedBy: '41' }),
      planStep('split', 'reuse', { version: '1b07'.repeat(16) }),
      planStep('chunk', 'run', {
        reasons: [
          {
            code: 'changed',
            changes: [
              {
                kind: 'code',
                by: 'x',
                before: '1',
                after: '2',
                changes: [{ what: 'function', name: 'chunk()', how: 'changed' }],
              },
            ],
          },
        ],
        estimateMs: 120,
      }),
      planStep('embed', 'pending', { reasons: upstream('chunk') }),
      planStep('fit', 'pending', { reasons: upstream('embed'), estimateMs: 9_800 }),
      planStep('report', 'skip', { reasons: [{ code: 'not-needed' }] }),
    ];
    expect(planTable(plan(steps, { savedMs: 540_000, estimateMs: { least: 120, most: 24_000 } })).split('\n')).toEqual([
      'step       action   because',
      'fetchDocs  reuse    version 9c419c41… stored by run 41',
      'split      reuse    version 1b071b07…',
      `chunk      run      ${'code changed: chunk()'.padEnd(71)}  est. 0.1 s`,
      'embed      pending  depends on chunk',
      `fit        pending  ${'depends on embed'.padEnd(71)}  est. 9.8 s`,
      'report     skip     everything that reads it is reused',
      '2 reuse · 1 run · 2 pending · 1 skip · est. 0.1 s to 24.0 s · saves 9 min or more',
      '  reasons: upstream 2 · code 1',
    ]);
  });

  test('without history says that the time is not known', () => {
    const lines = planTable(plan([planStep('load', 'run', { reasons: [{ code: 'first-run' }] })])).split('\n');
    expect(lines.slice(1)).toEqual(['load  run      first run', '1 run · est. unknown · reasons: first-run 1']);
  });

  test('says when memoization is off, and when there are no steps', () => {
    expect(
      planTable(plan([], { memoized: false }))
        .split('\n')
        .at(-1),
    ).toBe('no steps · memoization is off');
  });

  test('ends with warnings, ten at most', () => {
    const warnings = Array.from({ length: 12 }, (_, index) => ({
      code: 'untracked',
      message: `number ${index}`,
      step: 'a',
    }));
    const lines = planTable(plan([], { warnings })).split('\n').slice(2);
    expect(lines[0]).toBe('warning untracked: step "a": number 0');
    expect(lines.slice(-2)).toEqual(['warning untracked: step "a": number 9', '… 2 more warnings']);
  });

  test('is at most 110 characters wide, one line a step, whatever ids and reasons hold', () => {
    const text = fc.string({ unit: 'grapheme-composite', maxLength: 200 });
    const steps = fc.array(
      fc.record({
        id: text,
        action: fc.constantFrom<Action>('run', 'reuse', 'pending', 'skip'),
        path: text,
        estimateMs: fc.double({ min: 0, max: 1e9 }),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(steps, text, (drawn, message) => {
        const made = drawn.map(({ id, action, path, estimateMs }) =>
          planStep(id, action, {
            estimateMs,
            producedBy: path,
            version: path,
            reasons: [{ code: 'changed', changes: [{ kind: 'config', path }] }],
          }),
        );
        const lines = planTable(plan(made, { savedMs: 1e9, warnings: [{ code: 'x', message }] })).split('\n');
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(110);
        expect(
          lines.findIndex((line) =>
            / (?:run|reuse|pending|skip) · |^no steps|^\d+ (?:run|reuse|pending|skip)/.test(line),
          ),
        ).toBe(made.length + 1);
      }),
      { numRuns: 200 },
    );
  });

  test('of 10,000 steps is made at once', () => {
    const steps = Array.from({ length: 10_000 }, (_, index) =>
      planStep(`embed[doc-${index}]`, 'run', { reasons: [{ code: 'first-run' }], estimateMs: 5 }),
    );
    expect(planTable(plan(steps)).split('\n')).toHaveLength(10_002);
  });
});
