import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { MemoryIOManager } from '../../src/stored/memory-io-manager.ts';

const make = op('make', ({ n }: { n: number }) => new Uint8Array(n).fill(n));
const size = op('size', ({ bytes }: { bytes: Uint8Array }) => bytes.length);
const both = op('both', ({ a, b }: { a: number; b: number }) => [a, b]);

/** The most bytes that any in-memory manager held while `act` ran, seen after each value was stored. */
async function held(act: () => Promise<unknown>): Promise<readonly number[]> {
  const seen: number[] = [];
  const store = MemoryIOManager.prototype.handleOutput;
  MemoryIOManager.prototype.handleOutput = function (this: MemoryIOManager, ...given) {
    const stored = store.apply(this, given);
    seen.push(this.bytes);
    return stored;
  };
  try {
    await act();
  } finally {
    MemoryIOManager.prototype.handleOutput = store;
  }
  return seen;
}

const chain = job('chain', {
  build: () => {
    const a = size({ bytes: make({ n: 100_000 }) });
    const b = size({ bytes: make({ n: 200_000 }) }, { id: 'second', after: [a] });
    return { sizes: both({ a, b }) };
  },
});

test('an intermediate value is gone once the last step that reads it is over', async () => {
  const seen = await held(async () => {
    const result = await chain.run({ concurrency: 1, only: 'both' });
    expect(await result.load('sizes')).toEqual([100_000, 200_000]);
  });
  expect(seen.at(-1)).toBeLessThan(1_000);
});

test('what the job returns can be loaded again and again', async () => {
  const kept = job('kept', { build: () => ({ bytes: make({ n: 5 }), size: size({ bytes: make({ n: 7 }) }) }) });
  const result = await kept.run();
  expect(await result.load('bytes')).toEqual(new Uint8Array(5).fill(5));
  expect(await result.load('bytes')).toEqual(new Uint8Array(5).fill(5));
  expect(await result.load('size')).toBe(7);
});
