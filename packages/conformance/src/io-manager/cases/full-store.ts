import assert from 'node:assert/strict';
import { assertRejects } from '../../expected-errors.ts';
import type { IOManagerStorage } from '../harness.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered } from '../numbered-output.ts';
import { addressOf, assertMissing, assertStored, listedAddresses } from '../stored-output.ts';

const SIZE = 300_000;
/** Sizes of values, and how many bytes the store takes before it is full: none, a header, some blocks, almost everything. */
const SHORTAGES = [
  [2000, 0],
  [2000, 1999],
  [SIZE, 0],
  [SIZE, 10],
  [SIZE, 70_000],
  [SIZE, SIZE - 1],
] as const;

/** A store without room. */
export const FULL_STORE: readonly IOManagerCase[] = [
  {
    id: 'full-store/refused',
    title:
      'a value for which there is no room is refused (M5006, M5002) and leaves no trace, wherever the write stopped',
    needs: ['durable', 'full store'],
    async run({ open, openFull, storage }) {
      await (await open()).store(numbered('before'), 'kept');
      const objects = await objectsOf(storage);
      for (const [size, room] of SHORTAGES) {
        const full = await openFull(room);
        const storing = full.store(numbered('large'), Buffer.alloc(size, 1));
        await assertRejects(storing, ['M5006', 'M5002'], `storing ${size} bytes where there is room for ${room}`);
        const reader = await open();
        await assertMissing(reader, numbered('large'));
        assert.deepEqual(await objectsOf(storage), objects, `what is stored after ${room} bytes were written`);
        if (reader.manager.listOutputs === undefined) continue;
        assert.deepEqual(await listedAddresses(reader), [addressOf(numbered('before'))]);
      }
    },
  },
  {
    id: 'full-store/goes-on',
    title: 'a full store gives what it has, and takes the refused value once there is room',
    needs: ['durable', 'full store'],
    async run({ open, openFull }) {
      await (await open()).store(numbered('before'), 'kept');
      const full = await openFull(0);
      await full.store(numbered(1), Buffer.alloc(SIZE, 1)).catch(() => {});
      await assertStored(full, numbered('before'), 'kept');
      const manager = await open();
      await manager.store(numbered(1), Buffer.alloc(SIZE, 1));
      await assertStored(manager, numbered(1), Buffer.alloc(SIZE, 1));
    },
  },
];

async function objectsOf({ raw }: IOManagerStorage): Promise<readonly string[]> {
  return [...((await raw?.list()) ?? [])].sort();
}
