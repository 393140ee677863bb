import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { SharedStorage } from '../support/shared-storage.ts';
import { FULL_STORE, openSharedStore } from '../support/shared-store.ts';

function countingJob(storage: SharedStorage) {
  let calls = 0;
  const count = op('count', () => ({ calls: ++calls }));
  return job('counting', {
    versions: new SetVersions(),
    io: openSharedStore(storage, { traits: FULL_STORE, prefix: 'store' }),
    build: () => ({ count: count() }),
  });
}

test('an output of the job that is damaged is deleted when it is loaded, and the next run computes it again', async () => {
  const storage = new SharedStorage();
  const counting = countingJob(storage);
  await counting.run();
  storage.damageObjects([0]);
  const reusing = await counting.run();
  expect(reusing.reused).toEqual(['count']);
  await expect(reusing.load('count')).rejects.toMatchObject({ code: 'M5003' });
  expect(storage.objects.size).toBe(0);
  const computing = await counting.run();
  expect(computing.executed).toEqual(['count']);
  expect(await computing.load('count')).toEqual({ calls: 2 });
});

test('a step that is forced to run replaces its damaged output', async () => {
  const storage = new SharedStorage();
  const same = op('same', () => 'value');
  const forced = job('forced', {
    versions: new SetVersions(),
    io: openSharedStore(storage, { traits: FULL_STORE, prefix: 'store' }),
    build: () => ({ same: same() }),
  });
  await forced.run();
  storage.damageObjects([0]);
  const result = await forced.run({ force: true });
  expect(result.failed).toEqual([]);
  expect(await result.load('same')).toBe('value');
});
