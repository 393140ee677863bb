import assert from 'node:assert/strict';
import { type OutputContextParts, outputContext, type TestOutputContext, versionOf } from '@memo/core/testing';
import { HOSTILE_NAMES } from '../hostile-names.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import type { OpenedManager } from '../opened-manager.ts';
import { assertMissing, assertStored } from '../stored-output.ts';

/** Distinct outputs never share storage. */
export const ISOLATION: readonly IOManagerCase[] = [
  {
    id: 'isolation/version',
    title: 'another version of an output is another output',
    run: async ({ open }) => assertApart(await open(), [{ version: versionOf(1) }, { version: versionOf(2) }]),
  },
  {
    id: 'isolation/names',
    title: 'another namespace, op or output of the same version is another output',
    run: async ({ open }) =>
      assertApart(await open(), [{}, { namespace: 'other' }, { op: 'other' }, { output: 'other' }]),
  },
  {
    id: 'isolation/joined-names',
    title: 'names that look alike once they are joined stay apart',
    run: async ({ open }) => assertApart(await open(), joinedAlike()),
  },
  {
    id: 'isolation/prefixes',
    title: 'an output whose address begins like that of another is another output',
    async run({ open }) {
      const manager = await open();
      const ofRun = (output: string) => outputContext({ version: undefined, output });
      await manager.store(ofRun('report'), 'report');
      await assertMissing(manager, ofRun('rep'));
      await assertMissing(manager, ofRun('report-2'));
      await manager.store(ofRun('report-2'), 'second');
      await assertStored(manager, ofRun('report'), 'report');
    },
  },
  {
    id: 'isolation/runs',
    title: 'outputs that belong to one run are kept apart by run, step and output',
    run: async ({ open }) =>
      assertApart(await open(), [
        {},
        { version: undefined },
        { version: undefined, runId: 'run-2' },
        { version: undefined, step: 'other' },
        { version: undefined, output: 'other' },
      ]),
  },
  {
    id: 'isolation/shared-by-version',
    title: 'two jobs or steps that ask for one version share its output',
    async run({ open }) {
      const manager = await open();
      await manager.store(outputContext({ job: 'one', step: 'a', runId: 'run-1' }), 'shared');
      await assertStored(manager, outputContext({ job: 'two', step: 'b', runId: 'run-2' }), 'shared');
    },
  },
  {
    id: 'isolation/hostile-names',
    title: 'names with dots, slashes, NUL, reserved words, Unicode and 300 characters stay apart',
    run: async ({ open }) => assertApart(await open(), hostileParts()),
  },
  {
    id: 'isolation/hostile-names-stay-inside',
    title: 'no name makes the manager write outside its storage',
    needs: ['escape check'],
    async run({ open, storage }) {
      const manager = await open();
      for (const parts of hostileParts()) {
        await manager.store(outputContext(parts), 1).catch(() => {});
        await manager.has(outputContext(parts)).catch(() => {});
      }
      assert.deepEqual(await storage.escaped?.(), [], 'was written outside the storage');
    },
  },
];

async function assertApart(manager: OpenedManager, parts: readonly OutputContextParts[]): Promise<void> {
  const stored: TestOutputContext[] = [];
  for (const [index, part] of parts.entries()) {
    const context = outputContext(part);
    await assertMissing(manager, context);
    await manager.store(context, { index });
    stored.push(context);
  }
  for (const [index, context] of stored.entries()) await assertStored(manager, context, { index });
}

function joinedAlike(): OutputContextParts[] {
  return ['-', '_', '.', '--', '__'].flatMap((joint) => [
    { op: `a${joint}b`, output: 'c' },
    { op: 'a', output: `b${joint}c` },
    { namespace: `tests${joint}a`, op: 'b', output: 'c' },
  ]);
}

function hostileParts(): OutputContextParts[] {
  return HOSTILE_NAMES.flatMap((name) => [
    { op: name },
    { output: name },
    { namespace: name },
    { version: undefined, step: name },
    { version: undefined, runId: name, output: name },
  ]);
}
