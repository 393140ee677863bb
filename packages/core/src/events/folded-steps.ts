import { formatCount, formatDuration } from '../plan/format-duration.ts';

/** What stands for all steps of one op that ended in one way. */
export interface FoldedLine {
  readonly word: 'reused' | 'skipped';
  readonly op: string;
  readonly text: string;
}

/** Counts steps that did not run, by op, where there are too many to list. */
export class FoldedSteps {
  readonly #counts = new Map<
    string,
    { readonly word: FoldedLine['word']; readonly op: string; steps: number; savedMs: number }
  >();

  add(word: FoldedLine['word'], op: string, savedMs: number): void {
    const key = `${word} ${op}`;
    const known = this.#counts.get(key);
    if (known === undefined) {
      this.#counts.set(key, { word, op, steps: 1, savedMs });
    } else {
      known.steps++;
      known.savedMs += savedMs;
    }
  }

  /** One line an op and word, in the order in which they first came. */
  lines(): readonly FoldedLine[] {
    return [...this.#counts.values()].map(({ word, op, steps, savedMs }) => {
      const saved = savedMs > 0 ? ` · saved ${formatDuration(savedMs)}` : '';
      return { word, op, text: `${formatCount(steps)} ${steps === 1 ? 'step' : 'steps'}${saved}` };
    });
  }
}
