import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const deployed: string[] = [];
const render = op('render', ({ text }: { text: string }) => `<p>${text}</p>`);
const deploy = op('deploy', {
  effect: true,
  outputs: [],
  run: ({ page }: { page: string }) => {
    deployed.push(page);
  },
});

const io = new WatchedManager();
const publishing = (name: string) =>
  job(name, {
    versions: new SetVersions(),
    io,
    config: z.object({ text: z.string() }),
    build: ({ text }) => deploy({ page: render({ text }) }) as never,
  });
const run = async (text: string, name = 'publishing') => whatRan(await publishing(name).run({ config: { text } }));

test('an effect holds while it is the last one that its step published', async () => {
  expect(await run('a')).toEqual({ ran: ['deploy', 'render'] });
  expect(await run('a')).toEqual({ reused: ['deploy', 'render'] });
  expect(await run('b')).toEqual({ ran: ['deploy', 'render'] });
  expect(await run('a')).toEqual({ ran: ['deploy'], reused: ['render'] });
  expect(await run('a')).toEqual({ reused: ['deploy', 'render'] });
  expect(await run('b')).toEqual({ ran: ['deploy'], reused: ['render'] });
  expect(deployed).toEqual(['<p>a</p>', '<p>b</p>', '<p>a</p>', '<p>b</p>']);
});

test("one job's effect says nothing about another's", async () => {
  await run('c');
  expect(await run('c', 'other')).toEqual({ ran: ['deploy'], reused: ['render'] });
  expect(await run('c', 'other')).toEqual({ reused: ['deploy', 'render'] });
  expect(await run('c')).toEqual({ reused: ['deploy', 'render'] });
});

test('two steps of one job do not share an effect', async () => {
  const both = job('both', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    build: (() => {
      const page = render({ text: 'd' });
      deploy({ page }, { id: 'staging' });
      deploy({ page }, { id: 'production' });
    }) as never,
  });
  expect(whatRan(await both.run())).toEqual({ ran: ['production', 'render', 'staging'] });
  expect(whatRan(await both.run())).toEqual({ reused: ['production', 'render', 'staging'] });
});

test('an effect with an output is held to the same', async () => {
  const publish = op('publish', { effect: true, run: ({ page }: { page: string }) => `url of ${page}` });
  const [versions, store] = [new SetVersions(), new WatchedManager()];
  const over = (text: string) => job('over', { versions, io: store, build: () => publish({ page: text }) }).run();
  const log = [];
  for (const text of ['a', 'a', 'b', 'a', 'a']) log.push(Object.keys(whatRan(await over(text)))[0]);
  expect(log).toEqual(['ran', 'reused', 'ran', 'ran', 'reused']);
});
