import { type BinnedRows, MAX_BINS } from './encoder.ts';
import { emptyTree, setValue, type Tree } from './tree.ts';

export interface GrowLimits {
  depth: number;
  /** Curvature that a leaf must have: the number of its rows, each weighed by how undecided it still is. */
  minCurvature: number;
  /** Added to the curvature of a leaf: the larger, the closer to zero are the values of small leaves. */
  shrink: number;
  learningRate: number;
}

/** What a node needs to know of its rows. */
interface Sums {
  slope: number;
  curvature: number;
}

interface Node {
  id: number;
  /** Its rows are `order[from]` to `order[to - 1]`. */
  from: number;
  to: number;
  sums: Sums;
  /** Slope and curvature for each bin of each column. */
  histogram: Float64Array;
}

interface Split {
  column: number;
  /** Bins up to this one go left. */
  cut: number;
  gain: number;
  left: Sums;
}

/** Everything that growing one tree hands around. */
interface Growth {
  data: BinnedRows;
  /** Slope and curvature of the loss, pair by pair. */
  gradients: Float64Array;
  /** How much each column lowered the loss. */
  gain: Float64Array;
  limits: GrowLimits;
  /** Row numbers; each node owns a stretch. */
  order: Uint32Array;
  spare: Uint32Array;
  tree: Tree;
}

/** Numbers in a histogram for each bin. */
const WIDTH = 2;
/** A gain that is only rounding is none. */
const LEAST_GAIN = 1e-6;

/**
 * Grows one tree, level by level, that lowers the loss whose slopes and curvatures are given.
 *
 * @param gain grows by how much each column lowered the loss
 */
export function growTree(
  data: BinnedRows,
  loss: { gradients: Float64Array; gain: Float64Array },
  limits: GrowLimits,
): Tree {
  const order = new Uint32Array(data.rows);
  for (let row = 0; row < order.length; row++) order[row] = row;
  const tree = emptyTree(limits.depth);
  const growth: Growth = { data, ...loss, limits, order, spare: new Uint32Array(data.rows), tree };
  const histogram = sumRows(growth, 0, data.rows);
  let level: Node[] = [{ id: 0, from: 0, to: data.rows, sums: totalOf(histogram), histogram }];
  for (let depth = 1; level.length > 0; depth++) {
    level = level.flatMap((node) => {
      const split = bestSplit(node, growth);
      if (split === undefined) {
        setValue(tree, node.id, leafValue(node.sums, limits));
        return [];
      }
      ask(node, split, growth);
      return depth === limits.depth ? [] : divide(node, split, growth);
    });
  }
  return tree;
}

function sumRows({ data, gradients, order }: Growth, from: number, to: number): Float64Array {
  const { columns, bins } = data;
  const histogram = new Float64Array(columns * MAX_BINS * WIDTH);
  for (let i = from; i < to; i++) {
    const row = order[i] as number;
    const slope = gradients[2 * row] as number;
    const curvature = gradients[2 * row + 1] as number;
    const first = row * columns;
    for (let column = 0; column < columns; column++) {
      const at = (column * MAX_BINS + (bins[first + column] as number)) * WIDTH;
      histogram[at] = (histogram[at] as number) + slope;
      histogram[at + 1] = (histogram[at + 1] as number) + curvature;
    }
  }
  return histogram;
}

/** Every column has the same total, so the first one serves. */
function totalOf(histogram: Float64Array): Sums {
  const sums: Sums = { slope: 0, curvature: 0 };
  for (let at = 0; at < MAX_BINS * WIDTH; at += WIDTH) {
    sums.slope += histogram[at] as number;
    sums.curvature += histogram[at + 1] as number;
  }
  return sums;
}

/** The cut that lowers the loss most, the first of equals; `undefined` when none leaves enough on both sides. */
function bestSplit({ histogram, sums }: Node, { data, limits }: Growth): Split | undefined {
  const { minCurvature, shrink } = limits;
  const whole = (sums.slope * sums.slope) / (sums.curvature + shrink);
  let best: Split | undefined;
  for (let column = 0; column < data.columns; column++) {
    const left: Sums = { slope: 0, curvature: 0 };
    for (let cut = 0; cut < MAX_BINS - 1; cut++) {
      const at = (column * MAX_BINS + cut) * WIDTH;
      left.slope += histogram[at] as number;
      left.curvature += histogram[at + 1] as number;
      if (left.curvature < minCurvature) continue;
      if (sums.curvature - left.curvature < minCurvature) break;
      const slope = sums.slope - left.slope;
      const gain =
        (left.slope * left.slope) / (left.curvature + shrink) +
        (slope * slope) / (sums.curvature - left.curvature + shrink) -
        whole;
      if (gain > (best?.gain ?? LEAST_GAIN)) best = { column, cut, gain, left: { ...left } };
    }
  }
  return best;
}

/** Writes the question into the tree, and into both children what they answer if nobody asks further. */
function ask(node: Node, { column, cut, gain, left }: Split, growth: Growth): void {
  const { tree, limits } = growth;
  tree.column[node.id] = column;
  tree.cut[node.id] = cut;
  growth.gain[column] = (growth.gain[column] as number) + gain;
  setValue(tree, 2 * node.id + 1, leafValue(left, limits));
  setValue(tree, 2 * node.id + 2, leafValue(minus(node.sums, left), limits));
}

function leafValue({ slope, curvature }: Sums, { shrink, learningRate }: GrowLimits): number {
  return (-slope / (curvature + shrink)) * learningRate;
}

function minus(whole: Sums, part: Sums): Sums {
  return { slope: whole.slope - part.slope, curvature: whole.curvature - part.curvature };
}

/** Only the rows of the smaller child are summed again: the larger one is what remains of the parent. */
function divide(node: Node, split: Split, growth: Growth): Node[] {
  const middle = partition(node, split, growth);
  const leftIsSmaller = middle - node.from <= node.to - middle;
  const small = leftIsSmaller ? sumRows(growth, node.from, middle) : sumRows(growth, middle, node.to);
  const large = node.histogram;
  for (let i = 0; i < large.length; i++) large[i] = (large[i] as number) - (small[i] as number);
  const [left, right] = leftIsSmaller ? [small, large] : [large, small];
  return [
    { id: 2 * node.id + 1, from: node.from, to: middle, sums: split.left, histogram: left },
    { id: 2 * node.id + 2, from: middle, to: node.to, sums: minus(node.sums, split.left), histogram: right },
  ];
}

/** Puts the rows that go left before those that go right, each in their old order; returns where the right ones begin. */
function partition(node: Node, { column, cut }: Split, { data, order, spare }: Growth): number {
  let left = node.from;
  let right = 0;
  for (let i = node.from; i < node.to; i++) {
    const row = order[i] as number;
    if ((data.bins[row * data.columns + column] as number) <= cut) order[left++] = row;
    else spare[right++] = row;
  }
  order.set(spare.subarray(0, right), left);
  return left;
}
