import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { SharedStorage } from '../support/shared-storage.ts';
import { FULL_STORE, openSharedStore } from '../support/shared-store.ts';

test('what another process computed from the same contents is re-used under a new version', async () => {
  const storage = new SharedStorage();
  const showing = (version: string) => {
    const load = op('load', { version, run: () => 'text' });
    const show = op('show', ({ text }: { text: string }) => `shown ${text}`);
    return job('showing', {
      versions: new SetVersions(),
      io: openSharedStore(storage, { traits: FULL_STORE, prefix: 'store' }),
      build: () => ({ shown: show({ text: load() }) }),
    });
  };
  await showing('1').run();
  for (const version of ['2', '3']) {
    const result = await showing(version).run();
    expect([result.executed, result.reused]).toEqual([['load'], ['show']]);
  }
  expect((await showing('3').plan()).reuse).toBe(2);
});
