import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

const embed = op('embed', { tags: { gpu: 'yes' }, run: () => 1 });
const training = job('training', { build: () => ({ vectors: embed() }) });

const SELECTORS = ['embd', '+embd', 'embd+', '+embd+', '!embd', 'tag:cpu', 'tag:gpu=no', 'embed, embd'];

test.each(SELECTORS)('a selection %j that matches nothing ends planning', async (only) => {
  const error = await caught('M7001', () => training.plan({ only }));
  expect(error.problem).toContain('"training"');
  expect(error.details).toMatchObject({ job: 'training' });
  if (only.includes('embd')) expect(error.problem).toContain('Did you mean "embed"?');
});

test('a selection to force is held to the same', async () => {
  const error = await caught('M7001', () => training.run({ force: 'embd' }));
  expect(error.details).toEqual({ job: 'training', selector: 'embd' });
});

test('a step or output that is asked for by a wrong name is suggested', async () => {
  const plan = await training.plan();
  for (const ask of [() => plan.step('embde'), () => plan.explain('embde')]) {
    expect((await caught('M7001', ask)).problem).toContain('Did you mean "embed"?');
  }
  const result = await training.run();
  const error = await caught('M7001', () => result.load('vector' as never));
  expect(error.problem).toContain('Did you mean "vectors"?');
});
