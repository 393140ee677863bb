import assert from 'node:assert/strict';
import { errorOf } from '../../expected-errors.ts';
import { UNSTORABLE } from '../../sample-values.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered } from '../numbered-output.ts';
import { assertMissing, assertStored, listedAddresses } from '../stored-output.ts';

/** A write that fails leaves no trace. */
export const FAILED_WRITE: readonly IOManagerCase[] = [
  {
    id: 'failed-write/leaves-no-trace',
    title: 'a value that is refused leaves nothing behind, and its address stays free',
    async run({ open }) {
      const manager = await open();
      for (const [name, { value }] of Object.entries(UNSTORABLE)) {
        await errorOf(manager.store(numbered(name), value()), `storing ${name}`);
        await assertMissing(manager, numbered(name));
      }
      assert.deepEqual(await listedAddresses(manager), []);
      await manager.store(numbered('a symbol'), 'fine');
      await assertStored(manager, numbered('a symbol'), 'fine');
    },
  },
  {
    id: 'failed-write/leaves-no-objects',
    title: 'a value that is refused leaves no stored object, also no temporary one',
    needs: ['raw access'],
    async run({ open, storage }) {
      const manager = await open();
      await manager.store(numbered('before'), 1);
      const before = [...((await storage.raw?.list()) ?? [])].sort();
      for (const [name, { value }] of Object.entries(UNSTORABLE)) {
        await errorOf(manager.store(numbered(name), value()), `storing ${name}`);
      }
      assert.deepEqual([...((await storage.raw?.list()) ?? [])].sort(), before);
    },
  },
  {
    id: 'failed-write/keeps-what-is-there',
    title: 'a refused value does not touch the value that is stored at its address',
    async run({ open }) {
      const manager = await open();
      await manager.store(numbered(1), 'whole');
      await manager.store(numbered(1), { broken: Symbol('broken') }).catch(() => {});
      await assertStored(manager, numbered(1), 'whole');
    },
  },
];
