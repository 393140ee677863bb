import { randomInt } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { IS_WHOLE } from '../../../../tools/test-form.mjs';
import { digestText } from '../../src/digest.ts';
import { sliceSource } from '../../src/slice-source.ts';
import { Execution } from './execution.ts';
import { ProjectOnDisk } from './project-on-disk.ts';
import { type Program, ProgramWriter } from './random-program.ts';
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

/** What random programs are to have in them, and how it shows in their files. */
const PARTS: Readonly<Record<string, (files: Program) => boolean>> = {
  'a worker': (files) => /new Worker_/.test(textOf(files)),
  'a forked process': (files) => /fork_\d+\(/.test(textOf(files)),
  'a timer that a module waits for': (files) => /= await new Promise\(\(done\) => setTimeout/.test(textOf(files)),
  'a timer that changes something': (files) => /^setTimeout/m.test(textOf(files)),
  'decorators of both kinds': (files) => /@mark_/.test(textOf(files)),
  'decorators compiled in the old way': (files) =>
    /@mark_/.test(textOf(files)) && /experimentalDecorators":true/.test(files['tsconfig.json'] ?? ''),
  'a path of the tsconfig': (files) => /from '@(?:led|src)/.test(textOf(files)),
  'a lockfile of npm': (files) => files['package-lock.json'] !== undefined,
  'a lockfile of pnpm': (files) => files['pnpm-lock.yaml'] !== undefined,
  'a lockfile of Yarn 1': (files) => files['yarn.lock']?.startsWith('#') === true,
  'a lockfile of later Yarn': (files) => files['yarn.lock']?.startsWith('__metadata') === true,
};

function textOf(files: Program): string {
  const sources = Object.entries(files).filter(([path]) => /\.tsx?$/.test(path));
  return sources.map(([, text]) => text).join('\n');
}

test('random programs have everything in them that they are said to', () => {
  const programs = Array.from({ length: 100 }, (_program, seed) => new ProgramWriter(new SeededRandom(seed)).write());
  const counts = Object.entries(PARTS).map(([part, isIn]) => [part, programs.filter(isIn).length] as const);
  expect(counts.filter(([, count]) => count < 3)).toEqual([]);
});
