import { job, type OpVersionContext, op } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const load = op('load', () => 1);
const clean = op('clean', ({ docs }: { docs: number }) => docs);

test('and a changed answer recomputes that op; the earlier answer is re-used', async () => {
  const versions = new SetVersions();
  const cleaning = job('cleaning', { versions, io: new WatchedManager(), build: () => clean({ docs: load() }) });
  await cleaning.run();
  await cleaning.plan();
  expect(versions.asked).toEqual(['load', 'clean', 'load', 'clean']);
  versions.set('load', '2');
  expect(whatRan(await cleaning.run())).toEqual({ ran: ['load'], reused: ['clean'] });
  versions.set('load', '1');
  expect(whatRan(await cleaning.run())).toEqual({ reused: ['clean', 'load'] });
});

test('once for an op, however many steps use it', async () => {
  const versions = new SetVersions();
  const many = job('many', { versions, build: () => [1, 2, 3].map((docs) => clean({ docs })) });
  await many.run();
  expect(versions.asked).toEqual(['clean']);
});

test('a strategy alone memoizes: the body runs once over two runs', async () => {
  let runs = 0;
  const count = op('count', () => ++runs);
  const counting = job('counting', { versions: new SetVersions(), build: () => count() });
  const [first, second] = [await counting.run(), await counting.run()];
  expect(runs).toBe(1);
  expect(await first.load('result')).toBe(await second.load('result'));
  const plain = job('plain', { build: () => count() });
  await plain.run();
  await plain.run();
  expect(runs).toBe(3);
});

test('it may answer later, and for all at once', async () => {
  const batches: string[][] = [];
  const versions = {
    id: 'batch@1',
    getOpVersion: () => {
      throw new Error('asked for one');
    },
    getVersions: async (contexts: readonly { readonly kind: string; readonly name: string }[]) => {
      batches.push(contexts.map(({ kind, name }) => `${kind} ${name}`));
      return contexts.map(() => ({ version: 'v1' }));
    },
  };
  const cleaning = job('cleaning', { versions, build: () => clean({ docs: load() }) });
  expect(whatRan(await cleaning.run())).toEqual({ ran: ['clean', 'load'] });
  expect(batches).toEqual([['op load', 'op clean']]);
});

test('it knows the function, the name, and where the op is defined', async () => {
  const contexts: OpVersionContext[] = [];
  const run = (): number => 1;
  const versions = {
    id: 'curious@1',
    getOpVersion: (context: OpVersionContext) => {
      contexts.push(context);
      return '1';
    },
  };
  const plain = op('plain', run);
  await job('a', { versions, build: () => plain() }).plan();
  expect(contexts[0]).toMatchObject({ kind: 'op', namespace: '@memo/core', name: 'plain', run, declared: undefined });
  expect(contexts[0]?.definition.frames[0]?.file).toMatch(/a-strategy-is-asked-at-every-plan/);
});
