import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { SharedStorage } from '../support/shared-storage.ts';
import { FULL_STORE, openSharedStore } from '../support/shared-store.ts';

const load = op('load', () => 'value');
const pass = op('pass', ({ value }: { value: string }) => value);

test.each(['lose', 'damage'] as const)(
  'a value that many steps miss at once (%s) is computed again once',
  async (how) => {
    const storage = new SharedStorage();
    const io = openSharedStore(storage, { traits: FULL_STORE, prefix: 'store' });
    const loading = job('loading', { versions: new SetVersions(), io, build: () => ({ loaded: load() }) });
    const passing = job('passing', {
      versions: new SetVersions(),
      io,
      build: () => {
        const loaded = load();
        return { passed: [...Array(10).keys()].map((salt) => pass({ value: loaded }, { salt: String(salt) })) };
      },
    });
    await loading.run();
    const result = await passing.run({
      reporter: (event) => {
        if (event.type === 'run.start') storage[how === 'lose' ? 'loseObjects' : 'damageObjects']([0]);
      },
    });
    expect(result.failed).toEqual([]);
    expect(result.executed.filter((step) => step === 'load')).toEqual(['load']);
    expect(await result.load('passed')).toEqual(Array(10).fill('value'));
  },
);
