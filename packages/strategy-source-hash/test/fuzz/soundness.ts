import type { SourceSlice } from '../../src/slice/source-slice.ts';
import type { Execution } from './execution.ts';
import { mutate } from './mutation.ts';
import type { ProjectOnDisk } from './project-on-disk.ts';
import { type Program, ProgramWriter } from './random-program.ts';
import { SeededRandom } from './seeded-random.ts';

/** An edit that changes what a program computes, and not its version. */
export interface Miss {
  readonly seed: number;
  readonly before: Program;
  readonly after: Program;
}

export interface Tally {
  programs: number;
  edits: number;
  /** Edits after which the version was the same: only these are executed. */
  sameVersion: number;
  /** Edits that went unseen in a program whose slice says that it is untrackable. */
  admitted: number;
  readonly misses: Miss[];
}

export type Slice = (project: ProjectOnDisk) => Pick<SourceSlice, 'version' | 'certainty'>;

export interface Bench {
  readonly project: ProjectOnDisk;
  readonly execution: Execution;
  readonly slice: Slice;
}

const EDITS_PER_PROGRAM = 24;

export function newTally(): Tally {
  return { programs: 0, edits: 0, sameVersion: 0, admitted: 0, misses: [] };
}

/** Writes the program of a seed, edits it at random places, and holds each edit that can be observed against the version. */
export async function tryProgram(seed: number, bench: Bench, tally: Tally): Promise<void> {
  const random = new SeededRandom(seed);
  const program = new ProgramWriter(random).write();
  const before = versionOf(program, bench);
  tally.programs += 1;
  let observed: string | undefined;
  for (let left = EDITS_PER_PROGRAM; left > 0; left -= 1) {
    const after = mutate(program, random);
    if (after === undefined) continue;
    tally.edits += 1;
    const sliced = versionOf(after, bench);
    if (sliced?.version !== before?.version || before === undefined) continue;
    tally.sameVersion += 1;
    observed ??= await bench.execution.observe(program);
    if (!canBeImported(observed)) return;
    if (!differ(observed, await bench.execution.observe(after))) continue;
    if (before.certainty === 'untrackable' && sliced?.certainty === 'untrackable') tally.admitted += 1;
    else tally.misses.push({ seed, before: program, after });
  }
}

/** True when the edit can be observed and the version does not say so. */
export async function isMissed(before: Program, after: Program, bench: Bench): Promise<boolean> {
  const [first, second] = [versionOf(before, bench), versionOf(after, bench)];
  if (first === undefined || first.version !== second?.version) return false;
  if (first.certainty === 'untrackable') return false;
  return differ(await bench.execution.observe(before), await bench.execution.observe(after));
}

function differ(before: string, after: string): boolean {
  return before !== after && canBeImported(before) && canBeImported(after);
}

/** A program that cannot be imported gives no result that could be stale: it differs from none. */
function canBeImported(observed: string): boolean {
  return !observed.startsWith('cannot be imported');
}

/** `undefined` for a program that has no op to slice. */
function versionOf(program: Program, { project, slice }: Bench): ReturnType<Slice> | undefined {
  project.become(program);
  try {
    return slice(project);
  } catch {
    return undefined;
  }
}
