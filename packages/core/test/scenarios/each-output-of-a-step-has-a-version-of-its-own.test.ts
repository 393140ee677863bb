import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';

const split = op('split', { outputs: ['train', 'test'], run: () => ({ train: 1, test: 1 }) });
const show = op('show', ({ part }: { part: number }) => part);

test("two outputs of equal content are stored under two versions, neither of which is the step's", async () => {
  const recorder = new EventRecorder();
  const versions = new SetVersions();
  const result = await job('a', { versions, build: () => ({ ...split() }) }).run({ reporter: recorder.reporter });
  const stored = recorder.of('output.stored').map(({ version }) => version);
  expect(new Set([...stored, result.plan.step('split').version]).size).toBe(3);
  const addresses = recorder.of('output.stored').map(({ identifier }) => identifier.join('/'));
  expect(new Set(addresses).size).toBe(2);
});

test('readers of different outputs have different versions', async () => {
  const versions = new SetVersions();
  const reading = job('a', {
    versions,
    build: () => {
      const { train, test } = split();
      return { a: show({ part: train }), b: show({ part: test }), c: show({ part: train }) };
    },
  });
  const plan = await reading.plan();
  const [a, b, c] = ['show', 'show_2', 'show_3'].map((id) => plan.step(id).version);
  expect(a).not.toBe(b);
  expect(c).toBe(a);
});
