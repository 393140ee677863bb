import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const split = op('split', {
  outputs: { rows: { io: 'tables' }, note: {} },
  run: () => ({ rows: [1, 2], note: 'two rows' }),
});
const count = op('count', { io: 'tables', run: ({ rows }: { rows: readonly number[] }) => rows.length });

function counting() {
  const [notes, tables] = [new WatchedManager(), new WatchedManager()];
  return {
    notes,
    tables,
    job: job('counting', {
      versions: new SetVersions(),
      io: { default: notes, tables },
      build: () => {
        const { rows, note } = split();
        return { count: count({ rows }), note };
      },
    }),
  };
}

test('stored, looked for and loaded there', async () => {
  const { notes, tables, job } = counting();
  await job.run();
  expect(tables.calls.filter((call) => call.startsWith('handle'))).toEqual([
    'handle split.rows',
    'handle count.result',
  ]);
  expect(notes.calls.filter((call) => call.startsWith('handle'))).toEqual(['handle split.note']);
  for (const manager of [notes, tables]) manager.calls.length = 0;
  const warm = await job.run();
  expect(whatRan(warm)).toEqual({ reused: ['count', 'split'] });
  expect(tables.calls.toSorted()).toEqual(['has count.result', 'has split.rows']);
  expect(notes.calls).toEqual(['has split.note']);
  expect(await warm.loadAll()).toEqual({ count: 2, note: 'two rows' });
});

test('the manager is no part of the version', async () => {
  const [first, second] = [counting(), counting()];
  const other = { default: new WatchedManager(), tables: new WatchedManager() };
  const versionsOf = async (plan: ReturnType<typeof first.job.plan>) =>
    (await plan).steps.map(({ version }) => version);
  expect(await versionsOf(second.job.plan({ io: other }))).toEqual(await versionsOf(first.job.plan()));
});
