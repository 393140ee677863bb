import { job, memory, op, tiered } from '@memo/core';
import type { MemoizableIOManager } from '@memo/core/plugin';
import { outputContext } from '@memo/core/testing';
import { describe, expect, test } from 'vitest';
import { S3PickleIOManager } from '../src/index.ts';
import type { Fault } from './support/fault-proxy.ts';
import { realBucket, skipped } from './support/real-server.ts';

const MEBIBYTE = 1024 * 1024;
const VALUE = new Uint8Array(3 * MEBIBYTE).map((_, index) => index % 251);
const PASS: Fault = { kind: 'pass' };

describe.skipIf(skipped !== undefined)(`a server that fails ${skipped ?? ''}`, () => {
  const real = realBucket();

  /** The first requests of a method fail, the others pass. */
  const failFirst = (method: string, fault: Fault, times = 1) => {
    let left = times;
    real.proxy.inject((asked) => (asked.method === method && left-- > 0 ? fault : PASS));
  };

  const stored = async (value: unknown = VALUE) => {
    real.fresh();
    const store = real.open();
    await store.handleOutput(outputContext(), value);
    return store;
  };

  test.each(['slow-down', 'reset'] as const)('with %s at first is asked again', async (kind) => {
    const store = await stored('value');
    failFirst('HEAD', { kind }, 2);
    expect(await store.hasOutput(outputContext())).toBe(true);
    failFirst('GET', { kind }, 2);
    expect(await store.loadInput(outputContext())).toBe('value');
  });

  test('with SlowDown for ever is an error, not "not there"', async () => {
    const store = await stored('value');
    failFirst('HEAD', { kind: 'slow-down' }, Number.POSITIVE_INFINITY);
    await expect(store.hasOutput(outputContext())).rejects.toMatchObject({ code: 'M5002', details: { status: 503 } });
  });

  test('that hangs is given up after its time', async () => {
    await stored('value');
    const store = real.open({ timeoutMs: 300 });
    failFirst('GET', { kind: 'hang' }, Number.POSITIVE_INFINITY);
    await expect(store.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5002' });
  });

  test('that hangs while results are pushed is let go at once when that is aborted, and has whole steps', async () => {
    const prefix = real.fresh();
    const local = memory();
    const first = op('first', { version: '1', run: () => ({ rows: 3 }) });
    const second = op('second', {
      version: '1',
      outputs: { low: {}, high: {} },
      run: ({ from }: { from: { rows: number } }) => ({ low: from.rows - 1, high: from.rows + 1 }),
    });
    const third = op('third', { version: '1', run: ({ low, high }: { low: number; high: number }) => high - low });
    const of = (io: MemoizableIOManager) =>
      job('pushed', {
        versions: { id: 'declared', getOpVersion: () => '1' },
        io,
        build: () => third(second({ from: first() })),
      });
    expect((await of(local).run()).ok).toBe(true);
    const controller = new AbortController();
    const abandoned = real.proxy.abandoned();
    real.proxy.inject(({ method, path }) => {
      if (method !== 'PUT' || !path.includes('/second/')) return PASS;
      controller.abort(new Error('stop'));
      return { kind: 'hang' };
    });
    await expect(tiered(local, real.open()).push({ signal: controller.signal })).rejects.toThrow('stop');
    expect(await abandoned).toContain(`PUT /${real.bucket}/${prefix}/outputs/`);
    real.proxy.heal();
    const reader = () => of(tiered(memory(), real.open(), { policy: 'read-only' }));
    expect((await reader().plan()).steps.map(({ id, action }) => `${id} ${action}`)).toEqual([
      'first reuse',
      'second run',
      'third run',
    ]);
    expect(await tiered(local, real.open()).push()).toEqual({ published: 3, kept: 0 });
    expect((await reader().plan()).reuse).toBe(3);
  });

  test('that hangs is let go at once where who asked is cancelled: records, listings and values', async () => {
    await stored('value');
    const store = real.open();
    const askers: readonly ((signal: AbortSignal) => Promise<unknown>)[] = [
      async (signal) => store.records.segments({ signal }),
      async (signal) => store.records.getDocument('pin-1', { signal }),
      async (signal) => store.listOutputs({ signal }).next(),
      async (signal) => store.loadInput(outputContext({ signal })),
    ];
    for (const ask of askers) {
      const controller = new AbortController();
      const abandoned = real.proxy.abandoned();
      real.proxy.inject(() => {
        controller.abort(new Error('stop'));
        return { kind: 'hang' };
      });
      await expect(ask(controller.signal)).rejects.toThrow('stop');
      expect(await abandoned).toMatch(/^GET /);
      expect(real.proxy.seen).toHaveLength(1);
    }
    real.proxy.heal();
  });

  test('that stops in the middle of a body is given up after its time', async () => {
    await stored();
    const store = real.open({ timeoutMs: 300, minBytesPerSecond: 2 ** 30 });
    failFirst('GET', { kind: 'stall', after: 100_000 }, Number.POSITIVE_INFINITY);
    await expect(store.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5002' });
  });

  test('that cuts a body off is asked for the rest by a range', async () => {
    const store = await stored();
    const ranges: (string | undefined)[] = [];
    let cuts = 3;
    real.proxy.inject(({ method, range }) => {
      if (method === 'GET') ranges.push(range);
      return method === 'GET' && cuts-- > 0 ? { kind: 'truncate', after: 700_000 } : PASS;
    });
    expect(sameBytes(await store.loadInput(outputContext()), VALUE)).toBe(true);
    expect(ranges).toHaveLength(4);
    expect(ranges[0]).toBe('bytes=0-16777215');
    for (const range of ranges.slice(1)) expect(range).toMatch(/^bytes=[1-9]\d*-\d+$/);
  });

  test('that drips is given up when its bytes come slower than they have to, and never gives a part', async () => {
    await stored();
    const store = real.open({ timeoutMs: 300, minBytesPerSecond: 2 ** 30 });
    failFirst('GET', { kind: 'drip', bytes: 1_000, everyMs: 20 }, Number.POSITIVE_INFINITY);
    await expect(store.loadInput(outputContext())).rejects.toMatchObject({
      code: 'M5002',
      cause: { name: 'DeadlineError' },
    });
  });

  test('that drips fast enough is waited for', async () => {
    await stored('a little');
    const store = real.open({ timeoutMs: 20_000 });
    failFirst('GET', { kind: 'drip', bytes: 20, everyMs: 2 });
    expect(await store.loadInput(outputContext())).toBe('a little');
  });

  test('that cuts off or damages one of several stretches is asked for it again', async () => {
    const second = 16 * MEBIBYTE;
    const value = new Uint8Array(Buffer.alloc(second + 200_000, VALUE.subarray(0, 251)));
    const store = await stored(value);
    const ranges: (string | undefined)[] = [];
    const failOnce = (beginnings: readonly number[], fault: Fault) => {
      const left = new Set(beginnings.map((from) => `bytes=${from}`));
      ranges.length = 0;
      real.proxy.inject(({ method, range }) => {
        if (method === 'GET') ranges.push(range);
        return method === 'GET' && left.delete(range?.split('-')[0] ?? '') ? fault : PASS;
      });
    };
    failOnce([0, second], { kind: 'truncate', after: 100_000 });
    expect(sameBytes(await store.loadInput(outputContext()), value)).toBe(true);
    const beginnings = ranges.map((range) => Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1])).sort((a, b) => a - b);
    expect(beginnings).toEqual([0, expect.any(Number), second, expect.any(Number)]);
    expect(beginnings[1]).toBeLessThan(second);
    failOnce([0], { kind: 'flip', at: 1_000 });
    expect(sameBytes(await store.loadInput(outputContext()), value)).toBe(true);
    expect(ranges).toHaveLength(4);
  });

  test('that cuts every body off at once ends in an error', async () => {
    const store = await stored();
    failFirst('GET', { kind: 'truncate', after: 0 }, Number.POSITIVE_INFINITY);
    await expect(store.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5002' });
  });

  test('that flips a bit on the way is asked again; twice, the value is damaged', async () => {
    for (const value of ['small', VALUE]) {
      const store = await stored(value);
      failFirst('GET', { kind: 'flip', at: 100 });
      expect(sameBytes(await store.loadInput(outputContext()), value)).toBe(true);
      failFirst('GET', { kind: 'flip', at: 100 }, 2);
      await expect(store.loadInput(outputContext())).rejects.toMatchObject({ code: 'M5003' });
    }
  });

  test('that applies a write and loses the reply lets its writer win', async () => {
    real.fresh();
    const store = real.open();
    failFirst('PUT', { kind: 'lose-reply' });
    expect(await store.handleOutput(outputContext(), 'value')).toMatchObject({ outcome: 'created' });
    expect(await store.records.putDocument('pin-a', Buffer.from('1'), undefined)).toBe(true);
    const { tag } = (await store.records.getDocument('pin-a')) ?? { tag: '' };
    failFirst('PUT', { kind: 'lose-reply' });
    expect(await store.records.putDocument('pin-a', Buffer.from('2'), tag)).toBe(true);
    failFirst('PUT', { kind: 'lose-reply' });
    await store.records.append('segment-a', Buffer.from('once'), { flush: true });
    expect(Buffer.from(await real.open().records.read('segment-a', 0)).toString()).toBe('once');
  });

  test('that applies the last request of an upload in parts and loses the reply lets its writer win', async () => {
    real.fresh();
    const store = real.open({ partBytes: 5 * MEBIBYTE });
    let lost = 0;
    real.proxy.inject(({ method, path }) => {
      const isLast = method === 'POST' && path.includes('uploadId=') && lost++ === 0;
      return isLast ? { kind: 'lose-reply' } : PASS;
    });
    const value = new Uint8Array(12 * MEBIBYTE).fill(7);
    expect(await store.handleOutput(outputContext(), value)).toMatchObject({ outcome: 'created' });
    expect(await store.loadInput(outputContext())).toHaveLength(value.length);
  });

  test('that refuses the index costs nothing but time', async () => {
    real.fresh();
    const store = real.open();
    real.proxy.inject(({ method, path }) =>
      method === 'PUT' && path.includes('/index/') ? { kind: 'slow-down' } : PASS,
    );
    const contexts = Array.from({ length: 10 }, (_, index) => outputContext({ output: `o${index}` }));
    for (const context of contexts) await store.handleOutput(context, 1);
    await store.dispose();
    expect(await real.open().hasOutputs(contexts)).toEqual(contexts.map(() => true));
  });
});

describe.skipIf(skipped !== undefined)(`a server without conditional writes ${skipped ?? ''}`, () => {
  const real = realBucket();
  let prefix = '';

  /** Ignores conditions: they are taken out before the request is signed. */
  const ignoring = () => {
    const client = real.client();
    client.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> };
        delete headers['if-none-match'];
        delete headers['if-match'];
        return next(args);
      },
      { step: 'build', priority: 'low' },
    );
    return new S3PickleIOManager({ bucket: real.bucket, prefix, client, partBytes: 5 * MEBIBYTE });
  };
  const refusing = () => {
    real.proxy.inject(({ method, isConditional }) =>
      isConditional && method !== 'GET' ? { kind: 'not-implemented' } : PASS,
    );
    return real.open({ partBytes: 5 * MEBIBYTE });
  };

  test.each([
    ['ignores them', ignoring],
    ['refuses them with 501', refusing],
  ])(
    'that %s keeps the first value, small or in parts, and what it cannot promise is not declared',
    async (_, open) => {
      prefix = real.fresh();
      const [one, other] = [open(), open()];
      expect(await one.handleOutput(outputContext(), 'first')).toMatchObject({ outcome: 'created' });
      expect(one.capabilities.atomicCreate).toBe(false);
      expect(await other.handleOutput(outputContext(), 'second')).toMatchObject({ outcome: 'exists' });
      expect(await open().loadInput(outputContext())).toBe('first');

      const large = outputContext({ output: 'large' });
      const value = (fill: number) => new Uint8Array(11 * MEBIBYTE).fill(fill);
      expect(await one.handleOutput(large, value(1))).toMatchObject({ outcome: 'created' });
      expect(await other.handleOutput(large, value(2))).toMatchObject({ outcome: 'exists' });
      expect(sameBytes(await open().loadInput(large), value(1))).toBe(true);

      expect(await one.records.putDocument('pin-a', Buffer.from('1'), undefined)).toBe(true);
      expect(await other.records.putDocument('pin-a', Buffer.from('2'), undefined)).toBe(false);
      const { tag } = (await one.records.getDocument('pin-a')) ?? { tag: '' };
      expect(await other.records.putDocument('pin-a', Buffer.from('3'), tag)).toBe(true);
      expect(await one.records.putDocument('pin-a', Buffer.from('4'), tag)).toBe(false);
    },
  );

  test('of which 20 writers race leaves one whole value, which all read', async () => {
    prefix = real.fresh();
    const writers = Array.from({ length: 20 }, (_, writer) => writer);
    await Promise.all(writers.map((writer) => ignoring().handleOutput(outputContext(), { writer })));
    const kept = await ignoring().loadInput(outputContext());
    expect(writers.map((writer) => ({ writer }))).toContainEqual(kept);
    for (let reader = 0; reader < 3; reader++) expect(await ignoring().loadInput(outputContext())).toEqual(kept);
  });
});

// Comparing megabytes item by item, as an assertion would, takes minutes.
function sameBytes(one: unknown, other: unknown): boolean {
  return Buffer.from(one as Uint8Array).equals(Buffer.from(other as Uint8Array));
}
