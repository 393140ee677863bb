import assert from 'node:assert/strict';
import { errorOf } from '../../expected-errors.ts';
import { isSameValue } from '../../same-value.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered } from '../numbered-output.ts';
import { assertMissing, assertStored, listedAddresses } from '../stored-output.ts';

const stopped = () => AbortSignal.abort(new Error('stopped by the suite'));

/** Abort signals are honoured. */
export const CANCELLATION: readonly IOManagerCase[] = [
  {
    id: 'cancellation/before-storing',
    title: 'an aborted signal stops a write before it begins',
    async run({ open }) {
      const manager = await open();
      const error = await errorOf(
        manager.store(numbered(1, { signal: stopped() }), 1),
        'storing with an aborted signal',
      );
      assert.match(String(error), /stopped by the suite/, 'the rejection must be, or tell, the reason of the signal');
      await assertMissing(manager, numbered(1));
      assert.deepEqual(await listedAddresses(manager), []);
    },
  },
  {
    id: 'cancellation/before-loading',
    title: 'an aborted signal stops a load before it begins',
    async run({ open }) {
      const manager = await open();
      await manager.store(numbered(1), 1);
      await errorOf(manager.load(numbered(1, { signal: stopped() })), 'loading with an aborted signal');
      await assertStored(manager, numbered(1), 1);
    },
  },
  {
    id: 'cancellation/while-storing',
    title: 'a write that is aborted midway leaves the whole value or nothing, and the address can be written again',
    async run({ open }) {
      const manager = await open();
      for (let turns = 0; turns < 8; turns++) {
        const controller = new AbortController();
        const context = numbered(turns, { signal: controller.signal });
        const value = Buffer.alloc(3_000_000, turns);
        const storing = manager.store(context, value).then(
          () => true,
          () => false,
        );
        for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
        controller.abort(new Error('stopped by the suite'));
        const stored = await storing;
        if (stored) await assertStored(manager, numbered(turns), value);
        else if (await manager.has(numbered(turns))) {
          assert.ok(
            isSameValue(await manager.load(numbered(turns)), value),
            'an aborted write left a part of its value',
          );
        }
        if (!stored) await manager.store(numbered(turns), value);
        await assertStored(manager, numbered(turns), value);
      }
    },
  },
  {
    id: 'cancellation/others-go-on',
    title: 'aborting one operation does not stop another',
    async run({ open }) {
      const manager = await open();
      const controller = new AbortController();
      const aborted = manager
        .store(numbered(1, { signal: controller.signal }), Buffer.alloc(1_000_000))
        .catch(() => {});
      const other = manager.store(numbered(2), Buffer.alloc(1_000_000, 2));
      controller.abort(new Error('stopped by the suite'));
      await Promise.all([aborted, other]);
      await assertStored(manager, numbered(2), Buffer.alloc(1_000_000, 2));
    },
  },
];
