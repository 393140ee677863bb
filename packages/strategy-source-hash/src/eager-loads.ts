import type { KeptProgram } from './kept-program.ts';
import type { FileEdits } from './late-leads.ts';

interface NumberedProgram {
  readonly program: KeptProgram;
  /** The number of a file that is there. */
  numberOf(path: string): number | undefined;
}

/** What files have loaded before them, before some were edited and after that: all by numbers, as most files are as they were. */
export class EagerLoads {
  readonly #program: KeptProgram;
  readonly #numberOf: (path: string) => number | undefined;
  /** By the numbers of files that are not what they were. */
  readonly #now = new Map<number, readonly number[]>();

  constructor(again: NumberedProgram, { edited, added, gone }: FileEdits) {
    const { program } = again;
    this.#program = program;
    const news = new Map(added.map(({ path }, at) => [path, program.files.length + at]));
    this.#numberOf = (path) => news.get(path) ?? again.numberOf(path);
    for (const path of gone) this.#now.set(this.#numberOf(path) ?? -1, []);
    for (const { path, eager } of [...edited, ...added])
      this.#now.set(
        this.#numberOf(path) ?? -1,
        [...eager].flatMap((one) => this.#numberOf(one) ?? []),
      );
  }

  /** True for a file that has something loaded which has it loaded, before the edits or after them. */
  isInCycle(path: string): boolean {
    const number = this.#numberOf(path);
    if (number === undefined) return false;
    const before = (one: number): readonly number[] => this.#program.files[one]?.eager ?? [];
    return comesBack(number, before) || comesBack(number, (one) => this.#now.get(one) ?? before(one));
  }
}

function comesBack(number: number, next: (number: number) => readonly number[]): boolean {
  const found = new Set(next(number));
  for (const one of found) {
    if (one === number) return true;
    for (const more of next(one)) found.add(more);
  }
  return false;
}
