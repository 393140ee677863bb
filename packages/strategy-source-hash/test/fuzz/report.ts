import { minimise } from './minimise.ts';
import { type Bench, isMissed, type Miss, type Tally } from './soundness.ts';

/** The counts, and the smallest program that shows each miss before and after the edit, to read and to replay. */
export async function report(tally: Tally, bench: Bench): Promise<string> {
  const { programs, edits, sameVersion, admitted, misses } = tally;
  const numbers = `${programs} programs, ${edits} edits, ${sameVersion} without a new version, ${admitted} admitted, ${misses.length} missed`;
  const shown: string[] = [];
  for (const miss of misses.slice(0, 5)) shown.push(await describe(miss, bench));
  return [numbers, ...shown].join('\n');
}

async function describe(miss: Miss, bench: Bench): Promise<string> {
  const { before, after } = await minimise(miss.before, miss.after, (first, second) => isMissed(first, second, bench));
  const files = Object.keys(before).flatMap((path) => {
    if (before[path] === after[path]) return before[path] === '' ? [] : [`--- ${path}`, before[path]];
    return [`--- ${path} before`, before[path], `--- ${path} after`, after[path]];
  });
  const observed = [await bench.execution.observe(before), await bench.execution.observe(after)];
  return [`== seed ${miss.seed}`, ...files, `computed before: ${observed[0]}`, `computed after: ${observed[1]}`].join(
    '\n',
  );
}
