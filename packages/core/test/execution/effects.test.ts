import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { SharedStorage } from '../support/shared-storage.ts';
import { FULL_STORE, openSharedStore } from '../support/shared-store.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const versions = new SetVersions();

function deployJob(world: { deployed: string }, storage: SharedStorage, page: string) {
  const render = op('render', { config: anything, run: (_input, { config }) => `rendered ${String(config)}` });
  const deploy = op('deploy', {
    effect: true,
    run: ({ rendered }: { rendered: string }) => {
      world.deployed = rendered;
      return `url of ${rendered}`;
    },
  });
  const note = op('note', ({ url }: { url: string }) => `noted ${url}`);
  return job('site', {
    versions,
    io: openSharedStore(storage, { traits: FULL_STORE, prefix: 'store' }),
    build: () => ({ note: note({ url: deploy({ rendered: render({}, { config: page }) }) }) }),
  });
}

const anything = {
  '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) },
} as const;

test('an effect is published again after a revert, though all that reads it is there', async () => {
  const world = { deployed: '' };
  const storage = new SharedStorage();
  for (const [page, executed] of [
    ['one', ['render', 'deploy', 'note']],
    ['two', ['render', 'deploy', 'note']],
    ['one', ['deploy']],
    ['one', []],
  ] as const) {
    const result = await deployJob(world, storage, page).run();
    expect(result.executed).toEqual(executed);
    expect(world.deployed).toBe(`rendered ${page}`);
  }
});

test('an effect that has another id is published again, and what is below it on equal content is re-used', async () => {
  const io = openSharedStore(new SharedStorage(), { traits: FULL_STORE, prefix: 'store' });
  const deploy = op('deploy', { effect: true, run: () => 'url' });
  const relay = op('relay', { memo: 'off', run: ({ url }: { url: string }) => url });
  const note = op('note', ({ url }: { url: string }) => `noted ${url}`);
  const site = (id: string) =>
    job('site', { versions, io, build: () => ({ note: note({ url: relay({ url: deploy({}, { id }) }) }) }) });
  expect((await site('blue').run()).executed).toEqual(['blue', 'relay', 'note']);
  expect((await site('green').run()).executed).toEqual(['green', 'relay']);
});

test('what was made from an effect is made anew when its value is lost, though another run has published since', async () => {
  const io = new WatchedManager();
  let published = 0;
  let between = async (): Promise<unknown> => undefined;
  const publish = op('publish', { effect: true, config: anything, run: () => ++published });
  const relay = op('relay', ({ at }: { at: number }) => at);
  const pause = op('pause', {
    memo: 'off',
    run: async (_: { at: number }) => {
      await between();
      return 0;
    },
  });
  const pair = op('pair', ({ at, relayed }: { at: number; relayed: number; paused: number }) => [at, relayed]);
  const site = (page: string) =>
    job('site', {
      versions,
      io,
      build: () => {
        const at = publish({}, { config: page });
        const relayed = relay({ at });
        return { pair: pair({ at, relayed, paused: pause({ at: relayed }) }) };
      },
    });
  between = async () => {
    between = async () => undefined;
    await site('two').run({ only: 'publish' });
    io.lose('publish');
  };
  const result = await site('one').run();
  expect(await result.load('pair')).toEqual([3, 3]);
  expect(result.executed.filter((step) => step === 'relay')).toHaveLength(2);
});
