import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Commit } from '../../src/records/binding.ts';
import { BindingLog } from '../../src/records/binding-log.ts';
import { memoryRecordStore } from '../../src/records/memory-record-store.ts';
import { cases } from '../support/cases.ts';
import { Schedule } from '../support/schedule.ts';
import { SharedStorage } from '../support/shared-storage.ts';
import { FULL_STORE, openSharedStore } from '../support/shared-store.ts';

const VERSION = 'a'.repeat(64);
const pub = (number: number) => String(number).padStart(64, '0');
const commitOf = (number: number): Commit => ({
  schema: 'memo.commit/1',
  stepVersion: VERSION,
  pub: pub(number),
  outputs: {},
});
const choices = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 30 });

/** Logs of several processes over one storage, whose steps a schedule decides. */
function logsOver(storage: SharedStorage, count: number, schedule: Schedule): readonly BindingLog[] {
  const traits = { ...FULL_STORE, promises: true };
  const open = () => openSharedStore(storage, { traits, prefix: 'store', turn: schedule.turn });
  return [...Array(count)].map(() => new BindingLog(open().records));
}

test('of writers that commit one version at once, all go on with the same one, for ever', async () => {
  await fc.assert(
    fc.asyncProperty(choices, fc.integer({ min: 2, max: 5 }), async (choices, count) => {
      const schedule = new Schedule(choices);
      const storage = new SharedStorage();
      const logs = logsOver(storage, count, schedule);
      const winners = await schedule.play(Promise.all(logs.map((log, number) => log.commit(commitOf(number)))));
      expect(new Set(winners.map((winner) => winner.pub)).size).toBe(1);
      const [late] = logsOver(storage, 1, schedule);
      const found = await schedule.play((late as BindingLog).commit(commitOf(99)));
      expect(found).toEqual(winners[0]);
    }),
    cases(80),
  );
});

test('of writers that pin one version at once, one wins and all are told which', async () => {
  await fc.assert(
    fc.asyncProperty(choices, fc.integer({ min: 2, max: 5 }), async (choices, count) => {
      const schedule = new Schedule(choices);
      const logs = logsOver(new SharedStorage(), count, schedule);
      const pins = await schedule.play(
        Promise.all(logs.map((log, number) => log.pin(VERSION, pub(number), undefined))),
      );
      expect(new Set(pins.map((pin) => pin.pub)).size).toBe(1);
    }),
    cases(80),
  );
});

test.each([
  { where: 'in a store', store: memoryRecordStore() },
  { where: 'in memory', store: undefined },
])('a pin $where moves only for whom knows the one that is there', async ({ store }) => {
  const log = new BindingLog(store);
  expect(await log.pin(VERSION, pub(1), undefined)).toMatchObject({ pub: pub(1), generation: 2 });
  expect(await log.pin(VERSION, pub(2), undefined)).toMatchObject({ pub: pub(1), generation: 2 });
  expect(await log.pin(VERSION, pub(2), pub(1))).toMatchObject({ pub: pub(2), generation: 3 });
});

test('a commit mark or pin that cannot be read counts as none', async () => {
  const store = memoryRecordStore();
  await store.putDocument(`commit-${VERSION}`, Buffer.from('{"schema":"memo.com'), undefined);
  await store.putDocument(`pin-${VERSION}`, Buffer.from('garbage'), undefined);
  const log = new BindingLog(store);
  await log.refresh();
  expect(log.pins.size).toBe(0);
  expect(await log.commit(commitOf(7))).toEqual(commitOf(7));
  expect(await log.commit(commitOf(8))).toEqual(commitOf(7));
  expect(await log.pin(VERSION, pub(3), undefined)).toMatchObject({ pub: pub(3) });
});

test('pins are read some at once, and all of them', async () => {
  const store = memoryRecordStore();
  const versions = Array.from({ length: 70 }, (_, number) => pub(number));
  for (const version of versions) await new BindingLog(store).pin(version, pub(1), undefined);
  let open = 0;
  let most = 0;
  const getDocument = async (key: string) => {
    most = Math.max(most, ++open);
    await Promise.resolve();
    open--;
    return store.getDocument(key);
  };
  const log = new BindingLog({ ...store, getDocument });
  await log.refresh();
  expect(versions.filter((version) => log.pins.get(version)?.pub !== pub(1))).toEqual([]);
  expect(most).toBe(32);
});

test('a pin under the key of another version is not believed', async () => {
  const store = memoryRecordStore();
  const pin = { schema: 'memo.pin/1', stepVersion: 'b'.repeat(64), pub: pub(1), generation: 2 };
  await store.putDocument(`pin-${VERSION}`, Buffer.from(JSON.stringify(pin)), undefined);
  const log = new BindingLog(store);
  await log.refresh();
  expect([...log.pins]).toEqual([]);
});
