import assert from 'node:assert/strict';
import type { OutputContextParts } from '@memo/core/testing';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered, numberedVersions } from '../numbered-output.ts';
import type { OpenedManager } from '../opened-manager.ts';

/** Asking for many outputs at once. */
export const BULK: readonly IOManagerCase[] = [
  {
    id: 'bulk/equal-to-single',
    title: 'hasOutputs() answers as hasOutput() does, in the order of the contexts',
    needs: ['bulk'],
    async run({ open }) {
      const manager = await open();
      for (const number of [0, 3, 4, 9, 20, 33]) await manager.store(numbered(number), { number });
      await manager.store(numbered(1, { output: 'other' }), 'other');
      const contexts = Array.from({ length: 40 }, (_, index) => numbered(index));
      await assertEqualToSingle(manager, contexts);
      await assertEqualToSingle(manager, [...contexts].reverse());
      await assertEqualToSingle(manager, [
        numbered(3),
        numbered(1),
        numbered(3),
        numbered(1, { output: 'other' }),
        numbered(1, { version: undefined }),
      ]);
    },
  },
  {
    id: 'bulk/none',
    title: 'hasOutputs() of nothing is nothing',
    needs: ['bulk'],
    async run({ open }) {
      assert.deepEqual([...(await (await open()).hasAll([]))], []);
    },
  },
  {
    id: 'bulk/many',
    title: 'hasOutputs() of 2,500 contexts answers each of them',
    needs: ['bulk'],
    async run({ open }) {
      const manager = await open();
      const stored = [0, 999, 1000, 1001, 2499];
      for (const number of stored) await manager.store(numbered(number), number);
      const answers = await manager.hasAll(Array.from({ length: 2500 }, (_, index) => numbered(index)));
      assert.equal(answers.length, 2500);
      const there = answers.flatMap((answer, index) => (answer ? [index] : []));
      assert.deepEqual(there, stored);
    },
  },
  {
    id: 'bulk/versions',
    title: 'hasVersions() answers as hasOutput() does, in the order of the versions, for none, some and 2,500',
    needs: ['bulk versions'],
    async run({ open }) {
      const manager = await open();
      const stored = [0, 3, 4, 9, 20, 33, 999, 1000, 1001, 2499];
      for (const number of stored) await manager.store(numbered(number), { number });
      await manager.store(numbered(1, { output: 'other' }), 'other');
      const all = Array.from({ length: 2500 }, (_, index) => index);
      for (const asked of [all, [...all].reverse(), [], [3], [1], [3, 1, 3, 5000, 33, 1]]) {
        const answers = await manager.hasVersions(numberedVersions(asked));
        assert.deepEqual(
          [...answers],
          asked.map((number) => (stored.includes(number) ? 1 : 0)),
        );
      }
      // As planners ask: about each output in one turn.
      const others: OutputContextParts = { output: 'other' };
      const together = await Promise.all([
        manager.hasVersions(numberedVersions([0, 1, 2])),
        manager.hasVersions(numberedVersions([0, 1, 2], others)),
        manager.hasVersions(numberedVersions([2, 3])),
      ]);
      assert.deepEqual(
        together.map((answers) => [...answers]),
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 1],
        ],
      );
    },
  },
];

async function assertEqualToSingle(
  manager: OpenedManager,
  contexts: readonly ReturnType<typeof numbered>[],
): Promise<void> {
  const single = await Promise.all(contexts.map((context) => manager.has(context)));
  assert.deepEqual([...(await manager.hasAll(contexts))], single);
}
