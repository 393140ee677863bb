import { job, op } from '@memo/core';
import { MemoError, recordLeases } from '@memo/core/plugin';
import { applyPrune, type PruneOptions, planPrune, resultUses, storeStats, verifyStore } from '@memo/core/retention';
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/definitions/clock.ts';
import { planPruneAt } from '../../src/retention/plan-prune.ts';
import { limitsOf } from '../../src/retention/prune-limits.ts';
import { ManualClock, withClock } from '../support/manual-clock.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const DAY = 86_400_000;

/** A step that gives something else each time, a slow step that reads it, and one that reads both. */
function tossing() {
  const clock = new ManualClock();
  const io = new WatchedManager();
  const versions = new SetVersions();
  let tossed = 0;
  const toss = op('toss', () => ++tossed);
  const train = op('fit', {
    run: ({ n }: { n: number }) => {
      clock.advance(60_000);
      return { model: n, weights: 'w'.repeat(1_000) };
    },
  });
  const report = op('report', ({ n, fitted }: { n: number; fitted: { model: number } }) => ({
    n,
    model: fitted.model,
  }));
  const made = job('tossing', {
    versions,
    io,
    build: () => {
      const n = toss();
      return report({ n, fitted: train({ n }) });
    },
  });
  const prune = async (options: PruneOptions = {}) => {
    const plan = await planPruneAt(io, limitsOf({ keepRuns: 0, ...options }, clock.now()));
    const values = plan.values.map(({ step, reason }) => `${step} ${reason}`).sort();
    return { plan, values, result: await applyPrune(plan) };
  };
  return { clock, io, versions, job: withClock(made, clock), prune };
}

test('what nobody used for long goes, and is computed again when it is asked for', async () => {
  const { clock, job, prune } = tossing();
  await job.run();
  clock.advance(31 * DAY);
  const { plan, values, result } = await prune();
  expect(values).toEqual(['fit unused', 'report unused', 'toss unused']);
  expect(result).toMatchObject({ deleted: 3, freedBytes: plan.freedBytes, forgotten: 0, failed: [] });
  expect(String(plan)).toContain('deletes 3 values');
  expect(whatRan(await job.run())).toEqual({ ran: ['fit', 'report', 'toss'] });
});

test('a re-use counts as a use', async () => {
  const { clock, job, prune } = tossing();
  await job.run();
  clock.advance(20 * DAY);
  await job.run();
  clock.advance(20 * DAY);
  expect((await prune()).values).toEqual([]);
});

test('what was used within the grace period stays, whatever is asked for', async () => {
  const { clock, job, prune } = tossing();
  await job.run();
  clock.advance(DAY / 2);
  const { plan } = await prune({ olderThan: 0, maxBytes: 0 });
  expect(plan.values).toEqual([]);
  expect(plan.kept).toMatchObject({ young: { values: 3 } });
});

test('what the newest runs of a job used stays, and so does what a pinned one used', async () => {
  const { clock, versions, job, prune } = tossing();
  const first = await job.run();
  versions.set('report', '2');
  clock.advance(DAY);
  await job.run();
  clock.advance(31 * DAY);
  const pinned = (await prune({ keepRuns: 0, pinned: [first.id, 'nobody'] })).plan;
  expect(pinned.values.map(({ step }) => step)).toEqual(['report']);
  expect(pinned.unknownRuns).toEqual(['nobody']);
  await job.run();
  clock.advance(31 * DAY);
  const { values } = await prune({ keepRuns: 1 });
  expect(values).toEqual(['report unused']);
  expect(whatRan(await job.run())).toEqual({ reused: ['fit', 'report', 'toss'] });
});

test('slow values and values of ops that are known to change can be kept', async () => {
  const { clock, job, prune } = tossing();
  await job.run();
  await job.run({ force: 'toss' });
  clock.advance(31 * DAY);
  const { values, plan } = await prune({ protect: { slowerThan: '1m' } });
  expect(values).toEqual(['report unused', 'report unused', 'toss superseded']);
  expect(plan.kept).toMatchObject({ expensive: { values: 2 }, 'not-deterministic': { values: 1 } });
});

test('beyond a size, what is quickest to compute again for its size goes first', async () => {
  const { clock, io, job, prune } = tossing();
  await job.run();
  clock.advance(2 * DAY);
  const { bytes } = await storeStats(io);
  const { values } = await prune({ maxBytes: bytes - 1 });
  expect(values).toHaveLength(1);
  expect(['report over-size', 'toss over-size']).toContain(values[0]);
  expect((await prune({ maxBytes: 0 })).values).toContain('fit over-size');
});

test('a step is forgotten a grace period after its values went, and not while something is kept that was made from it', async () => {
  const { clock, io, versions, job, prune } = tossing();
  await job.run();
  const keepsSlow = { protect: { slowerThan: '1m' } } as const;
  clock.advance(31 * DAY);
  expect((await prune(keepsSlow)).values).toEqual(['report unused', 'toss unused']);
  clock.advance(31 * DAY);
  const second = await prune(keepsSlow);
  expect(second.plan.forgotten.map(({ step }) => step)).toEqual(['report']);
  expect(second.result.forgotten).toBe(1);
  expect((await io.bindings()).map(({ step }) => step).sort()).toEqual(['fit', 'toss']);
  versions.set('report', '2');
  const result = await job.run();
  // What was fitted to another toss is not mixed with the new one.
  expect(await result.load('result')).toEqual({ n: 2, model: 2 });
  clock.advance(40 * DAY);
  await prune();
  clock.advance(40 * DAY);
  await prune({ protect: { nonDeterministic: false } });
  clock.advance(40 * DAY);
  await prune({ protect: { nonDeterministic: false } });
  clock.advance(40 * DAY);
  await prune({ protect: { nonDeterministic: false } });
  expect(await io.bindings()).toEqual([]);
  expect(await io.records.documents('')).toEqual([]);
});

test('what is used between plan and prune stays', async () => {
  const { clock, io, job } = tossing();
  await job.run();
  clock.advance(31 * DAY);
  const plan = await planPruneAt(io, limitsOf({ keepRuns: 0 }, clock.now()));
  expect(plan.values).toHaveLength(3);
  await job.run();
  expect(await applyPrune(plan)).toMatchObject({ deleted: 0, skipped: 3, forgotten: 0 });
});

test('a value without a binding is never deleted', async () => {
  const { clock, io, job, prune } = tossing();
  await job.run();
  for (const { name } of await io.records.segments()) await io.records.remove(name);
  clock.advance(400 * DAY);
  const { plan } = await prune({ maxBytes: 0 });
  expect(plan.values).toEqual([]);
  expect(plan.kept).toEqual({ unbound: { values: 3, bytes: plan.keptBytes } });
});

test('effects keep their values: an effect that ran must not run again', async () => {
  const clock = new ManualClock();
  const io = new WatchedManager();
  const deploy = op('deploy', { effect: true, run: () => 'deployed' });
  const deploying = withClock(job('deploying', { versions: new SetVersions(), io, build: () => deploy() }), clock);
  await deploying.run();
  clock.advance(400 * DAY);
  const plan = await planPruneAt(io, limitsOf({ keepRuns: 0, maxBytes: 0 }, clock.now()));
  expect(plan.kept).toMatchObject({ effect: { values: 1 } });
  expect(plan.values).toEqual([]);
});

test('a plan deletes nothing, and only plans of planPrune can be applied', async () => {
  const { io, job } = tossing();
  await job.run();
  const before = io.calls.length;
  const plan = await planPrune(io, { olderThan: 0 });
  expect(io.calls.slice(before)).toEqual([]);
  await expect(applyPrune({ ...plan })).rejects.toThrow(TypeError);
  await expect(planPrune(io, { olderThan: 'soon' as never })).rejects.toThrow(TypeError);
});

test('a value that cannot be deleted is said, and the others go', async () => {
  const { clock, io, job } = tossing();
  await job.run();
  clock.advance(31 * DAY);
  const plan = await planPruneAt(io, limitsOf({ keepRuns: 0 }, clock.now()));
  const deleteOutput = io.deleteOutput.bind(io);
  io.deleteOutput = (context) => {
    if (context.step === 'fit') throw new Error('denied');
    return deleteOutput(context);
  };
  const { deleted, failed } = await applyPrune(plan);
  expect(deleted).toBe(2);
  expect(failed.map(({ message }) => message)).toEqual(['denied']);
});

test('statistics count values by op, and what has no binding', async () => {
  const { clock, io, job } = tossing();
  await job.run();
  const stats = await storeStats(io);
  expect(stats).toMatchObject({ values: 3, bindings: 3, unbound: { values: 0 }, ofRuns: { values: 0 } });
  expect(stats.ops[0]).toMatchObject({ op: 'fit', values: 1, costMs: 60_000 });
  expect(stats.bytes).toBe(stats.ops.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(stats.lastUsed?.newest).toBe(clock.now());
});

test('a check finds what is damaged and what is not the content that its binding names', async () => {
  const { io, job } = tossing();
  await job.run();
  expect(await verifyStore(io)).toEqual({ checked: 3, unbound: 0, findings: [] });
  const load = io.loadInput.bind(io);
  io.loadInput = (context) => (context.step === 'toss' ? 99 : load(context));
  const { findings } = await verifyStore(io);
  expect(findings.map(({ problem, step, output }) => [problem, step, output])).toEqual([['differs', 'toss', 'result']]);
});

test('a step version that is named is kept, whatever its age', async () => {
  const { clock, io, job, prune } = tossing();
  await job.run();
  clock.advance(31 * DAY);
  const train = (await io.bindings()).find(({ step }) => step === 'fit');
  expect((await prune({ keep: [train?.stepVersion as string] })).values).toEqual(['report unused', 'toss unused']);
});

test('uses by other runs are counted, and a result whose value is gone is said to be', async () => {
  const { clock, io, job } = tossing();
  await job.run();
  clock.advance(DAY);
  await job.run();
  io.lose('fit');
  const uses = await resultUses(io);
  expect(uses.map(({ binding, hits, isStored }) => `${binding.step} ${hits} ${isStored}`).sort()).toEqual([
    'fit 1 false',
    'report 1 true',
    'toss 1 true',
  ]);
});

test('a check of some objects reads no others, and a repair deletes what is wrong', async () => {
  const { io, job } = tossing();
  await job.run();
  io.interference = {
    load: ({ step }) => {
      if (step === 'fit') throw new MemoError('M5003', 'torn');
    },
  };
  const others = await verifyStore(io, { pick: ({ identifier }) => identifier[2] !== 'fit' });
  expect([others.checked, others.findings]).toEqual([2, []]);
  expect((await verifyStore(io)).findings).toMatchObject([{ step: 'fit', problem: 'damaged', repaired: false }]);
  expect((await verifyStore(io, { repair: true })).findings).toMatchObject([{ step: 'fit', repaired: true }]);
  io.interference = {};
  expect((await verifyStore(io)).checked).toBe(2);
});

test('leases of holders that died go after the grace period, those that are renewed stay', async () => {
  const { clock, io, prune } = tossing();
  const { records } = io;
  const signal = new AbortController().signal;
  const dying: Clock = { ...systemClock, now: () => clock.now(), sleep: () => new Promise(() => {}) };
  await recordLeases(records, { clock: dying })('of-the-dead', { signal });
  clock.advance(DAY + 1);
  await recordLeases(records, { clock: dying })('of-the-living', { signal });
  await records.putDocument('lease-of-nobody', Buffer.from('no lease'), undefined);
  await prune();
  expect(await records.documents('lease-')).toEqual(['lease-of-the-living']);
});

test('what an alias stands for was used when the alias was', async () => {
  const { clock, io, versions, prune } = tossing();
  const text = op('text', () => 'a');
  const show = op('show', ({ of }: { of: string }) => of.toUpperCase());
  const showing = withClock(job('showing', { versions, io, build: () => show({ of: text() }) }), clock);
  await showing.run();
  clock.advance(25 * DAY);
  versions.set('text', '2');
  expect(whatRan(await showing.run())).toEqual({ ran: ['text'], reused: ['show'] });
  clock.advance(10 * DAY);
  expect((await prune()).values).toEqual(['text unused']);
  expect(whatRan(await showing.run())).toEqual({ reused: ['show', 'text'] });
});

test('a generation that another one has replaced goes, though it is young enough to be kept, and the pinned one stays', async () => {
  const { clock, job, prune } = tossing();
  await job.run();
  await job.run({ force: 'toss' });
  clock.advance(2 * DAY);
  expect((await prune()).values).toEqual(['toss superseded']);
  const result = await job.run();
  expect(whatRan(result)).toEqual({ reused: ['fit', 'report', 'toss'] });
  expect(await result.load('result')).toEqual({ n: 2, model: 2 });
});

test('a value that was copied to another manager is as old as the one that it was copied from', async () => {
  const clock = new ManualClock();
  const io = { default: new WatchedManager(), archive: new WatchedManager() };
  const keeping = (keep: string) => {
    const load = op('load', { io: keep, run: () => 1 });
    return withClock(job('keeping', { versions: new SetVersions(), io, build: () => load() }), clock);
  };
  await keeping('default').run();
  expect(whatRan(await keeping('archive').run())).toEqual({ reused: ['load'] });
  const planAt = () => planPruneAt(io, limitsOf({ keepRuns: 0 }, clock.now()));
  expect((await planAt()).values).toEqual([]);
  clock.advance(31 * DAY);
  expect((await planAt()).values.map(({ step, reason, io: key }) => [step, reason, key])).toEqual([
    ['load', 'unused', 'default'],
    ['load', 'unused', 'archive'],
  ]);
});
