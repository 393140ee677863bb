import type { Program } from './random-program.ts';

interface Pair {
  readonly before: Program;
  readonly after: Program;
}

/** Leaves out line after line of both programs for as long as the edit between them stays what it is. */
export async function minimise(
  before: Program,
  after: Program,
  holds: (before: Program, after: Program) => Promise<boolean>,
): Promise<Pair> {
  let pair: Pair = { before, after };
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const smaller of smallerPairs(pair)) {
      if (!(await holds(smaller.before, smaller.after))) continue;
      pair = smaller;
      isSmaller = true;
      break;
    }
  }
  return pair;
}

function* smallerPairs({ before, after }: Pair): Generator<Pair> {
  for (const path of Object.keys(before)) {
    const lines = linesOf(before[path]);
    for (const size of [8, 4, 1]) {
      for (let at = 0; at < lines.length; at += size) {
        const gone = lines.slice(at, at + size);
        const rest = withoutRun(linesOf(after[path]), gone);
        if (rest === undefined) continue;
        yield {
          before: { ...before, [path]: lines.toSpliced(at, gone.length).join('\n') },
          after: { ...after, [path]: rest.join('\n') },
        };
      }
    }
  }
}

function linesOf(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split('\n');
}

function withoutRun(lines: readonly string[], run: readonly string[]): string[] | undefined {
  const at = lines.findIndex((_, index) => run.every((line, offset) => lines[index + offset] === line));
  return at === -1 ? undefined : lines.toSpliced(at, run.length);
}
