import { op } from '@memo/core';
import { type BoostedTrees, predict } from '../model/boosted-trees.ts';
import { type Encoder, encodeRows } from '../model/encoder.ts';
import { logLossOfConstant, type Scores, scoreProbabilities } from '../model/scores.ts';
import type { Features } from '../tables/features.ts';

/** Judges one model. */
export const evaluate = op('evaluate', {
  description: 'Judges a model by flights that it has not seen',
  run: ({ model, encoder, test }: { model: BoostedTrees; encoder: Encoder; test: Features }) =>
    evaluateModel(model, encoder, test),
});

/** What the flights that a model has not seen say of it. */
export interface Evaluation extends Scores {
  name: string;
  trees: number;
  depth: number;
  trainedOn: number;
  /** Log loss of telling every passenger the same average. */
  baseline: number;
  /** How much of the baseline's loss is gone: 0 is no better, 1 is perfect. */
  skill: number;
  /** Columns by their share in lowering the loss, the largest first. */
  importance: { title: string; share: number }[];
}

export function evaluateModel(model: BoostedTrees, encoder: Encoder, test: Features): Evaluation {
  const scores = scoreProbabilities(predict(model, encodeRows(test, encoder)), test.late);
  const average = 1 / (1 + Math.exp(-model.base));
  const baseline = logLossOfConstant(average, test.late);
  return {
    ...scores,
    name: model.setting.name,
    trees: model.trees.length,
    depth: model.setting.depth,
    trainedOn: model.rows,
    baseline,
    skill: 1 - scores.logLoss / baseline,
    importance: importanceOf(model, encoder),
  };
}

function importanceOf(model: BoostedTrees, encoder: Encoder): { title: string; share: number }[] {
  const all = model.gain.reduce((sum, gain) => sum + gain, 0);
  return encoder.columns
    .map(({ title }, column) => ({ title, share: (model.gain[column] as number) / Math.max(all, Number.EPSILON) }))
    .sort((a, b) => b.share - a.share);
}
