import { job, memory, op } from '@memo/core';
import { expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';

const table = op('table', { outputs: { rows: { io: 'tabels' } }, run: () => ({ rows: 1 }) });

test('an output that names an unknown manager is named, with the key that was meant', async () => {
  const io = { default: memory(), tables: memory() };
  const training = job('training', { io, build: () => ({ ...table() }) });
  const error = await caught('M5010', () => training.plan());
  expect(error.details).toEqual({ job: 'training', output: 'table.rows', io: 'tabels' });
  expect(error.because).toContain('"default", "tables"');
  expect(error.because).toContain('Did you mean "tables"?');
});

test('a manager that the run adds is enough', async () => {
  const training = job('training', { build: () => ({ ...table() }) });
  await caught('M5010', () => training.run());
  expect(await (await training.run({ io: { tabels: memory() } })).load('rows')).toBe(1);
});
