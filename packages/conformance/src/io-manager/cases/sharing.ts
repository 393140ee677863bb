import assert from 'node:assert/strict';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered, numberedValue } from '../numbered-output.ts';
import { runOther } from '../other-process.ts';
import { assertMissing, assertStored } from '../stored-output.ts';
import { pairOf } from '../trial.ts';

const NUMBERS = Array.from({ length: 12 }, (_, number) => number);

/** A store that several use at once: what one has looked at must not hide what another one does. */
export const SHARING: readonly IOManagerCase[] = [
  {
    id: 'sharing/new-outputs',
    title: 'who saw that an output is missing sees it as soon as another one has stored it',
    needs: ['shared', 'durable'],
    async run(trial) {
      const [one, other] = await pairOf(trial);
      for (const number of NUMBERS) await assertMissing(other, numbered(number));
      for (const number of NUMBERS) {
        await one.store(numbered(number), numberedValue(number));
        await assertStored(other, numbered(number), numberedValue(number));
      }
    },
  },
  {
    id: 'sharing/new-outputs-in-bulk',
    title: 'who asked for many outputs sees what another one has stored since when asked again',
    needs: ['shared', 'durable', 'bulk'],
    async run(trial) {
      const [one, other] = await pairOf(trial);
      const contexts = NUMBERS.map((number) => numbered(number));
      for (const stored of [0, 5, 12]) {
        for (const number of NUMBERS.slice(0, stored)) await one.store(numbered(number), numberedValue(number));
        assert.deepEqual(
          [...(await other.hasAll(contexts))],
          NUMBERS.map((number) => number < stored),
        );
      }
    },
  },
  {
    id: 'sharing/deleted-outputs',
    title: 'who has loaded an output sees that another one has deleted it, and stored it again',
    needs: ['shared', 'durable', 'deletion'],
    async run(trial) {
      const [one, other] = await pairOf(trial);
      for (const number of NUMBERS) await one.store(numbered(number), numberedValue(number));
      for (const number of NUMBERS) await assertStored(other, numbered(number), numberedValue(number));
      for (const number of NUMBERS) {
        await one.remove(numbered(number));
        await assertMissing(other, numbered(number));
      }
      await other.store(numbered(0), 'another value');
      await assertStored(one, numbered(0), 'another value');
    },
  },
  {
    id: 'sharing/records',
    title: 'who has read the records reads what another one has added since',
    needs: ['shared', 'durable', 'records'],
    async run(trial) {
      const [{ records: one }, { records: other }] = await pairOf(trial);
      for (const round of [1, 2, 3]) {
        await one.append('a', Buffer.from(`${round}`), { flush: true });
        await one.append(`b-${round}`, Buffer.from('new'), { flush: true });
        await one.putDocument(`pin-${round}`, Buffer.from('new'), undefined);
        const names = [...(await other.segments())].map(({ name }) => name);
        assert.equal(names.length, round + 1, `the segments after round ${round}: ${names.join(', ')}`);
        assert.equal(Buffer.from(await other.read('a', 0)).toString(), '123'.slice(0, round));
        assert.equal((await other.documents('pin-')).length, round, `the documents after round ${round}`);
      }
    },
  },
  {
    id: 'sharing/processes',
    title: 'what several processes store at once is all there, for who looked before and who comes later',
    needs: ['shared', 'durable', 'other processes'],
    async run({ open, storage }) {
      const before = await open();
      await assertMissing(before, numbered(0));
      await Promise.all([
        runOther(storage, { task: 'store', from: 0, count: 8 }),
        runOther(storage, { task: 'store', from: 4, count: 8 }),
      ]);
      const after = await open();
      for (const number of NUMBERS) {
        await assertStored(before, numbered(number), numberedValue(number));
        await assertStored(after, numbered(number), numberedValue(number));
      }
    },
  },
];
