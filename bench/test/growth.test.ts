import { job, memory, op } from '@memo/core';
import { memoryRecordStore } from '@memo/core/plugin';
import { planPrune } from '@memo/core/retention';
import { expect, test } from 'vitest';
import { IS_WHOLE } from '../../tools/test-form.mjs';

const SMALL = 300;
const TIMES = 6;
/** Linear growth gives 6, quadratic 36; what is between is left to noise. */
const MOST = 15;

const SHAPES = {
  wide: () => [],
  chain: (index: number) => (index === 0 ? [] : [index - 1]),
  layered: (index: number, n: number) => {
    const width = n / 10;
    return index < width
      ? []
      : [0, 1, 2].map((nth) => (Math.floor(index / width) - 1) * width + ((index * 7 + nth) % width));
  },
} as const;

const TRIED = (Object.keys(SHAPES) as (keyof typeof SHAPES)[]).filter((shape) => IS_WHOLE || shape === 'layered');

function jobOf(shape: keyof typeof SHAPES, n: number, seed = 0) {
  const node = op('node', { version: '1', run: ({ own, from }: { own: number; from: number[] }) => own + from.length });
  const store = Object.assign(memory(), { records: memoryRecordStore() });
  const made = job('growing', {
    versions: { id: 'declared', getOpVersion: () => undefined },
    io: store,
    build: () => {
      const outputs: ReturnType<typeof node>[] = [];
      for (let index = 0; index < n; index++) {
        const from = SHAPES[shape](index, n).map((other) => outputs[other] as ReturnType<typeof node>);
        outputs.push(node({ own: index === 0 ? -1 - seed : index, from }));
      }
      return { all: node({ own: -0.5, from: outputs }) };
    },
  });
  return { made, store };
}

const FEWEST_TIMES = 2;
const MOST_TIMES = 10;
const ENOUGH_MS = 400;

/** CPU milliseconds, because machines are shared; the least of several, because of the garbage collector: of the more, the less one takes. */
async function cost(act: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  let sum = 0;
  while (taken.length < FEWEST_TIMES || (taken.length < MOST_TIMES && sum < ENOUGH_MS)) {
    const before = process.cpuUsage();
    await act();
    const { user, system } = process.cpuUsage(before);
    taken.push((user + system) / 1_000);
    sum += (user + system) / 1_000;
  }
  return Math.min(...taken);
}

async function growth(prepare: (n: number) => Promise<() => Promise<unknown>>): Promise<number> {
  const [small, large] = [await prepare(SMALL), await prepare(SMALL * TIMES)];
  // Once for the engine to optimise.
  await small();
  const first = await cost(small);
  return (await cost(large)) / first;
}

test.each(TRIED)('a cold run, a plan, a warm run and a prune of a %s graph grow with its steps', async (shape) => {
  const warm = async (n: number) => {
    const { made, store } = jobOf(shape, n);
    await made.run({ journal: false });
    return { made, store };
  };
  const cold = await growth(async (n) => () => jobOf(shape, n).made.run({ journal: false }));
  const planned = await growth(async (n) => {
    const { made } = await warm(n);
    return () => made.plan();
  });
  const again = await growth(async (n) => {
    const { made } = await warm(n);
    return () => made.run({ journal: false });
  });
  const pruned = await growth(async (n) => {
    const { store } = await warm(n);
    return () => planPrune(store, { olderThan: 0, grace: 0, keepRuns: 0 });
  });
  const measured = { cold, planned, again, pruned };
  for (const [what, ratio] of Object.entries(measured))
    expect(ratio, `${what}: ${JSON.stringify(measured)}`).toBeLessThan(MOST);
});
