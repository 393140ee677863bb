import { job, op, resource } from '@memo/core';
import { beforeEach, expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const calls: string[] = [];

const tracked = (name: string) => ({
  setup: () => {
    calls.push(`setup ${name}`);
    return name;
  },
  teardown: () => {
    calls.push(`teardown ${name}`);
  },
});

const network = resource('network', tracked('network'));
const db = resource('db', { ...tracked('db'), uses: { network } });
const cache = resource('cache', { ...tracked('cache'), uses: { network } });
const gpu = resource('gpu', tracked('gpu'));

const load = op('load', { uses: { db }, run: () => calls.push('run load') });
const clean = op('clean', {
  uses: { db, cache },
  run: ({ docs }: { docs: number }) => calls.push(`run clean ${docs > 0}`),
});
const learn = op('learn', { uses: { gpu }, run: ({ docs }: { docs: number }) => calls.push(`run learn ${docs > 0}`) });

const versions = new SetVersions();
let training: ReturnType<typeof make>;

function make() {
  return job('training', {
    versions,
    io: new WatchedManager(),
    build: () => learn({ docs: clean({ docs: load() }) }),
  });
}

beforeEach(() => {
  training = make();
  versions.set('clean', '1');
  calls.length = 0;
});

test('each is set up once, after those that it requires, and torn down in reverse when all is done', async () => {
  await training.run();
  expect(calls).toEqual([
    'setup network',
    'setup db',
    'run load',
    'setup cache',
    'run clean true',
    'setup gpu',
    'run learn true',
    'teardown gpu',
    'teardown cache',
    'teardown db',
    'teardown network',
  ]);
});

test('planning sets up nothing', async () => {
  await training.plan();
  await training.run();
  calls.length = 0;
  versions.set('clean', '2');
  const { run, pending } = await training.plan();
  expect([run, pending]).toEqual([1, 1]);
  expect(calls).toEqual([]);
});

test('a run that re-uses everything sets up nothing', async () => {
  await training.run();
  calls.length = 0;
  expect(whatRan(await training.run())).toEqual({ reused: ['clean', 'learn', 'load'] });
  expect(calls).toEqual([]);
});

test('a run sets up only what the steps that run require', async () => {
  await training.run();
  calls.length = 0;
  versions.set('clean', '2');
  const selected = await training.run({ only: 'clean' });
  expect(whatRan(selected)).toEqual({ ran: ['clean'], reused: ['load'], skipped: ['learn'] });
  expect(calls).toEqual([
    'setup network',
    'setup db',
    'setup cache',
    'run clean true',
    'teardown cache',
    'teardown db',
    'teardown network',
  ]);
});

test('steps that run at once share one value', async () => {
  const seen: unknown[] = [];
  const shared = resource('shared', { setup: async () => ({ made: calls.push('setup shared') }) });
  const use = op('use', {
    uses: { shared },
    run: (_: { n: number }, context) => {
      seen.push(context.use.shared);
      return 1;
    },
  });
  await job('sharing', { build: () => [1, 2, 3].map((n) => use({ n })) }).run();
  expect(calls).toEqual(['setup shared']);
  expect(new Set(seen).size).toBe(1);
  expect(seen).toHaveLength(3);
});
