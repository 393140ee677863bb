import { type IOManager, job, memory, op, tiered } from '@memo/core';
import type { MemoizableIOManager } from '@memo/core/plugin';
import { expect, test } from 'vitest';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

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

test('tiered stores answer for versions: the shared one is asked about nothing but what the local one has not', async () => {
  const asked: string[] = [];
  const noting = (name: string, held: WatchedManager): MemoizableIOManager => ({
    capabilities: held.capabilities,
    records: held.records,
    handleOutput: (context, value) => held.handleOutput(context, value),
    loadInput: (context) => held.loadInput(context),
    hasOutput: (context) => {
      asked.push(`${name}: one`);
      return held.hasOutput(context);
    },
    hasOutputs: (contexts) => {
      asked.push(`${name}: ${contexts.length} contexts`);
      return contexts.map((context) => held.hasOutput(context));
    },
    hasVersions: ({ count, context }) => {
      asked.push(`${name}: ${count} versions`);
      return Uint8Array.from({ length: count }, (_, at) => (held.hasOutput(context(at)) ? 1 : 0));
    },
  });
  const [local, shared] = [new WatchedManager(), new WatchedManager()];
  const both = tiered(noting('local', local), noting('shared', shared));
  expect((await joining(both, 1_200).run()).ok).toBe(true);

  asked.length = 0;
  expect((await joining(both, 1_200).plan()).reuse).toBe(1_201);
  expect(asked).toEqual(['local: 1200 versions', 'local: 1 versions']);

  asked.length = 0;
  const empty = tiered(noting('local', new WatchedManager()), noting('shared', shared));
  expect((await joining(empty, 1_200).plan()).reuse).toBe(1_201);
  expect(asked).toEqual(['local: 1200 versions', 'local: 1 versions', 'shared: 1200 contexts', 'shared: 1 contexts']);
});

test('tiered stores whose local one does not answer for versions ask it with contexts', async () => {
  const batches: number[] = [];
  const held = new WatchedManager();
  const local = over({
    records: held.records,
    hasOutputs: (contexts) => {
      batches.push(contexts.length);
      return contexts.map(() => false);
    },
  });
  expect((await joining(tiered(local, new WatchedManager()), 1_200).plan()).run).toBe(1_201);
  expect(batches).toEqual([1_200, 1]);
});
