import { minimise } from './minimise.ts';
import { type Bench, isMissed, type Miss, type Tally } from './soundness.ts';

/** The counts, and some of the misses. */
export async function report(tally: Tally, bench: Bench): Promise<string> {
  const shown: string[] = [];
  for (const miss of tally.misses.slice(0, 5)) shown.push(await describe(miss, bench));
  return [numbersOf(tally), ...shown].join('\n');
}

export function numbersOf({ programs, edits, sameVersion, admitted, misses }: Tally): string {
  return `${programs} programs, ${edits} edits, ${sameVersion} without a new version, ${admitted} admitted, ${misses.length} missed`;
}

/** The smallest program that shows a miss, before and after the edit, to read and to replay. */
export async function describe(miss: Miss, bench: Bench): Promise<string> {
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
