import assert from 'node:assert/strict';
import { mayReuse } from '../answer.ts';
import { EDITS, type Edit } from '../project-files.ts';
import type { VersionStrategyCase } from '../strategy-case.ts';
import type { VersionStrategyTrial } from '../strategy-trial.ts';

/** Code that may behave differently has another version, or none. */
export const SENSITIVITY: readonly VersionStrategyCase[] = [
  {
    id: 'sensitivity/op',
    title: 'an edit of the function of an op gives it another version',
    run: (trial) => assertAnotherVersion(trial, EDITS.op),
  },
  {
    id: 'sensitivity/helper',
    title: 'an edit of a function that the op calls gives it another version',
    run: (trial) => assertAnotherVersion(trial, EDITS.helper),
  },
  {
    id: 'sensitivity/constant',
    title: 'an edit of a constant two imports away gives the op another version',
    run: (trial) => assertAnotherVersion(trial, EDITS.constant),
  },
  {
    id: 'sensitivity/not-told',
    title: 'an edit that nobody was told of is not overlooked: another version, or none',
    run: (trial) => assertAnotherVersion(trial, EDITS.helper, 'silently'),
  },
  {
    id: 'sensitivity/one-after-the-other',
    title: 'two edits after each other give two other versions',
    async run({ ask, edit }) {
      const versions = [await ask()];
      for (const one of [EDITS.helper, EDITS.constant]) {
        await edit(one);
        versions.push(await ask());
      }
      const clean = versions.map(({ ops }) => ops.clean);
      for (const [before, after] of [
        [0, 1],
        [1, 2],
        [0, 2],
      ] as const) {
        assert.ok(!mayReuse(clean[before], clean[after]), `edits ${before} and ${after} share a version`);
      }
    },
  },
  {
    id: 'sensitivity/resource',
    title: 'an edit of the code of a resource gives it another version',
    needs: ['resources'],
    async run({ ask, edit }) {
      const before = await ask();
      await edit(EDITS.resource);
      const after = await ask();
      assert.ok(!mayReuse(before.resources.store, after.resources.store), 'the resource kept its version');
    },
  },
  {
    id: 'sensitivity/manifests',
    title: 'what differs between two manifests can be told, and nothing differs between equal ones',
    needs: ['manifests'],
    async run({ ask, edit, diff }) {
      const before = (await ask()).ops.clean?.manifest ?? null;
      await edit(EDITS.helper);
      const after = (await ask()).ops.clean?.manifest ?? null;
      assert.deepEqual(await diff(before, before), []);
      assert.ok((await diff(before, after)).length > 0, 'nobody can say what changed');
    },
  },
];

async function assertAnotherVersion(trial: VersionStrategyTrial, edit: Edit, how?: 'silently'): Promise<void> {
  const before = await trial.ask();
  await trial.edit(edit, how);
  const after = await trial.ask();
  assert.ok(
    !mayReuse(before.ops.clean, after.ops.clean),
    `the op kept its version ${before.ops.clean?.version} when ${edit.file} got ${JSON.stringify(edit.replace)}`,
  );
}
