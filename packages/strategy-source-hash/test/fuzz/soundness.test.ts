import { randomInt } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { IS_WHOLE } from '../../../../tools/test-form.mjs';
import { digestText } from '../../src/digest.ts';
import { sliceSource } from '../../src/slice-source.ts';
import { Execution } from './execution.ts';
import { ProjectOnDisk } from './project-on-disk.ts';
import { ProgramWriter } from './random-program.ts';
import { report } from './report.ts';
import { SeededRandom } from './seeded-random.ts';
import { type Bench, newTally, type Slice, type Tally, tryProgram } from './soundness.ts';

const IS_LONG = process.env['MEMO_TEST_FULL'] === '1';
const PROGRAMS = IS_LONG ? 400 : IS_WHOLE ? 15 : 6;
/** The long form draws other programs each time; misses say their seeds. */
const FIRST = IS_LONG ? randomInt(1_000_000_000) : 1;

const execution = new Execution();
const project = new ProjectOnDisk();
afterAll(() => {
  execution.stop();
  project.remove();
});

async function fuzz(slice: Slice, programs: number): Promise<{ readonly tally: Tally; readonly bench: Bench }> {
  const bench: Bench = { execution, project, slice };
  const tally = newTally();
  for (let seed = FIRST; seed < FIRST + programs; seed += 1) await tryProgram(seed, bench, tally);
  return { tally, bench };
}

describe('random edits of random programs', () => {
  test('that change what an op computes change its version', { timeout: 1_200_000 }, async () => {
    const { tally, bench } = await fuzz(
      ({ root }) => sliceSource({ root, file: 'src/ops.ts', exportName: 'main' }),
      PROGRAMS,
    );
    expect(tally.misses.length, await report(tally, bench)).toBe(0);
    expect(tally.sameVersion).toBeGreaterThan(PROGRAMS);
  });

  test('find a version that sees the file of the op only', async () => {
    const { tally } = await fuzz(
      (opened) => ({ version: digestText(opened.read('src/ops.ts')), certainty: 'exact' }),
      6,
    );
    expect(tally.misses.length).toBeGreaterThan(2);
  });
});

test('random programs can be imported, and compute something', async () => {
  const observed = new Set<string>();
  let imported = 0;
  for (let seed = 1; seed <= 20; seed += 1) {
    const answer = await execution.observe(new ProgramWriter(new SeededRandom(seed)).write());
    if (!answer.startsWith('cannot be imported')) imported += 1;
    observed.add(answer);
  }
  expect(imported).toBeGreaterThan(17);
  expect(observed.size).toBeGreaterThan(17);
});
