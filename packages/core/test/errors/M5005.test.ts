import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

const find = op('find', {
  outputs: { hits: {}, best: { optional: true } },
  run: () => ({ hits: [] as string[] }),
});
const show = op('show', ({ best }: { best: unknown }) => best);

const finding = job('finding', {
  build: () => {
    const { hits, best } = find();
    return { hits, best, shown: show({ best }), nested: { all: [hits, best] } };
  },
});

test('an optional output that the op left out rejects its load', async () => {
  const result = await finding.run();
  const error = await caught('M5005', () => result.load('best'));
  expect(error.details).toEqual({ step: 'find', output: 'best' });
});

test('so does an output of a step that was skipped for it', async () => {
  const result = await finding.run();
  expect(result.skipped).toEqual(['show']);
  expect((await caught('M5005', () => result.load('shown'))).details).toEqual({ step: 'show', output: 'result' });
});

test('loading everything leaves absent outputs out', async () => {
  expect(await (await finding.run()).loadAll()).toEqual({ hits: [], nested: { all: [[]] } });
});
