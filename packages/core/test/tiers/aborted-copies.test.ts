import { getEventListeners } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { job, op, tiered } from '@memo/core';
import { inspectJob } from '@memo/core/inspect';
import type { MemoizableIOManager } from '@memo/core/plugin';
import { exportBundle, importBundle, verifyStore } from '@memo/core/retention';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { upstreamsOf } from '../../src/records/binding-addresses.ts';
import { flakyStore } from '../support/flaky-store.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const load = op('load', () => [3, 1, 2]);
const split = op('split', {
  outputs: { low: {}, high: {}, none: { optional: true } },
  run: ({ all }: { all: readonly number[] }) => ({ low: all.filter((n) => n < 2), high: all.filter((n) => n >= 2) }),
});
const count = op(
  'count',
  ({ low, high }: { low: readonly number[]; high: readonly number[] }) => low.length + high.length,
);

const counting = (io: MemoizableIOManager) =>
  job('counting', {
    versions: new SetVersions(),
    io,
    build: () => {
      const { low, high } = split({ all: load() });
      return { total: count({ low, high }), low };
    },
  });

async function filled(): Promise<WatchedManager> {
  const store = new WatchedManager();
  expect((await counting(store).run()).ok).toBe(true);
  return store;
}

let directory = '';
let file = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'memo-abort-'));
  file = join(directory, 'results.memo');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A signal, and a store during whose nth call, or between it and the next, it is aborted. */
function abortedAt(nth: number, store: MemoizableIOManager) {
  const controller = new AbortController();
  const reason = new Error('enough');
  let calls = 0;
  const watched = flakyStore(store, () => {
    if (++calls === nth) controller.abort(reason);
    return false;
  });
  // Both can list, which checking them needs.
  return { store: Object.assign(watched, { listOutputs: () => store.listOutputs?.() }), reason, controller };
}

/** Whatever a store has: each binding with its values, of their contents, and with everything that it was made from. */
async function expectWhole(store: WatchedManager): Promise<readonly string[]> {
  const bindings = await store.bindings();
  const versions = new Set(bindings.map(({ stepVersion }) => stepVersion));
  for (const binding of bindings)
    for (const { version } of upstreamsOf(binding)) expect(versions.has(version)).toBe(true);
  expect((await verifyStore(store)).findings).toEqual([]);
  const { steps } = await counting(store).plan();
  const reused = steps.filter(({ action }) => action === 'reuse').map(({ id }) => id);
  const bound = bindings.map(({ step }) => step);
  expect(reused).toEqual(expect.arrayContaining(bound));
  // One value alone commits its step; of several, those without their binding count for nothing.
  expect(reused.includes('split')).toBe(bound.includes('split'));
  return bound;
}

interface Copying {
  readonly from: MemoizableIOManager;
  readonly to: MemoizableIOManager;
  readonly signal?: AbortSignal;
}

/** Ways to copy the results of one store to another. */
const WAYS: Readonly<Record<string, (copying: Copying) => Promise<unknown>>> = {
  push: ({ from, to, signal }) => tiered(from, to).push({ signal }),
  pull: ({ from, to, signal }) => tiered(to, from).pull({ signal }),
  importBundle: async ({ from, to, signal }) => {
    await exportBundle(from, file);
    return importBundle(to, file, { signal });
  },
};

describe.each(Object.entries(WAYS))('%s that is aborted', (_way, copy) => {
  test('during any call of the store that it fills leaves whole steps there, and the next one brings the rest', async () => {
    let aborted = 0;
    const seen = new Set<number>();
    for (let nth = 1; ; nth++) {
      const [from, to] = [await filled(), new WatchedManager()];
      const { store, controller, reason } = abortedAt(nth, to);
      const { signal } = controller;
      const copied = copy({ from, to: store, signal });
      if (await settles(copied)) {
        await copied;
        expect(await expectWhole(to)).toHaveLength(3);
        // Once everything is there, an abort changes nothing.
        if (!signal.aborted) break;
        continue;
      }
      await expect(copied).rejects.toBe(reason);
      aborted++;
      expect(getEventListeners(signal, 'abort')).toEqual([]);
      seen.add((await expectWhole(to)).length);
      await copy({ from, to });
      expect(await expectWhole(to)).toHaveLength(3);
    }
    expect(aborted).toBeGreaterThan(5);
    expect(seen.has(0)).toBe(true);
    expect([...seen].some((steps) => steps > 0)).toBe(true);
  });

  test('before it begins asks the stores for nothing', async () => {
    const [from, to] = [await filled(), new WatchedManager()];
    let calls = 0;
    const watched = flakyStore(to, () => ++calls < 0);
    const reason = new Error('enough');
    await expect(copy({ from, to: watched, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(calls).toBe(0);
  });
});

async function settles(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => true,
    () => false,
  );
}

test('a value on its way is let go at once, and nothing is said of the stores', async () => {
  const [local, shared] = [await filled(), new WatchedManager()];
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = Object.assign(
    flakyStore(shared, () => false),
    {
      // As a store over a slow network does, it waits until it is told not to.
      handleOutput: (context: Parameters<WatchedManager['handleOutput']>[0], value: unknown) => {
        if (context.step !== 'split') return shared.handleOutput(context, value);
        return new Promise<never>((_, reject) => {
          context.signal.addEventListener('abort', () => reject(context.signal.reason), { once: true });
          queueMicrotask(() => controller.abort(new Error('enough')));
        });
      },
    },
  );
  const pair = tiered(local, waiting);
  await expect(pair.push({ signal })).rejects.toThrow('enough');
  expect(pair.takeWarnings()).toEqual([]);
  expect(await expectWhole(shared)).toEqual(['load']);
  expect(await tiered(local, shared).push()).toMatchObject({ published: 3, kept: 0 });
});

test('an abort of a push ends nothing of a run that publishes at the same time', async () => {
  const [local, shared] = [new WatchedManager(), new WatchedManager()];
  const controller = new AbortController();
  const pair = tiered(
    local,
    flakyStore(shared, (what) => what === 'before store' && pushing()),
  );
  let pushed: Promise<unknown> | undefined;
  const pushing = (): boolean => {
    pushed ??= pair.push({ signal: controller.signal }).catch((error: unknown) => error);
    controller.abort(new Error('enough'));
    return false;
  };
  const result = await counting(pair).run();
  expect(await pushed).toMatchObject({ message: 'enough' });
  expect(whatRan(result)).toEqual({ ran: ['count', 'load', 'split'] });
  expect(await expectWhole(shared)).toHaveLength(3);
});

test('an export that is aborted, whenever that is, leaves no file, and nothing beside it', async () => {
  const store = await filled();
  for (let nth = 1; ; nth++) {
    const { store: watched, controller, reason } = abortedAt(nth, store);
    const exported = exportBundle(watched, file, { signal: controller.signal });
    if (!controller.signal.aborted && (await settles(exported))) {
      if (!controller.signal.aborted) break;
      rmSync(file);
      continue;
    }
    await expect(exported).rejects.toBe(reason);
    expect(readdirSync(directory)).toEqual([]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  }
  expect(readdirSync(directory)).toEqual(['results.memo']);
});

test('a job is looked at until that is aborted: its bindings one after the other, and its values', async () => {
  const store = await filled();
  const inspected = inspectJob(counting(store));
  const controller = new AbortController();
  const { signal } = controller;
  const steps: string[] = [];
  const reading = async () => {
    for await (const { step } of inspected.bindings({ signal })) {
      steps.push(step);
      if (step === 'split') controller.abort(new Error('enough'));
    }
  };
  await expect(reading()).rejects.toThrow('enough');
  expect(steps).toEqual(['load', 'split']);
  const [first] = await store.bindings();
  if (first === undefined) throw new Error('nothing was bound');
  expect(await inspected.load(first, 'result')).toEqual([3, 1, 2]);
  store.calls.length = 0;
  await expect(inspected.load(first, 'result', { signal })).rejects.toThrow('enough');
  await expect(inspected.bindings({ signal }).next()).rejects.toThrow('enough');
  expect(store.calls).toEqual([]);

  const seen: AbortSignal[] = [];
  store.interference = { load: (context) => seen.push(context.signal) };
  const later = new AbortController();
  await inspected.load(first, 'result', { signal: later.signal });
  expect(seen).toEqual([later.signal]);
});
