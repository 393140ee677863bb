import { AssertionError } from 'node:assert';
import { op } from '@memo/core';
import { valueDigest } from '@memo/core/plugin';
import { expectDeterministic } from '@memo/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { valueDifference } from '../../src/testing/value-difference.ts';
import { smallValue, valuePair } from '../hash/arbitrary-value.ts';
import { caught } from '../support/caught-error.ts';

/** An op that gives another of the values each time. */
function giving(...values: readonly unknown[]) {
  let time = 0;
  return op('giving', (_: object) => values[time++ % values.length]);
}

describe('expectDeterministic', () => {
  test('passes for an op that gives the same each time, and runs it as often as it is asked to', async () => {
    let runs = 0;
    const fit = op('fit', {
      config: z.object({ factor: z.number() }),
      outputs: ['weights', 'error'],
      run: ({ docs }: { docs: number[] }, { config }) => {
        runs++;
        return { weights: docs.map((doc) => doc * config.factor), error: new RangeError('small') };
      },
    });
    await expectDeterministic(fit, { docs: [1, 2] }, { config: { factor: 2 } });
    expect(runs).toBe(3);
    await expectDeterministic(fit, { docs: [1, 2] }, { config: { factor: 2 }, times: 5 });
    expect(runs).toBe(8);
  });

  test.each([
    [[{ a: { b: [1, 2] } }, { a: { b: [1, 3] } }], 'result.a.b[1] was 2 in run 1 and 3 in run 2'],
    [[1, 1, 2], 'result was 1 in run 1 and 2 in run 3'],
    [
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      'result was { a: 1, b: 2 } in run 1 and { b: 2, a: 1 } in run 2',
    ],
    [[[1], [1, 2]], 'result was [ 1 ] in run 1 and [ 1, 2 ] in run 2'],
    [[new Map([['x', { y: 1 }]]), new Map([['x', { y: 2 }]])], 'result.get("x").y was 1 in run 1 and 2 in run 2'],
    [[{ when: new Date(0) }, { when: new Date(1) }], 'result.when was 1970-01-01T00:00:00.000Z in run 1'],
    [[Buffer.from('a'), new Uint8Array([97])], 'result was <Buffer 61> in run 1 and Uint8Array(1) [ 97 ] in run 2'],
    [[-0, 0], 'result was -0 in run 1 and 0 in run 2'],
    [[{ e: new Error('a') }, { e: new Error('b') }], "result.e.message was 'a' in run 1 and 'b' in run 2"],
  ])('names the first place that differs between %j', async (values, difference) => {
    const check = expectDeterministic(giving(...values), {});
    await expect(check).rejects.toThrow(AssertionError);
    await expect(expectDeterministic(giving(...values), {})).rejects.toThrow(difference);
  });

  test('names the output of an op that has several', async () => {
    let time = 0;
    const two = op('two', { outputs: ['same', 'other'], run: (_: object) => ({ same: 1, other: { at: time++ } }) });
    await expect(expectDeterministic(two, {})).rejects.toThrow(
      'Op "two" gave different outputs for the same input: outputs.other.at was 0 in run 1 and 1 in run 2.',
    );
  });

  test('throws what the op throws, and refuses fewer than two runs', async () => {
    const failing = op('failing', (_: object): number => {
      throw new Error('no');
    });
    await caught('M6001', () => expectDeterministic(failing, {}));
    await expect(expectDeterministic(failing, {}, { times: 1 })).rejects.toThrow(TypeError);
  });
});

describe('the difference of two values', () => {
  test('is there if and only if a store would tell them apart', () => {
    fc.assert(
      fc.property(valuePair, ([a, b]) => {
        expect(valueDifference(a, b) === undefined).toBe(valueDigest(a) === valueDigest(b));
      }),
    );
  });

  test('shows something else on both sides', () => {
    fc.assert(
      fc.property(smallValue, smallValue, (a, b) => {
        const difference = valueDifference({ part: a }, { part: b });
        if (difference === undefined) return;
        expect(difference.before).not.toBe(difference.after);
        expect(difference.path).toMatch(/^value\.part/);
      }),
    );
  });

  test('is found in values that hold themselves', () => {
    const cyclic = (last: number): object => {
      const value: { name: string; self?: unknown; last?: number } = { name: 'a' };
      value.self = value;
      value.last = last;
      return value;
    };
    expect(valueDifference(cyclic(1), cyclic(1))).toBeUndefined();
    expect(valueDifference(cyclic(1), cyclic(2))?.path).toMatch(/^value/);
  });
});
