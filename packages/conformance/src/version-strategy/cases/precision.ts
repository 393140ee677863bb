import assert from 'node:assert/strict';
import { mayReuse } from '../answer.ts';
import { EDITS, HARMLESS_EDITS } from '../project-files.ts';
import type { VersionStrategyCase } from '../strategy-case.ts';
import { assertSameVersions } from './determinism.ts';

/** What a strategy promises not to react to. */
export const PRECISION: readonly VersionStrategyCase[] = [
  {
    id: 'precision/comments',
    title: 'comments and layout leave versions as they are',
    needs: ['comments'],
    async run({ ask, edit }) {
      const before = await ask();
      await edit(HARMLESS_EDITS.comment);
      await edit(HARMLESS_EDITS.layout);
      assertSameVersions(before, await ask());
    },
  },
  {
    id: 'precision/unrelated-files',
    title: 'a file that no op reaches leaves versions as they are',
    needs: ['unrelated files'],
    async run({ ask, edit }) {
      const before = await ask();
      await edit(HARMLESS_EDITS.unrelated);
      assertSameVersions(before, await ask());
    },
  },
  {
    id: 'precision/reverted-edit',
    title: 'an edit that was taken back gives the old versions again',
    needs: ['a reverted edit'],
    async run({ ask, edit, revert }) {
      const before = await ask();
      await edit(EDITS.helper);
      await revert(EDITS.helper);
      assertSameVersions(before, await ask());
    },
  },
  {
    id: 'precision/another-op',
    title: 'an edit of one op leaves the version of another one as it is',
    needs: ['another op'],
    async run({ ask, edit }) {
      const before = await ask();
      await edit(EDITS.op);
      const after = await ask();
      assert.ok(mayReuse(before.ops.count, after.ops.count), 'the other op got another version');
    },
  },
];
