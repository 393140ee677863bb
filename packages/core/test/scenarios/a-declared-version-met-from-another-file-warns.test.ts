import { job, memory } from '@memo/core';
import { expect, test } from 'vitest';
import { answerHere } from '../support/answer-here.ts';
import { answerThere } from '../support/answer-there.ts';

const versions = { id: 'declared', getOpVersion: () => undefined };

test('a result of an op that was declared in another file is re-used, and both places are named', async () => {
  const io = memory();
  await job('here', { versions, io, build: () => answerHere() }).run();
  const plan = await job('there', { versions, io, build: () => answerThere() }).plan();
  expect(plan.steps.map(({ action }) => action)).toEqual(['reuse']);
  const [warning] = plan.warnings.filter(({ code }) => code === 'declared-elsewhere');
  expect(warning?.message).toContain('test/support/answer-here.ts:3');
  expect(warning?.message).toContain('test/support/answer-there.ts:3');
});

test('the same file says nothing', async () => {
  const io = memory();
  const here = job('here', { versions, io, build: () => answerHere() });
  await here.run();
  expect((await here.plan()).warnings.filter(({ code }) => code === 'declared-elsewhere')).toEqual([]);
});
