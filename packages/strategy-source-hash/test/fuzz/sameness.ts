import { PRESERVING_EDITS, PROGRAM_EDITS } from './preserving-edit.ts';
import { type Program, ProgramWriter } from './random-program.ts';
import { SeededRandom } from './seeded-random.ts';
import type { Bench } from './soundness.ts';

/** An edit that changes the version of an op and nothing of what it computes. */
export interface NeedlessChange {
  readonly seed: number;
  readonly edit: string;
  /** The edited file, before and after. */
  readonly before: string;
  readonly after: string;
}

export interface PreservedTally {
  edits: number;
  readonly byEdit: Map<string, number>;
  readonly needless: NeedlessChange[];
  /** Edits that do change what the program computes: mistakes of this check. */
  readonly unlike: NeedlessChange[];
}

export function newPreservedTally(): PreservedTally {
  return { edits: 0, byEdit: new Map(), needless: [], unlike: [] };
}

/** Makes every edit that must not matter in the program of a seed, one at a time, and compares versions. */
export function tryPreserving(seed: number, bench: Bench, tally: PreservedTally): void {
  for (const edited of editsOf(seed)) {
    tally.edits += 1;
    tally.byEdit.set(edited.edit, (tally.byEdit.get(edited.edit) ?? 0) + 1);
    if (versionOf(edited.program, bench) !== versionOf(edited.original, bench))
      tally.needless.push(shown(seed, edited));
  }
}

/** Holds the edits themselves against what the programs compute. */
export async function tryUnlike(seed: number, { execution }: Bench, tally: PreservedTally): Promise<void> {
  let before: string | undefined;
  for (const edited of editsOf(seed)) {
    before ??= await execution.observe(edited.original);
    if ((await execution.observe(edited.program)) !== before) tally.unlike.push(shown(seed, edited));
  }
}

interface Edited {
  readonly edit: string;
  readonly original: Program;
  readonly program: Program;
}

function* editsOf(seed: number): Generator<Edited> {
  const random = new SeededRandom(seed);
  const original = new ProgramWriter(random).write();
  const modules = Object.keys(original).filter((file) => file.endsWith('.ts'));
  for (const [edit, apply] of Object.entries(PRESERVING_EDITS)) {
    // The first module, from a random one on, that has a place for the edit.
    const first = random.below(modules.length);
    for (const file of [...modules.slice(first), ...modules.slice(0, first)]) {
      const before = original[file] ?? '';
      const after = apply(before, random, original);
      if (after === undefined || after === before) continue;
      yield { edit, original, program: { ...original, [file]: after } };
      break;
    }
  }
  for (const [edit, apply] of Object.entries(PROGRAM_EDITS)) yield { edit, original, program: apply(original, random) };
}

function shown(seed: number, { edit, original, program }: Edited): NeedlessChange {
  const file = Object.keys(program).find((name) => program[name] !== original[name]) ?? '';
  return { seed, edit, before: `${file}\n${original[file] ?? ''}`, after: program[file] ?? '' };
}

function versionOf(program: Program, { project, slice }: Bench): string {
  project.become(program);
  return slice(project).version;
}
