import { type IOManager, job, memory, op } from '@memo/core';
import type { MemoizableIOManager } from '@memo/core/plugin';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';

const part = op('part', ({ index }: { index: number }) => index);
const join = op('join', ({ parts }: { parts: readonly number[] }) => parts.length);

const joining = (io: IOManager, parts = 200) =>
  job('joining', {
    versions: new SetVersions(),
    io,
    build: () => join({ parts: Array.from({ length: parts }, (_, index) => part({ index })) }),
  });

const over = (more: Partial<MemoizableIOManager>): MemoizableIOManager => {
  const held = memory();
  return {
    capabilities: held.capabilities,
    handleOutput: (context, value) => held.handleOutput(context, value),
    loadInput: (context) => held.loadInput(context),
    hasOutput: (context) => held.hasOutput(context),
    ...more,
  };
};

test('a manager that answers for many at once is asked once, and never one by one', async () => {
  const batches: number[] = [];
  const held = memory();
  const io = over({
    hasOutput: () => {
      throw new Error('asked for one');
    },
    hasOutputs: (contexts) => {
      batches.push(contexts.length);
      return contexts.map((context) => held.hasOutput(context));
    },
  });
  expect((await joining(io).plan()).run).toBe(201);
  expect(batches).toEqual([201]);
});

test('a manager that answers for versions is asked once for each output, by addresses that are those of the contexts', async () => {
  const asked: string[] = [];
  const io = over({
    hasOutput: () => {
      throw new Error('asked for one');
    },
    hasOutputs: () => {
      throw new Error('asked with contexts');
    },
    hasVersions: ({ count, above, bytes, context }) => {
      asked.push(`${context(0).op.name}.${context(0).output}: ${count}`);
      for (let at = 0; at < count; at++) {
        const version = Buffer.from(bytes.subarray(32 * at, 32 * at + 32)).toString('hex');
        expect([...above, version]).toEqual(context(at).getOutputIdentifier());
        expect(context(at).version).toBe(version);
      }
      // Every second one is there.
      return Uint8Array.from({ length: count }, (_, at) => at % 2);
    },
  });
  const plan = await joining(io, 1_500).plan();
  expect(asked).toEqual(['part.result: 1500', 'join.result: 1']);
  // What is there is not needed again, but what joins is not there, and needs all.
  expect([plan.run, plan.reuse]).toEqual([751, 750]);
});

test('a manager that answers for other versions than it was asked about cannot tell', async () => {
  const io = over({ hasVersions: ({ count }) => new Uint8Array(count - 1) });
  await expect(joining(io, 1_500).plan()).rejects.toMatchObject({ code: 'M5008' });
});

test('a manager that answers later is asked about many at a time, and never about all', async () => {
  let open = 0;
  let most = 0;
  const io = over({
    hasOutput: async () => {
      most = Math.max(most, ++open);
      await Promise.resolve();
      open--;
      return false;
    },
  });
  expect((await joining(io).plan()).run).toBe(201);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(64);
});
