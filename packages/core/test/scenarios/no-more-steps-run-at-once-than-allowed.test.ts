import { job, op } from '@memo/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventRecorder } from '../support/event-recorder.ts';

function crowd() {
  let open = 0;
  let most = 0;
  const inPool = new Map<string, number>();
  const mostInPool = new Map<string, number>();
  const enter = async (pool: string, turns: number): Promise<void> => {
    most = Math.max(most, ++open);
    inPool.set(pool, (inPool.get(pool) ?? 0) + 1);
    mostInPool.set(pool, Math.max(mostInPool.get(pool) ?? 0, inPool.get(pool) ?? 0));
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    inPool.set(pool, (inPool.get(pool) ?? 0) - 1);
    open--;
  };
  return { enter, most: () => most, mostInPool };
}

test('whatever the graph, the pools and the bounds', async () => {
  const steps = fc.array(
    fc.record({
      pool: fc.constantFrom('', 'gpu', 'net'),
      turns: fc.nat(4),
      reads: fc.array(fc.nat(20), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 20 },
  );
  const bounds = fc.record({ concurrency: fc.integer({ min: 1, max: 5 }), gpu: fc.integer({ min: 1, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(steps, bounds, async (written, { concurrency, gpu }) => {
      const { enter, most, mostInPool } = crowd();
      const work = op(
        'work',
        async (step: { index: number; pool: string; turns: number; reads: readonly number[] }) => {
          await enter(step.pool, step.turns);
          return step.index;
        },
      );
      const working = job('working', {
        pools: { gpu: 2, net: 1 },
        build: () => {
          const made: ReturnType<typeof work>[] = [];
          for (const [index, { pool, turns, reads }] of written.entries()) {
            const upstream = reads.flatMap((read) => made[read] ?? []);
            made.push(work({ index, pool, turns, reads: upstream }, pool === '' ? {} : { pool }));
          }
          return { made };
        },
      });
      const result = await working.run({ concurrency, pools: { gpu } });
      expect(result.executed).toHaveLength(written.length);
      expect(most()).toBeLessThanOrEqual(concurrency);
      expect(mostInPool.get('gpu') ?? 0).toBeLessThanOrEqual(gpu);
      expect(mostInPool.get('net') ?? 0).toBeLessThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});

test('a full pool does not hold up the others', async () => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const order: string[] = [];
  const slow = op('slow', {
    pool: 'gpu',
    run: async ({ n }: { n: number }) => {
      if (n === 0) await gate;
      order.push(`slow ${n}`);
      return n;
    },
  });
  const quick = op('quick', () => {
    order.push('quick');
    open();
    return 1;
  });
  const crowded = job('crowded', { pools: { gpu: 1 }, build: () => [...[0, 1, 2].map((n) => slow({ n })), quick()] });
  await crowded.run({ concurrency: 2 });
  expect(order.indexOf('quick')).toBeLessThan(order.indexOf('slow 0'));
  expect(order).toHaveLength(4);
});

test('as many as allowed do run at once', async () => {
  const { enter, most } = crowd();
  const work = op('work', async ({ n }: { n: number }) => {
    await enter('', 20);
    return n;
  });
  await job('working', { build: () => Array.from({ length: 20 }, (_, n) => work({ n })) }).run({ concurrency: 4 });
  expect(most()).toBe(4);
});

test('all that may run at once have begun before the first of them ends, also where nothing has to be waited for', async () => {
  const { events, reporter } = new EventRecorder();
  const work = op('work', ({ n }: { n: number }) => n);
  const working = job('working', { build: () => Array.from({ length: 9 }, (_, n) => work({ n })) });
  await working.run({ concurrency: 3, reporter });
  const steps = events.map(({ type }) => type).filter((type) => type === 'step.start' || type === 'step.end');
  expect(steps.slice(0, 4)).toEqual(['step.start', 'step.start', 'step.start', 'step.end']);
});
