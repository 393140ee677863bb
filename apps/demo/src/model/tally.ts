import type { GroupSummary } from '../tables/summary.ts';

/** Counts flights, late flights and minutes of delay in numbered groups. */
export class Tally {
  readonly #rows: Uint32Array;
  readonly #late: Uint32Array;
  readonly #minutes: Float64Array;

  constructor(groups: number) {
    this.#rows = new Uint32Array(groups);
    this.#late = new Uint32Array(groups);
    this.#minutes = new Float64Array(groups);
  }

  add(group: number, delay: number, late: boolean): void {
    this.#rows[group] = (this.#rows[group] as number) + 1;
    this.#minutes[group] = (this.#minutes[group] as number) + delay;
    if (late) this.#late[group] = (this.#late[group] as number) + 1;
  }

  rows(group: number): number {
    return this.#rows[group] ?? 0;
  }

  of(group: number): GroupSummary {
    const rows = this.rows(group);
    return {
      rows,
      late: (this.#late[group] ?? 0) / Math.max(1, rows),
      meanDelay: (this.#minutes[group] ?? 0) / Math.max(1, rows),
    };
  }

  /** The groups that have a flight, in order. */
  groups(): number[] {
    return [...this.#rows.keys()].filter((group) => this.rows(group) > 0);
  }
}
