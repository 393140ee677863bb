import { job, op } from '@memo/core';
import { type Binding, readBindings } from '@memo/core/inspect';
import type { RecordStore } from '@memo/core/plugin';
import { expect } from 'vitest';
import { addressesOf } from '../../src/records/binding-addresses.ts';
import { FaultPoints } from './fault-points.ts';
import { ManualClock, withClock } from './manual-clock.ts';
import { SetVersions } from './set-versions.ts';
import { SharedStorage } from './shared-storage.ts';
import { FULL_STORE, openSharedStore } from './shared-store.ts';
import { WatchedManager } from './watched-manager.ts';

/*
 * What must hold of runs and is rare in random jobs, each in its smallest form: tests hold them, and see that they fail where a defect
 * is put into the engine.
 */

/** A step by chance and one that reads it, made anew at each call, as every process does over one storage. */
function rollingOver(storage: SharedStorage): () => ReturnType<typeof rollingJob> {
  let rolled = 0;
  return () => rollingJob(storage, () => ++rolled);
}

function rollingJob(storage: SharedStorage, run: () => number) {
  const roll = op('roll', run);
  const pass = op('pass', ({ value }: { value: number }) => value);
  return job('rolling', {
    versions: new SetVersions(),
    io: openSharedStore(storage, { traits: FULL_STORE, prefix: 'store' }),
    build: () => {
      const value = roll();
      return { value, passed: pass({ value }) };
    },
  });
}

/** What a step gave when it was forced is what every later process gets, below it too. */
export async function forcedContentStays(): Promise<void> {
  const storage = new SharedStorage();
  const rolling = rollingOver(storage);
  await rolling().run();
  await rolling().run({ force: 'roll' });
  expect(await (await rolling().run()).loadAll()).toEqual({ value: 2, passed: 2 });
}

/** What was made from a value that was lost with its record is not mixed with what its step gives now. */
export async function lostContentIsNotMixed(): Promise<void> {
  const storage = new SharedStorage();
  const rolling = rollingOver(storage);
  await rolling().run();
  storage.segments.clear();
  for (const key of storage.objects.keys()) if (key.includes('/roll/')) storage.objects.delete(key);
  expect(await (await rolling().run()).loadAll()).toEqual({ value: 2, passed: 2 });
}

/** What was re-used already follows when a value above it turns out to be damaged and its step gives something else. */
export async function damagedContentIsFollowed(): Promise<void> {
  const storage = new SharedStorage();
  const versions = new SetVersions();
  let rolled = 0;
  const roll = op('roll', () => ++rolled);
  const pass = op('pass', ({ value }: { value: number }) => value);
  const late = op('late', ({ value }: { value: number }) => value);
  const rolling = () =>
    job('rolling', {
      versions,
      io: openSharedStore(storage, { traits: FULL_STORE, prefix: 'store' }),
      build: () => {
        const value = roll();
        return { passed: pass({ value }), late: late({ value }) };
      },
    });
  await rolling().run();
  storage.damageObjects([...storage.objects.keys()].sort().flatMap((key, at) => (key.includes('/roll/') ? [at] : [])));
  versions.set('late', '2');
  expect(await (await rolling().run()).loadAll()).toEqual({ passed: 2, late: 2 });
}

/** What another process stored is adopted only where it was made from the same: here a value above it was lost in between. */
export async function onlyTheSameIsAdopted(): Promise<void> {
  const storage = new SharedStorage();
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const rollAs = (run: () => number | Promise<number>) => rollingJob(storage, run as () => number);
  let begun: () => void = () => undefined;
  const isWaiting = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const slow = rollAs(async () => {
    begun();
    await gate;
    return 2;
  }).run();
  await isWaiting;
  expect(await (await rollAs(() => 1).run()).loadAll()).toEqual({ value: 1, passed: 1 });
  for (const key of storage.objects.keys()) if (key.includes('/roll/')) storage.objects.delete(key);
  open();
  expect(await (await slow).loadAll()).toEqual({ value: 2, passed: 2 });
  const { value, passed } = await (await rollAs(() => 3).run()).loadAll();
  expect(passed).toBe(value);
}

/** Of two processes that compute a step of several outputs at once both go on with what one of them gave, and so does every later one. */
export async function oneContentWins(): Promise<void> {
  const storage = new SharedStorage();
  let rolled = 0;
  const roll = op('roll', { outputs: { one: {}, other: {} }, run: () => ({ one: ++rolled, other: -rolled }) });
  const rolling = () =>
    job('rolling', {
      versions: new SetVersions(),
      io: openSharedStore(storage, { traits: { ...FULL_STORE, promises: true }, prefix: 'store' }),
      build: () => ({ ...roll() }),
    });
  const results = await Promise.all([rolling().run(), rolling().run()]);
  const later = await rolling().run();
  expect([rolled, later.executed]).toEqual([2, []]);
  const [one, other, last] = await Promise.all([...results, later].map((result) => result.loadAll()));
  expect([other, last]).toEqual([one, one]);
}

/**
 * Wherever a process is killed, whatever its records name is there: marks and bindings come after the values. Over a cut-off too, whose alias names what
 * an earlier step gave.
 */
export async function recordsComeLast(): Promise<void> {
  const versions = new SetVersions();
  const load = op('load', () => 'text');
  const split = op('split', {
    outputs: { one: {}, other: {} },
    run: ({ text }: { text: string }) => ({ one: text, other: `${text}!` }),
  });
  const splitting = (storage: SharedStorage, faults?: FaultPoints) => {
    const io = openSharedStore(storage, {
      traits: FULL_STORE,
      prefix: 'store',
      ...(faults === undefined ? {} : { faults }),
    });
    return job('splitting', { versions, io, build: () => ({ ...split({ text: load() }) }) });
  };
  const before = new SharedStorage();
  for (const version of ['1', '2']) {
    versions.set('load', version);
    for (let point = 0, dead = true; dead; point++) {
      const storage = before.copy();
      const faults = new FaultPoints(point);
      await splitting(storage, faults)
        .run()
        .catch(() => undefined);
      ({ dead } = faults);
      await expectWhole(storage);
      const next = await splitting(storage).run();
      expect(await next.loadAll()).toEqual({ one: 'text', other: 'text!' });
      expect((await splitting(storage).run()).executed).toEqual([]);
    }
    await splitting(before).run();
  }
}

/** Every value that a binding or a mark names lies at one of the addresses that it may have. */
async function expectWhole(storage: SharedStorage): Promise<void> {
  const { records } = openSharedStore(storage, { traits: FULL_STORE, prefix: 'store' });
  const named: Pick<Binding, 'stepVersion' | 'pub' | 'outputs' | 'of'>[] = [];
  for await (const binding of readBindings(records as RecordStore)) named.push(binding);
  for (const [key, { bytes }] of storage.documents)
    if (key.startsWith('commit-')) named.push(JSON.parse(Buffer.from(bytes).toString('utf8')) as Binding);
  const stored = [...storage.objects.keys()];
  for (const binding of named) {
    const lies = ({ version }: { readonly version: string }) => stored.some((key) => key.endsWith(version));
    const found = new Set(
      addressesOf(binding as Binding)
        .filter(lies)
        .map(({ output }) => output),
    );
    expect([...found].sort()).toEqual(Object.keys(binding.outputs).sort());
  }
}

/** Steps of one version are computed once, also when they are forced. */
export async function twinsAreOne(): Promise<void> {
  let calls = 0;
  const count = op('count', () => ++calls);
  const twins = job('twins', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    build: () => ({ first: count({}, { id: 'first' }), second: count({}, { id: 'second' }) }),
  });
  await twins.run();
  expect(await (await twins.run({ force: true })).loadAll()).toEqual({ first: 2, second: 2 });
  expect(calls).toBe(2);
}

/** What comes after an effect that ran again runs again too, whatever the effect gave. */
export async function effectsAreFollowed(): Promise<void> {
  const publish = op('publish', { effect: true, run: (_: { text: string }) => 'done' });
  const load = op('load', () => 'text');
  const check = op('check', () => 'checked');
  const versions = new SetVersions();
  const publishing = job('publishing', {
    versions,
    io: new WatchedManager(),
    build: () => ({ checked: check({}, { after: publish({ text: load() }) }) }),
  });
  await publishing.run();
  versions.set('load', '2');
  expect((await publishing.run()).executed).toEqual(['load', 'publish', 'check']);
}

/** A change ends where a step gives the same; its alias names what was computed and keeps its age. */
export async function changesEnd(): Promise<void> {
  const clock = new ManualClock();
  const [versions, io] = [new SetVersions(), new WatchedManager()];
  const load = op('load', () => 'text');
  const keep = op('keep', { maxAge: '1m', run: ({ text }: { text: string }) => text });
  const keeping = withClock(job('keeping', { versions, io, build: () => ({ kept: keep({ text: load() }) }) }), clock);
  const computed = (await keeping.run()).plan.step('keep').version;
  for (const version of ['2', '3']) {
    clock.advance(20_000);
    versions.set('load', version);
    expect((await keeping.run()).executed).toEqual(['load']);
  }
  const aliases = (await io.bindings()).filter(({ by }) => by === 'alias');
  expect(aliases.map(({ of }) => of)).toEqual([computed, computed]);
  clock.advance(30_000);
  expect((await keeping.run()).executed).toEqual(['keep']);
}

/** An output that was left out stays left out when its step is re-used. */
export async function absenceIsRemembered(): Promise<void> {
  const maybe = op('maybe', { outputs: { value: { optional: true } }, run: () => ({}) });
  const pass = op('pass', ({ value }: { value: unknown }) => value);
  const skipping = job('skipping', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    build: () => ({ passed: pass({ value: maybe().value }) }),
  });
  await skipping.run();
  const again = await skipping.run();
  expect([again.reused, again.skipped]).toEqual([['maybe'], ['pass']]);
}

/** What reads another content than before runs, whatever was computed by the same code. */
export async function changesAreFollowed(): Promise<void> {
  const [versions, io] = [new SetVersions(), new WatchedManager()];
  let text = 'a';
  const load = op('load', () => text);
  const show = op('show', ({ of }: { of: string }) => of.toUpperCase());
  const showing = job('showing', { versions, io, build: () => show({ of: load() }) });
  await showing.run();
  text = 'b';
  versions.set('load', '2');
  expect(await (await showing.run()).load('result')).toBe('B');
}

/** A value that was given another manager can be loaded from there. */
export async function movedValuesAreThere(): Promise<void> {
  const io = { default: new WatchedManager(), archive: new WatchedManager() };
  const keeping = (keep: string) => {
    const load = op('load', { io: keep, run: () => 1 });
    return job('keeping', { versions: new SetVersions(), io, build: () => load() });
  };
  await keeping('default').run();
  expect(await (await keeping('archive').run()).load('result')).toBe(1);
}
