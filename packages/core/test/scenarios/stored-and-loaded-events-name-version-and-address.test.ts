import { job, MEMOIZED_RUN_TAG, op } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const load = op('load', { version: '1', namespace: 'shop', run: () => 1 });
const clean = op('clean', { version: '1', namespace: 'shop', run: ({ docs }: { docs: number }) => docs });

const MEMOIZED = {
  'a strategy': { versions: new SetVersions() },
  'the tag': { tags: { [MEMOIZED_RUN_TAG]: 'true' } },
};

test.each(Object.entries(MEMOIZED))('whatever switched memoization on: %s', async (_, spec) => {
  const recorder = new EventRecorder();
  const cleaning = job('cleaning', {
    ...spec,
    io: new WatchedManager(),
    build: () => clean({ docs: load({}, { id: 'docs' }) }),
  });
  await cleaning.run({ reporter: recorder.reporter });
  const [stored] = recorder.of('output.stored');
  const [loaded] = recorder.of('output.loaded');
  expect(stored).toMatchObject({ step: 'docs', output: 'result', outcome: 'created' });
  expect(stored?.version).toMatch(/^[0-9a-f]{64}$/);
  expect(stored?.identifier).toEqual(['outputs', 'shop', 'load', 'result', stored?.version]);
  expect(stored?.digest).toMatch(/^vf1:[0-9a-f]{64}$/);
  expect(loaded).toMatchObject({
    step: 'docs',
    output: 'result',
    version: stored?.version,
    by: 'clean',
    input: 'docs',
  });
});

test('outputs of a run that is not memoized are addressed by that run', async () => {
  const recorder = new EventRecorder();
  const io = new WatchedManager();
  const cleaning = job('cleaning', { io, build: () => clean({ docs: load({}, { id: 'docs' }) }) });
  await cleaning.run({ reporter: recorder.reporter });
  await cleaning.run({ reporter: recorder.reporter });
  const stored = recorder.of('output.stored');
  const addresses = stored.map(({ identifier: [root, , step, output] }) => [root, step, output].join('/'));
  const [docs, cleaned] = ['runs/docs/result', 'runs/clean/result'];
  expect(addresses).toEqual([docs, cleaned, docs, cleaned]);
  const [first, , second] = stored.map(({ identifier }) => identifier[1]);
  expect(first).not.toBe(second);
  expect(stored.map(({ version }) => version)).toEqual([undefined, undefined, undefined, undefined]);
});

test('an op sees its own version, and a manager that of the output', async () => {
  const versions: (string | undefined)[] = [];
  const io = new WatchedManager();
  io.interference = {
    handle: ({ version }) => {
      versions.push(version);
    },
  };
  const look = op('look', (_: object, { version }) => version ?? 'none');
  const looking = job('looking', { versions: new SetVersions(), io, build: () => look() });
  const result = await looking.run();
  expect(await result.load('result')).toBe(result.plan.step('look').version);
  expect(versions[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(versions[0]).not.toBe(result.plan.step('look').version);
  expect(await (await looking.run({ memo: 'off' })).load('result')).toBe('none');
});
