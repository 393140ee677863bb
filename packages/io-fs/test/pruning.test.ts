import { job, op } from '@memo/core';
import { applyPrune, planPrune, storeStats, verifyStore } from '@memo/core/retention';
import { expect, test } from 'vitest';

import { openStore, temporaryStore } from './temporary-store.ts';

test('a directory is counted, checked and pruned, and its job computes what is gone', async () => {
  const store = temporaryStore();
  const load = op('load', { version: '1', run: () => [1, 2, 3] });
  const sum = op('sum', { version: '1', run: ({ all }: { all: number[] }) => all.reduce((a, b) => a + b, 0) });
  const summing = job('summing', {
    versions: { id: 'declared', getOpVersion: () => undefined },
    io: openStore(store),
    build: () => sum({ all: load() }),
  });
  await summing.run({ journal: false });
  const io = openStore(store);
  expect(await storeStats(io)).toMatchObject({ values: 2, bindings: 2, records: { segments: 1 } });
  expect(await verifyStore(io)).toMatchObject({ checked: 2, findings: [] });
  const everything = { olderThan: 0, grace: 0, keepRuns: 0 } as const;
  const plan = await planPrune(io, everything);
  expect(await applyPrune(plan)).toMatchObject({ deleted: 2, freedBytes: plan.freedBytes });
  expect(await storeStats(io)).toMatchObject({ values: 0, bindings: 2 });
  expect(await applyPrune(await planPrune(io, everything))).toMatchObject({ deleted: 0, forgotten: 2 });
  expect(await storeStats(io)).toMatchObject({ values: 0, bindings: 0 });
  expect((await summing.run({ journal: false })).executed).toEqual(['load', 'sum']);
});
