import { op } from '@memo/core';
import type { Evaluation } from './evaluate.ts';

/** Picks the best model. */
export const best = op('best', {
  description: 'Picks the model whose probabilities are worth most',
  run: ({ evaluations }: { evaluations: Evaluation[] }) => pickBest(evaluations),
});

export interface Choice {
  best: Evaluation;
  /** All of them, the best first. */
  ranking: Evaluation[];
}

/** The model whose probabilities are worth most: least log loss, then fewest trees, then first in the list. */
export function pickBest(evaluations: readonly Evaluation[]): Choice {
  const ranking = [...evaluations].sort((a, b) => a.logLoss - b.logLoss || a.trees - b.trees);
  const [best] = ranking;
  if (best === undefined) throw new Error('there is no model to choose from');
  return { best, ranking };
}
