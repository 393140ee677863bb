import { afterAll, expect, test } from 'vitest';
import { sliceSource } from '../../src/slice-source.ts';
import { Execution } from './execution.ts';
import { PRESERVING_EDITS, PROGRAM_EDITS } from './preserving-edit.ts';
import { ProjectOnDisk } from './project-on-disk.ts';
import { newPreservedTally, tryPreserving, tryUnlike } from './sameness.ts';
import type { Bench } from './soundness.ts';

/** The first programs with a place for each edit. */
const FIRST = 21;
const PROGRAMS = process.env['MEMO_TEST_FULL'] === '1' ? 300 : 5;

const bench: Bench = {
  execution: new Execution(),
  project: new ProjectOnDisk(),
  slice: ({ root }) => sliceSource({ root, file: 'src/ops.ts', exportName: 'main' }),
};
afterAll(() => {
  bench.execution.stop();
  bench.project.remove();
});

test('edits that nothing can see leave the version of an op alone', { timeout: 1_200_000 }, () => {
  const tally = newPreservedTally();
  for (let seed = FIRST; seed < FIRST + PROGRAMS; seed += 1) tryPreserving(seed, bench, tally);
  expect(tally.needless).toEqual([]);
  expect([...tally.byEdit.keys()].sort()).toEqual(
    [...Object.keys(PRESERVING_EDITS), ...Object.keys(PROGRAM_EDITS)].sort(),
  );
});

test('and change nothing that the op computes', async () => {
  const tally = newPreservedTally();
  for (let seed = FIRST; seed < FIRST + 2; seed += 1) await tryUnlike(seed, bench, tally);
  expect(tally.unlike).toEqual([]);
});
