import assert from 'node:assert/strict';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered, numberedValue } from '../numbered-output.ts';
import { assertMissing, assertStored } from '../stored-output.ts';

/** What outlives a manager. */
export const DURABILITY: readonly IOManagerCase[] = [
  {
    id: 'durability/seen-by-another-manager',
    title: 'what one manager stored, another one over the same storage sees',
    needs: ['durable'],
    async run({ open }) {
      const [one, other] = [await open(), await open()];
      await assertMissing(other, numbered(1));
      await one.store(numbered(1), numberedValue(1));
      await assertStored(other, numbered(1), numberedValue(1));
    },
  },
  {
    id: 'durability/outlives-the-manager',
    title: 'values outlive the manager that stored them',
    needs: ['durable'],
    async run({ open }) {
      const one = await open();
      for (let number = 0; number < 8; number++) await one.store(numbered(number), numberedValue(number));
      await one.dispose();
      const other = await open();
      for (let number = 0; number < 8; number++) await assertStored(other, numbered(number), numberedValue(number));
    },
  },
  {
    id: 'durability/not-more-than-declared',
    title: 'a manager that does not declare durability keeps nothing beyond itself',
    unless: ['durable'],
    async run({ open }) {
      await (await open()).store(numbered(1), 1);
      const seen = await (await open()).has(numbered(1));
      assert.equal(seen, false, 'another manager sees the value: declare the capability `durable`');
    },
  },
  {
    id: 'durability/dispose',
    title: 'a manager can be disposed twice, used or not',
    async run({ open }) {
      const [used, unused] = [await open(), await open()];
      await used.store(numbered(1), 1);
      for (const manager of [used, unused]) {
        await manager.dispose();
        await manager.dispose();
      }
    },
  },
];
