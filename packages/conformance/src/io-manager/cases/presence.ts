import assert from 'node:assert/strict';
import { MemoError } from '@memo/core/plugin';
import { assertRejects, errorOf } from '../../expected-errors.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered, numberedVersions } from '../numbered-output.ts';
import { assertMissing, assertStored, listedAddresses } from '../stored-output.ts';

/** What "there" and "not there" mean. */
export const PRESENCE: readonly IOManagerCase[] = [
  {
    id: 'presence/absent-before-stored',
    title: 'an output that was never stored is not there, and loading it is M5004',
    async run({ open }) {
      await assertMissing(await open(), numbered(1));
    },
  },
  {
    id: 'presence/present-once-stored',
    title: 'an output is there as soon as storing it has ended, and loads whole',
    async run({ open }) {
      const manager = await open();
      await manager.store(numbered(1), { rows: [1, 2, 3] });
      await assertStored(manager, numbered(1), { rows: [1, 2, 3] });
      await assertMissing(manager, numbered(2));
    },
  },
  {
    id: 'presence/looking-changes-nothing',
    title: 'asking for an output or failing to load it does not make it be there',
    async run({ open }) {
      const manager = await open();
      for (let round = 0; round < 3; round++) await assertMissing(manager, numbered(1));
      assert.deepEqual(await listedAddresses(manager), []);
    },
  },
  {
    id: 'presence/cannot-know-is-an-error',
    title: 'a store that cannot be reached is an error, never "not there"',
    needs: ['unreachable store'],
    async run({ openUnreachable }) {
      const manager = await openUnreachable();
      await errorOf(manager.has(numbered(1)), 'hasOutput() of an unreachable store');
      const error = await errorOf(manager.load(numbered(1)), 'loadInput() from an unreachable store');
      assert.ok(!MemoError.is(error, 'M5004'), 'loadInput() from an unreachable store must not say "not found"');
      await errorOf(manager.store(numbered(1), 1), 'handleOutput() to an unreachable store');
    },
  },
  {
    id: 'presence/cannot-know-is-an-error-in-bulk',
    title: 'a store that cannot be reached is an error of hasOutputs(), too',
    needs: ['unreachable store', 'bulk'],
    async run({ openUnreachable }) {
      const manager = await openUnreachable();
      const contexts = Array.from({ length: 20 }, (_, index) => numbered(index));
      await errorOf(manager.hasAll(contexts), 'hasOutputs() of an unreachable store');
    },
  },
  {
    id: 'presence/cannot-know-is-an-error-of-versions',
    title: 'a store that cannot be reached is an error of hasVersions(), too',
    needs: ['unreachable store', 'bulk versions'],
    async run({ openUnreachable }) {
      const manager = await openUnreachable();
      const versions = numberedVersions(Array.from({ length: 20 }, (_, index) => index));
      await errorOf(manager.hasVersions(versions), 'hasVersions() of an unreachable store');
    },
  },
  {
    id: 'presence/unreachable-is-told-by-code',
    title: 'what the store does wrong is a memo error, M5002 or M5006',
    needs: ['unreachable store'],
    async run({ openUnreachable }) {
      const manager = await openUnreachable();
      await assertRejects(manager.load(numbered(1)), ['M5002'], 'loadInput() from an unreachable store');
      await assertRejects(manager.store(numbered(1), 1), ['M5002', 'M5006'], 'handleOutput() to an unreachable store');
    },
  },
];
