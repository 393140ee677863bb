import type { DigestColumn } from '../hash/digest-column.ts';

/** Which steps have each version, while versions change. */
export class VersionIndex {
  readonly #steps = new Map<string, Set<number>>();

  constructor(versions: DigestColumn) {
    for (let step = 0; step < versions.size; step++) this.#add(step, versions.get(step));
  }

  /** The steps that have a version. */
  stepsWith(version: string): ReadonlySet<number> {
    return this.#steps.get(version) ?? NO_STEPS;
  }

  /** Says that a step has another version than before. */
  move(step: number, before: string | undefined, after: string | undefined): void {
    if (before === after) return;
    const shared = before === undefined ? undefined : this.#steps.get(before);
    if (shared?.delete(step) === true && shared.size === 0) this.#steps.delete(before as string);
    this.#add(step, after);
  }

  #add(step: number, version: string | undefined): void {
    if (version === undefined) return;
    const shared = this.#steps.get(version);
    if (shared === undefined) this.#steps.set(version, new Set([step]));
    else shared.add(step);
  }
}

const NO_STEPS: ReadonlySet<number> = new Set();
