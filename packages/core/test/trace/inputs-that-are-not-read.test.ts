import { job, type Op, op, type Ref } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

const numbers = op('numbers', () => [1, 2, 3]);
const first = op('first', ({ values }: { values: number[]; unit: string }) => values[0]);
const untyped = first as Op<Record<string, unknown>, Ref<unknown>, object>;

test('an input that the function does not destructure is no error', async () => {
  const plan = await job('unread', { build: () => first({ values: numbers(), unit: 'm' }) }).plan();
  expect(plan.steps.map(({ id }) => id)).toEqual(['numbers', 'first']);
});

test('a name that looks like a missing one is an error that says which', async () => {
  const error = await caught('M2107', () =>
    job('typo', { build: () => untyped({ valeus: numbers(), unit: 'm' }) }).plan(),
  );
  expect(error.fix).toBe('Did you mean "values"?');
});

test('inputs of which the function reads none are an error', async () => {
  const error = await caught('M2107', () => job('other', { build: () => untyped({ rows: numbers() }) }).plan());
  expect(error.problem).toContain('"rows"');
});
