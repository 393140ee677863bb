import { job, op, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const calls: string[] = [];
const db = resource('db', { setup: () => calls.push('setup') });
const load = op('load', { uses: { db }, run: () => calls.push('load') });
const split = op('split', {
  outputs: ['train', 'test'],
  run: ({ docs }: { docs: number }) => ({ train: calls.push('split'), test: docs }),
});

function splitting() {
  const io = new WatchedManager();
  const { records } = io;
  const writes: string[] = [];
  for (const method of ['append', 'putDocument', 'remove'] as const) {
    const write = records[method].bind(records) as (...args: unknown[]) => unknown;
    Object.assign(records, {
      [method]: (...args: unknown[]) => {
        writes.push(method);
        return write(...args);
      },
    });
  }
  const versions = new SetVersions();
  return {
    io,
    writes,
    versions,
    job: job('splitting', { versions, io, build: () => ({ ...split({ docs: load() }) }) }),
  };
}

test('on an empty store and on a full one', async () => {
  const { io, writes, versions, job } = splitting();
  await job.plan();
  expect(calls).toEqual([]);
  expect(writes).toEqual([]);
  expect(io.calls.filter((call) => !call.startsWith('has '))).toEqual([]);
  await job.run();
  for (const list of [calls, writes, io.calls]) list.length = 0;
  versions.set('split', '2');
  const plan = await job.plan();
  expect(plan.run).toBe(1);
  plan.explain('split');
  expect(calls).toEqual([]);
  expect(writes).toEqual([]);
  expect(io.calls.filter((call) => !call.startsWith('has '))).toEqual([]);
});

test('planning twice gives the same plan', async () => {
  const { job, versions } = splitting();
  await job.run();
  versions.set('split', '2');
  const [first, second] = [await job.plan(), await job.plan()];
  expect(JSON.stringify(second.steps)).toBe(JSON.stringify(first.steps));
  expect(String(second)).toBe(String(first));
});
