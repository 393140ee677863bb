import assert from 'node:assert/strict';
import { isSameValue } from '../../same-value.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import { churnedValue, numbered, numberedValue, writerOf } from '../numbered-output.ts';
import { churnUntilKilled, raceOf, runOther } from '../other-process.ts';
import { addressOf, assertMissing, assertStored, listedAddresses } from '../stored-output.ts';
import type { IOManagerTrial } from '../trial.ts';

/** Several processes, some of which are killed. */
export const PROCESSES: readonly IOManagerCase[] = [
  {
    id: 'durability/seen-by-another-process',
    title: 'what a process stored, another one sees after it has ended',
    needs: ['durable', 'other processes'],
    async run({ open, storage }) {
      const before = await open();
      await assertMissing(before, numbered(0));
      await runOther(storage, { task: 'store', from: 0, count: 8 });
      for (const manager of [before, await open()]) {
        for (let number = 0; number < 8; number++) await assertStored(manager, numbered(number), numberedValue(number));
      }
    },
  },
  {
    id: 'crash/killed-writers',
    title:
      'of a writer that is killed at any moment, every output is whole or not there, and none that it finished is lost',
    needs: ['durable', 'other processes'],
    async run(trial) {
      for (const [round, patience] of PATIENCE.entries()) {
        const from = round * 100_000;
        const finished = await churnUntilKilled(trial.storage, { from, ...patience });
        await assertFinishedAndWhole(trial, from, finished);
      }
    },
  },
  {
    id: 'crash/addresses-stay-usable',
    title: 'what a killed writer left does not hinder the next one',
    needs: ['durable', 'other processes'],
    async run({ open, storage }) {
      const finished = await churnUntilKilled(storage, { from: 0, count: 3, turns: 20 });
      const manager = await open();
      const next = (finished.at(-1) ?? 0) + 1;
      for (let number = next; number < next + 4; number++) {
        await manager.store(numbered(number), numberedValue(number));
        await assertStored(manager, numbered(number), numberedValue(number));
      }
    },
  },
  {
    id: 'race/processes',
    title: 'of three processes that race for an address one creates it, and its value is what all read',
    needs: ['durable', 'atomicCreate', 'other processes'],
    async run({ open, storage }) {
      const count = 60;
      const outcomes = await raceOf(storage, { writers: [1, 2, 3], count });
      const manager = await open();
      for (let number = 0; number < count; number++) {
        const creators = outcomes.flatMap((told, index) => (told[number] === 'created' ? [index + 1] : []));
        assert.equal(creators.length, 1, `${creators.length} processes were told that they created output ${number}`);
        assert.equal(writerOf(await manager.load(numbered(number))), creators[0], `the value of output ${number}`);
      }
    },
  },
];

/** After how many reports, and how many turns later, a writer is killed. */
const PATIENCE = [
  { count: 1, turns: 1000 },
  { count: 2, turns: 3000 },
  { count: 3, turns: 6000 },
  { count: 1, turns: 0 },
  { count: 2, turns: 1500 },
  { count: 3, turns: 4000 },
  { count: 1, turns: 500 },
  { count: 2, turns: 9000 },
] as const;

async function assertFinishedAndWhole(
  { open, features }: IOManagerTrial,
  from: number,
  finished: readonly number[],
): Promise<void> {
  const manager = await open();
  for (const number of finished) assert.equal(await manager.has(numbered(number)), true, `output ${number} was lost`);
  const end = (finished.at(-1) ?? from - 1) + 2;
  const there: string[] = [];
  for (let number = from; number < end; number++) {
    if (!(await manager.has(numbered(number)))) continue;
    there.push(addressOf(numbered(number)));
    const whole = isSameValue(await manager.load(numbered(number)), churnedValue(number));
    assert.ok(whole, `output ${number} is there and not whole`);
  }
  if (!features.has('listing')) return;
  const listed = new Set(await listedAddresses(manager));
  for (const address of there) assert.ok(listed.delete(address), `${address} is there and not listed`);
}
