import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyStore } from '@memo/core/retention';
import { expect, test } from 'vitest';
import { KEPT_VALUES, keptJob } from './fixtures/kept-job.ts';
import { openStore, temporaryStore } from './temporary-store.ts';

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const kept = readdirSync(fixtures).filter((name) => name.startsWith('kept-store-'));

test('the store of each release is kept', () => {
  expect(kept).toContain('kept-store-0.1');
});

test.each(kept)('%s is read, and everything in it is re-used', async (name) => {
  const directory = temporaryStore();
  cpSync(join(fixtures, name), directory, { recursive: true });
  const io = openStore(directory);
  const job = keptJob(io);
  const plan = await job.plan();
  expect(plan.steps.map(({ id, action }) => `${id} ${action}`)).toEqual(plan.steps.map(({ id }) => `${id} reuse`));
  const result = await job.run({ journal: false });
  expect(result.executed).toEqual([]);
  expect(await result.loadAll()).toEqual(KEPT_VALUES);
  expect((await verifyStore(io)).findings).toEqual([]);
});
