import { type MemoEvent, op, provide, resource } from '@memo/core';
import { valueDigest } from '@memo/core/plugin';
import { TestClock, testOp } from '@memo/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { storableValue } from '../hash/arbitrary-value.ts';
import { caught } from '../support/caught-error.ts';

interface Llm {
  embed(text: string): number;
}
const llm = resource.required<Llm>('llm');

describe('testOp', () => {
  test('gives the value of an op, and the values of its outputs by name', async () => {
    const double = op('double', ({ value }: { value: number }) => value * 2);
    const split = op('split', {
      outputs: ['left', 'right'],
      run: async ({ items }: { items: number[] }) => ({ left: items.slice(0, 1), right: items.slice(1) }),
    });
    const sink = op('sink', { outputs: [], run: ({ text }: { text: string }) => text });
    expect(await testOp(double, { value: 4 })).toBe(8);
    expect(await testOp(split, { items: [1, 2, 3] })).toEqual({ left: [1], right: [2, 3] });
    expect(await testOp(sink, { text: 'a' })).toBeUndefined();
    expect(await testOp(op('constant', () => 'text'))).toBe('text');
  });

  test('leaves out the key of an optional output that the op leaves out', async () => {
    const maybe = op('maybe', {
      outputs: { kept: {}, dropped: { optional: true } },
      run: ({ all }: { all: boolean }) => (all ? { kept: 1, dropped: undefined } : { kept: 1 }),
    });
    expect(Object.keys(await testOp(maybe, { all: true }))).toEqual(['kept', 'dropped']);
    expect(Object.keys(await testOp(maybe, { all: false }))).toEqual(['kept']);
  });

  test('gives the op the validated config, canonical and frozen, with defaults', async () => {
    const seen: unknown[] = [];
    const configured = op('configured', {
      config: z.object({ b: z.object({ d: z.number(), c: z.number() }), a: z.number().default(3) }),
      run: (_: object, { config }) => void seen.push(config),
    });
    await testOp(configured, {}, { config: { b: { d: 1, c: 2 } } });
    expect(JSON.stringify(seen)).toBe('[{"a":3,"b":{"c":2,"d":1}}]');
    expect(Object.isFrozen(seen[0])).toBe(true);
    const error = await caught('M3001', () => testOp(configured, {}, { config: { b: { d: 1, c: 'x' as never } } }));
    expect(error.problem).toContain('`b.c`');
  });

  test('validates inputs, and gives the op what the schema made of them', async () => {
    const parsed = op('parsed', {
      inputs: z.object({ when: z.coerce.date() }) as z.ZodType<{ when: Date }>,
      run: ({ when }) => when.getTime(),
    });
    expect(await testOp(parsed, { when: '2026-01-01T00:00:00Z' as never })).toBe(Date.UTC(2026, 0, 1));
    const error = await caught('M2107', () => testOp(parsed, { when: 'never' as never }));
    expect(error.message).toContain('when');
  });

  test('gives the op copies of its inputs, as a store would', async () => {
    const input = { items: [{ n: 1 }], when: new Date(5), names: new Map([['a', 1]]) };
    const sorting = op('sorting', (given: typeof input) => {
      (given.items[0] as { n: number }).n = 2;
      return [given.items === input.items, given.when.getTime(), given.names.get('a')];
    });
    expect(await testOp(sorting, input)).toEqual([false, 5, 1]);
    expect(input.items).toEqual([{ n: 1 }]);
  });

  test('gives back any value that a store can keep', async () => {
    const same = op('same', ({ value }: { value: unknown }) => ({ value }));
    await fc.assert(
      fc.asyncProperty(storableValue, async (value) => {
        expect(valueDigest(await testOp(same, { value }))).toBe(valueDigest({ value }));
      }),
      { numRuns: 30 },
    );
  });

  test('refuses inputs and outputs that a store cannot keep, naming the path', async () => {
    const leak = op('leak', (_: { value?: unknown }) => ({ open: [() => 1] }));
    expect((await caught('M5001', () => testOp(leak, { value: { run: () => 1 } }))).problem).toContain(
      'input.value.run',
    );
    expect((await caught('M5001', () => testOp(leak, {}))).problem).toContain('leak.result.open[0]');
  });

  test("throws the memo error of a failing op, with the op's own error as its cause", async () => {
    const cause = new RangeError('too small');
    const failing = op('failing', () => Promise.reject(cause));
    const error = await caught('M6001', () => testOp(failing));
    expect(error.cause).toBe(cause);
    const short = op('short', { outputs: ['a', 'b'], run: () => ({ a: 1 }) as { a: number; b: number } });
    expect((await caught('M6002', () => testOp(short))).problem).toContain('returned no "b"');
  });

  test('hands over resources, sets up and tears down those that are defined, and asks for those that are missing', async () => {
    const calls: string[] = [];
    const counter = resource('counter', {
      setup: () => {
        calls.push('setup');
        return { next: () => 7 };
      },
      teardown: () => void calls.push('teardown'),
    });
    const embed = op('embed', {
      uses: { llm, counter },
      run: ({ text }: { text: string }, { use }) => use.llm.embed(text) + use.counter.next(),
    });
    const fake: Llm = { embed: (text) => text.length };
    expect(await testOp(embed, { text: 'abc' }, { resources: [provide(llm, fake)] })).toBe(10);
    expect(calls).toEqual(['setup', 'teardown']);
    expect((await caught('M3004', () => testOp(embed, { text: 'abc' }))).problem).toContain('"llm"');
  });

  test('does not wait between attempts, and says how long it would have', async () => {
    const clock = new TestClock();
    const events: MemoEvent[] = [];
    let attempts = 0;
    const flaky = op('flaky', {
      retry: { max: 5, delay: '10s', backoff: 'exponential' },
      timeout: '1s',
      run: () => {
        attempts++;
        if (attempts < 4) throw new Error('not yet');
        return attempts;
      },
    });
    expect(await testOp(flaky, {}, { clock, reporter: (event) => void events.push(event) })).toBe(4);
    expect(clock.waits).toEqual([10_000, 20_000, 40_000]);
    expect(events.filter(({ type }) => type === 'step.retry')).toHaveLength(3);
  });

  test('lets an attempt time out when the clock is moved past its timeout, and not before', async () => {
    const clock = new TestClock();
    const slow = op('slow', {
      timeout: '2m',
      run: (_: object, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    const pending = caught('M6003', () => testOp(slow, {}, { clock }));
    await clock.timeoutSet();
    clock.advance('119s');
    clock.advance('1s');
    expect((await pending).details).toMatchObject({ timeoutMs: 120_000 });
  });

  test('does not wait for an op that timed out and goes on', async () => {
    const clock = new TestClock();
    const deaf = op('deaf', { timeout: '2m', run: () => new Promise(() => {}) });
    const pending = caught('M6003', () => testOp(deaf, {}, { clock }));
    await clock.timeoutSet();
    clock.advance('2m');
    await pending;
    expect(clock.waits).toEqual([]);
  });

  test('cancels the op when its signal is aborted', async () => {
    const controller = new AbortController();
    const waiting = op('waiting', (_: object, { signal }) => {
      const aborted = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      controller.abort(new Error('enough'));
      return aborted;
    });
    await caught('M6004', () => testOp(waiting, {}, { signal: controller.signal }));
  });

  test('tells a failing teardown', async () => {
    const broken = resource('broken', { setup: () => 1, teardown: () => Promise.reject(new Error('stuck')) });
    const using = op('using', { uses: { broken }, run: (_: object, { use }) => use.broken });
    expect((await caught('M3009', () => testOp(using))).problem).toContain('stuck');
  });

  test('takes ops only', async () => {
    await expect(testOp((() => 1) as never)).rejects.toThrow(TypeError);
  });
});
