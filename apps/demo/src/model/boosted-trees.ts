import type { BinnedRows } from './encoder.ts';
import { type GrowLimits, growTree } from './grow-tree.ts';
import { addTree, type Tree } from './tree.ts';

/** How a model is to be trained. */
export interface ModelSetting {
  name: string;
  /** How many trees, each of which corrects those before it. */
  trees: number;
  /** Questions that a tree may ask in a row: 1 adds up single features, 6 sees how six of them act together. */
  depth: number;
  /** How much of its correction each tree is allowed, 0 to 1. */
  learningRate: number;
  /** Rows to learn from at most, evenly spread over the training rows. */
  rows: number;
}

/** Gradient-boosted decision trees for a yes-or-no outcome. */
export interface BoostedTrees {
  setting: ModelSetting;
  /** Log-odds before the first tree: what the average says. */
  base: number;
  trees: Tree[];
  /** How much each column lowered the loss, in the order of the columns. */
  gain: Float64Array;
  /** Rows that it learned from. */
  rows: number;
}

/** Leaves with less curvature are not made; it grows with the table, so that a sample trains a model of its size. */
const MIN_CURVATURE_A_ROW = 1 / 30_000;
const MIN_CURVATURE = 5;
/** Pulls the values of small leaves towards zero. */
const SHRINK = 5;

/** Fits a model. Nothing is drawn at random: the same rows give the same trees, bit for bit. */
export function fitBoostedTrees(data: BinnedRows, late: Uint8Array, setting: ModelSetting): BoostedTrees {
  const average = late.reduce((sum, value) => sum + value, 0) / late.length;
  const base = Math.log(average / (1 - average));
  const margins = new Float64Array(data.rows).fill(base);
  const gradients = new Float64Array(data.rows * 2);
  const gain = new Float64Array(data.columns);
  const limits: GrowLimits = {
    depth: setting.depth,
    minCurvature: Math.max(MIN_CURVATURE, data.rows * MIN_CURVATURE_A_ROW),
    shrink: SHRINK,
    learningRate: setting.learningRate,
  };
  const trees: Tree[] = [];
  for (let round = 0; round < setting.trees; round++) {
    writeGradients(margins, late, gradients);
    const tree = growTree(data, { gradients, gain }, limits);
    addTree(tree, data, margins);
    trees.push(tree);
  }
  return { setting, base, trees, gain, rows: data.rows };
}

/** First and second derivatives of the log loss, pair by pair. */
function writeGradients(margins: Float64Array, late: Uint8Array, gradients: Float64Array): void {
  for (let row = 0; row < margins.length; row++) {
    const p = 1 / (1 + Math.exp(-(margins[row] as number)));
    gradients[2 * row] = p - (late[row] as number);
    gradients[2 * row + 1] = p * (1 - p);
  }
}

/** The probability of being late, for each row. */
export function predict(model: BoostedTrees, data: BinnedRows): Float64Array {
  const margins = new Float64Array(data.rows).fill(model.base);
  for (const tree of model.trees) addTree(tree, data, margins);
  return margins.map((margin) => 1 / (1 + Math.exp(-margin)));
}
