// `npm run fuzz`: the same checks as the tests make, for as long as they are given.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { sliceSource } from '../../src/slice-source.ts';
import { Execution } from './execution.ts';
import { ProjectOnDisk } from './project-on-disk.ts';
import { describe, numbersOf } from './report.ts';
import { newTally, tryProgram } from './soundness.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(randomInt(1_000_000_000)) },
    programs: { type: 'string', default: '1000' },
    misses: { type: 'string', default: '5' },
  },
});
const [first, programs, enough] = [Number(values.seed), Number(values.programs), Number(values.misses)];
const bench = {
  project: new ProjectOnDisk(),
  execution: new Execution(),
  slice: ({ root }: ProjectOnDisk) => sliceSource({ root, file: 'src/ops.ts', exportName: 'main' }),
};
const tally = newTally();
console.log(`seeds from ${first}`);
try {
  for (let seed = first; seed < first + programs && tally.misses.length < enough; seed += 1) {
    const before = tally.misses.length;
    await tryProgram(seed, bench, tally);
    for (const miss of tally.misses.slice(before)) console.log(await describe(miss, bench));
    if (tally.programs % 50 === 0)
      console.log(`seed ${seed}: ${JSON.stringify({ ...tally, misses: tally.misses.length })}`);
  }
  console.log(numbersOf(tally));
} finally {
  bench.project.remove();
  bench.execution.stop();
}
if (tally.misses.length > 0) process.exitCode = 1;
