import { AssertionError } from 'node:assert';
import type { Plan } from '@memo/core';
import { expectPlan, planText, testJob } from '@memo/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counting } from './count-letters.ts';

async function changedPlan(): Promise<Plan> {
  const tested = testJob(counting);
  await tested.run({ config: { text: 'abc' } });
  return tested.plan({ config: { text: 'abc', atLeast: 9 } });
}

describe('planText', () => {
  test('has a line for each step, with its action and reasons', async () => {
    expect(planText(await changedPlan())).toBe(
      [
        'read reuse',
        'clean reuse',
        'count run: config `atLeast` 0 → 9',
        'report pending: depends on count; input total ← count changed',
      ].join('\n'),
    );
  });
});

describe('expectPlan', () => {
  test('takes the text of the plan, parts of the reasons, and none', async () => {
    const plan = await changedPlan();
    expectPlan(plan, planText(plan));
    expectPlan(plan, 'read reuse\nclean reuse\ncount run\nreport pending');
    expectPlan(
      plan,
      `
      read reuse
      clean reuse
      count run: \`atLeast\`
      report pending: total
      `,
    );
  });

  test('lets … stand for any steps', async () => {
    const plan = await changedPlan();
    expectPlan(plan, '…');
    expectPlan(plan, '…\ncount run\n…');
    expectPlan(plan, 'read reuse\n…\nreport pending');
    expectPlan(plan, 'read reuse\n…\nclean reuse\n…\ncount run\nreport pending\n…');
  });

  test.each([
    ['read reuse\nclean run\ncount run\nreport pending', '`clean run` after `read reuse`, and not `clean reuse`'],
    ['read reuse\nclean reuse\ncount run: text\n…', '`count run: text` after `clean reuse`'],
    ['clean reuse', '`clean reuse` at the beginning, and not `read reuse`'],
    ['read reuse', 'no step after `read reuse`'],
    ['…\nfit run\n…', '`fit run` after `…`'],
    ['read reuse\nclean reuse\ncount run\nreport pending\npush run', '`push run` after `report pending`'],
  ])('says what differs from %j', async (text, difference) => {
    const plan = await changedPlan();
    expect(() => expectPlan(plan, text)).toThrow(AssertionError);
    expect(() => expectPlan(plan, text)).toThrow(`Expected the plan to have ${difference}.`);
    expect(() => expectPlan(plan, text)).toThrow('  read reuse\n  clean reuse\n');
  });

  test('means by … what a regular expression would', () => {
    const line = fc.constantFrom('a run', 'b run', 'c run');
    const lines = fc.array(line, { maxLength: 6 });
    const wanted = fc.array(fc.oneof(line, fc.constant('…')), { maxLength: 6 });
    fc.assert(
      fc.property(lines, wanted, (actual, expected) => {
        const plan = { steps: actual.map((text) => ({ id: text.charAt(0), action: 'run', reasons: [] })) };
        const shape = new RegExp(
          `^${expected.map((text) => (text === '…' ? '(?:\\w run\n)*' : `${text}\n`)).join('')}$`,
        );
        const fits = shape.test(actual.map((text) => `${text}\n`).join(''));
        const check = (): void => expectPlan(plan as unknown as Plan, expected.join('\n'));
        if (fits) check();
        else expect(check).toThrow(AssertionError);
      }),
    );
  });

  test('takes plans only', () => {
    expect(() => expectPlan({} as Plan, '')).toThrow(TypeError);
  });
});
