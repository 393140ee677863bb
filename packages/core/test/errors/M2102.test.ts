import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { placeOf } from '../support/source-line.ts';

const embed = op('embed', ({ part }: { part: string }) => part);

test('two steps of one explicit id are both placed', async () => {
  const training = job('training', {
    build: () => {
      const first = embed({ part: 'train' }, { id: 'vectors' }); // first
      const second = embed({ part: 'test' }, { id: 'vectors' }); // second
      return { first, second };
    },
  });
  const error = await caught('M2102', () => training.plan());
  expect(error.problem).toContain('"vectors"');
  const { file, line } = placeOf(import.meta.url, '// first');
  expect(error.problem).toContain(`${file}:${line}`);
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// second'));
});

test.each(['', 'a/b', 'a b', 'é', 'x'.repeat(201), 5])('the id %j is refused with the line of the step', async (id) => {
  const training = job('training', {
    build: () => embed({ part: 'train' }, { id: id as never }), // wrong id
  });
  const error = await caught('M2102', () => training.plan());
  expect(error.problem).toContain(JSON.stringify(id));
  expect(error.place).toMatchObject(placeOf(import.meta.url, '// wrong id'));
});

test('ids that are given make room for ids that are counted', async () => {
  const counted = job('counted', {
    build: () => ({
      taken: embed({ part: 'a' }, { id: 'embed_2' }),
      first: embed({ part: 'b' }),
      second: embed({ part: 'c' }),
    }),
  });
  const plan = await counted.plan();
  expect(plan.steps.map(({ id }) => id)).toEqual(['embed_2', 'embed', 'embed_3']);
});
