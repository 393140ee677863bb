import assert from 'node:assert/strict';
import { outputContext } from '@memo/core/testing';
import { HOSTILE_NAMES } from '../hostile-names.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered, numberedValue } from '../numbered-output.ts';
import { addressOf, listedAddresses } from '../stored-output.ts';
import { pairOf } from '../trial.ts';

/** `listOutputs()` names what is stored, and nothing else. */
export const LISTING: readonly IOManagerCase[] = [
  {
    id: 'listing/empty',
    title: 'empty storage lists nothing',
    needs: ['listing'],
    async run({ open }) {
      assert.deepEqual(await (await open()).list(), []);
    },
  },
  {
    id: 'listing/each-once',
    title: 'each stored output is listed once, with its address and size, whoever stored it',
    needs: ['listing'],
    async run(trial) {
      const [writer, reader] = await pairOf(trial);
      const contexts = [
        ...Array.from({ length: 20 }, (_, index) => numbered(index)),
        numbered(1, { output: 'other' }),
        outputContext({ version: undefined }),
        ...HOSTILE_NAMES.map((name) => outputContext({ op: name, output: name })),
      ];
      for (const [index, context] of contexts.entries()) await writer.store(context, numberedValue(index));
      assert.deepEqual(await listedAddresses(reader), contexts.map(addressOf).sort());
      for (const { bytes, storedAt } of await reader.list()) {
        assert.ok(Number.isSafeInteger(bytes) && bytes > 0, `${bytes} is not the size of a stored value in bytes`);
        assert.ok(Number.isFinite(storedAt), `${storedAt} is not a time in milliseconds`);
      }
    },
  },
  {
    id: 'listing/records-are-no-outputs',
    title: 'records are not listed as outputs',
    needs: ['listing', 'records'],
    async run({ open }) {
      const manager = await open();
      await manager.records.append('segment', new Uint8Array([1]), { flush: true });
      await manager.records.putDocument('pin', new Uint8Array([1]), undefined);
      assert.deepEqual(await manager.list(), []);
    },
  },
  {
    id: 'listing/many',
    title: 'more than 1,000 outputs are all listed',
    needs: ['listing'],
    async run(trial) {
      const [writer, reader] = await pairOf(trial);
      const contexts = Array.from({ length: 1100 }, (_, index) => numbered(index));
      for (let start = 0; start < contexts.length; start += 50) {
        await Promise.all(contexts.slice(start, start + 50).map((context) => writer.store(context, 1)));
      }
      assert.deepEqual(await listedAddresses(reader), contexts.map(addressOf).sort());
    },
  },
  {
    id: 'listing/can-be-left',
    title: 'who stops listing in the middle can go on with the manager',
    needs: ['listing'],
    async run({ open }) {
      const opened = await open();
      for (let number = 0; number < 5; number++) await opened.store(numbered(number), number);
      for await (const _ of opened.manager.listOutputs?.() ?? []) break;
      assert.equal((await opened.list()).length, 5);
    },
  },
];
