import { job, op, tiered } from '@memo/core';
import type { MemoizableIOManager, RecordStore, TakeLease } from '@memo/core/plugin';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/definitions/clock.ts';
import { memoryRecordStore } from '../../src/records/memory-record-store.ts';
import { recordLeases } from '../../src/records/record-leases.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const HOLD = 60_000;
const wanted = (signal = new AbortController().signal) => ({ signal });

describe('a lease', () => {
  /** Moves time in small steps, so that everybody who sleeps in between wakes when he wanted to. */
  const pass = async (clock: ManualClock, milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += HOLD / 60) {
      clock.advance(HOLD / 60);
      await new Promise(setImmediate);
    }
  };

  test('that is free is given at once, and again after it was given back', async () => {
    const take = recordLeases(memoryRecordStore(), { clock: new ManualClock() });
    const first = await take('a', wanted());
    expect(first.waited).toBe(false);
    await first.release();
    await first.release();
    expect((await take('a', wanted())).waited).toBe(false);
    expect((await take('b', wanted())).waited).toBe(false);
  });

  test('that is renewed is waited for until it is given back, however long that takes', async () => {
    const clock = new ManualClock();
    const records = memoryRecordStore();
    const first = await recordLeases(records, { clock })('a', wanted());
    let got = false;
    const told: string[] = [];
    const second = recordLeases(records, { clock })('a', { ...wanted(), onWait: () => told.push('waits') });
    void second.then(() => (got = true));
    await pass(clock, 5 * HOLD);
    expect(got).toBe(false);
    await first.release();
    await pass(clock, HOLD);
    expect((await second).waited).toBe(true);
    expect(told).toEqual(['waits']);
  });

  test.each(['of a holder that died', 'with bytes that nobody understands'])(
    '%s is taken over when it did not change for a while',
    async (what) => {
      const clock = new ManualClock();
      const records = memoryRecordStore();
      await records.putDocument(
        'lease-a',
        Buffer.from(what.startsWith('of') ? 'memo.lease/1 ab 0 0' : '\0'),
        undefined,
      );
      let got = false;
      const taken = recordLeases(records, { clock })('a', wanted());
      void taken.then(() => (got = true));
      await pass(clock, HOLD * 0.9);
      expect(got).toBe(false);
      await pass(clock, HOLD * 0.3);
      expect((await taken).waited).toBe(true);
    },
  );

  test('of which one was deprived is not given back in the name of who has it', async () => {
    const records = memoryRecordStore();
    const first = await recordLeases(records, { clock: new ManualClock() })('a', wanted());
    const there = await records.getDocument('lease-a');
    await records.putDocument('lease-a', Buffer.from('memo.lease/1 ff 0 0'), there?.tag);
    await first.release();
    expect(await records.getDocument('lease-a')).toBeDefined();
  });

  test('is not waited for any longer once that is aborted', async () => {
    const records = memoryRecordStore();
    const take = recordLeases(records, { clock: new ManualClock() });
    await take('a', wanted());
    const controller = new AbortController();
    const second = take('a', wanted(controller.signal));
    controller.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
  });

  test('goes to one of many who want it at once', async () => {
    const records = memoryRecordStore();
    const controller = new AbortController();
    let most = 0;
    let holding = 0;
    const all = Array.from({ length: 20 }, async () => {
      const lease = await recordLeases(records, { clock: turning })('a', wanted(controller.signal));
      most = Math.max(most, ++holding);
      await new Promise(setImmediate);
      holding--;
      await lease.release();
    });
    await Promise.all(all);
    expect(most).toBe(1);
  });
});

/** Nobody sleeps longer than a turn of the event loop, and no time passes. */
const turning: Clock = {
  now: () => 0,
  elapsed: () => 0,
  random: () => 0.5,
  sleep: async (_milliseconds, signal) => {
    await new Promise(setImmediate);
    signal.throwIfAborted();
  },
};

/** What a machine sees of a store that several share. */
class Machine extends WatchedManager {
  override readonly records: RecordStore;
  readonly lease: TakeLease;

  constructor(over?: Machine) {
    super(over === undefined ? {} : { over });
    this.records = over?.records ?? memoryRecordStore();
    this.lease = recordLeases(this.records, { clock: turning });
  }
}

function slow(io: MemoizableIOManager, ran: string[], gate: () => Promise<void>) {
  const load = op('load', async () => {
    ran.push('load');
    await gate();
    return 1;
  });
  const spread = op('spread', {
    outputs: ['low', 'high'],
    run: ({ value }: { value: number }) => {
      ran.push('spread');
      return { low: value - 1, high: value + 1 };
    },
  });
  const versions = { id: 'declared', getOpVersion: () => '1' };
  return job('slow', { versions, io, build: () => spread({ value: load() }) });
}

/** A gate that opens when somebody has said in a log that he waits. */
function gateOfWaiters() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const reporter = (event: { readonly type: string; readonly message?: string }): void => {
    if (event.type === 'step.log' && event.message?.includes('waiting for it') === true) open();
  };
  return { gate: () => opened, reporter };
}

test.each(['one store', 'a store of its own before it'])(
  'two machines that run the same job at once over %s compute each step once',
  async (how) => {
    const first = new Machine();
    const machines: [Machine, Machine] = [first, new Machine(first)];
    const [one, other]: [MemoizableIOManager, MemoizableIOManager] =
      how === 'one store'
        ? machines
        : [tiered(new WatchedManager(), machines[0]), tiered(new WatchedManager(), machines[1])];
    const ran: string[] = [];
    const { gate, reporter } = gateOfWaiters();
    const results = await Promise.all([
      slow(one, ran, gate).run({ reporter }),
      slow(other, ran, gate).run({ reporter }),
    ]);
    expect(ran).toEqual(['load', 'spread']);
    expect(results.flatMap((result) => result.executed).sort()).toEqual(['load', 'spread']);
    for (const result of results) expect([await result.load('low'), await result.load('high')]).toEqual([0, 2]);
    expect(await first.records.documents('lease-')).toEqual([]);
  },
);

test('a store that gives no lease costs a warning, and nothing waits', async () => {
  const io = new Machine();
  const failing = Object.assign(io, { lease: () => Promise.reject(new Error('no leases today')) });
  const warned: string[] = [];
  const reporter = (event: { readonly type: string; readonly code?: string }): void => {
    if (event.type === 'warning') warned.push(event.code ?? '');
  };
  const result = await slow(failing, [], () => Promise.resolve()).run({ reporter });
  expect(whatRan(result)).toEqual({ ran: ['load', 'spread'] });
  expect(warned.filter((code) => code === 'leases-failed')).toHaveLength(1);
});

test('a run that is cancelled while it waits for a lease ends', async () => {
  const io = new Machine();
  const other = new Machine(io);
  const { gate, reporter } = gateOfWaiters();
  let finish: () => void = () => undefined;
  const first = slow(io, [], () => new Promise((resolve) => (finish = resolve))).run();
  const ran: string[] = [];
  const controller = new AbortController();
  void gate().then(() => controller.abort());
  const second = await slow(other, ran, gate).run({ reporter, signal: controller.signal });
  expect(second.status).toBe('cancelled');
  expect(ran).toEqual([]);
  finish();
  expect((await first).ok).toBe(true);
});

test('a run that requires its results waits for nobody', async () => {
  const io = new Machine();
  const asked: string[] = [];
  Object.assign(io, { lease: (key: string) => Promise.reject(new Error(String(asked.push(key)))) });
  const result = await slow(io, [], () => Promise.resolve()).run({ memo: 'require' });
  expect(result.ok).toBe(false);
  expect(asked).toEqual([]);
});
