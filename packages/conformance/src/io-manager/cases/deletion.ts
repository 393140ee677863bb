import assert from 'node:assert/strict';
import { outputContext } from '@memo/core/testing';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered, numberedValue } from '../numbered-output.ts';
import { addressOf, assertMissing, assertStored, listedAddresses } from '../stored-output.ts';
import { pairOf } from '../trial.ts';

/** `deleteOutput()` takes away one output, and nothing else. */
export const DELETION: readonly IOManagerCase[] = [
  {
    id: 'deletion/gone',
    title: 'a deleted output is not there, and deleting it again says so',
    needs: ['deletion'],
    async run(trial) {
      const [one, other] = await pairOf(trial);
      assert.equal(await one.remove(numbered(1)), false, 'deleting what was never stored');
      await one.store(numbered(1), numberedValue(1));
      assert.equal(await other.remove(numbered(1)), true, 'deleting what is stored');
      await assertMissing(one, numbered(1));
      assert.equal(await one.remove(numbered(1)), false, 'deleting what was deleted');
    },
  },
  {
    id: 'deletion/nothing-else',
    title: 'deleting an output leaves all others, also those with an address that begins alike',
    needs: ['deletion'],
    async run({ open }) {
      const manager = await open();
      const ofRun = (output: string) => outputContext({ version: undefined, output });
      const kept = [numbered(2), numbered(1, { output: 'other' }), numbered(1, { op: 'other' }), ofRun('report')];
      for (const context of [numbered(1), ofRun('rep'), ...kept]) await manager.store(context, addressOf(context));
      await manager.remove(numbered(1));
      await manager.remove(ofRun('rep'));
      for (const context of kept) await assertStored(manager, context, addressOf(context));
    },
  },
  {
    id: 'deletion/makes-room',
    title: 'another value can be stored where one was deleted',
    needs: ['deletion'],
    async run(trial) {
      const [one, other] = await pairOf(trial);
      await one.store(numbered(1), 'first');
      await one.remove(numbered(1));
      const again = await other.store(numbered(1), 'second');
      assert.notEqual(again?.outcome, 'exists');
      await assertStored(one, numbered(1), 'second');
    },
  },
  {
    id: 'deletion/not-listed',
    title: 'a deleted output is not listed',
    needs: ['deletion', 'listing'],
    async run({ open }) {
      const manager = await open();
      for (const number of [1, 2, 3]) await manager.store(numbered(number), number);
      await manager.remove(numbered(2));
      assert.deepEqual(await listedAddresses(manager), [addressOf(numbered(1)), addressOf(numbered(3))].sort());
    },
  },
  {
    id: 'deletion/leaves-no-objects',
    title: 'deleting all outputs leaves no stored object',
    needs: ['deletion', 'raw access'],
    async run({ open, storage }) {
      const manager = await open();
      for (const number of [1, 2, 3]) await manager.store(numbered(number), numberedValue(number));
      for (const number of [1, 2, 3]) await manager.remove(numbered(number));
      assert.deepEqual(await storage.raw?.list(), []);
    },
  },
];
