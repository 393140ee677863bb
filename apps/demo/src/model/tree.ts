import type { BinnedRows } from './encoder.ts';

/** Every bin goes left of this cut: what a node asks when there is nothing left to ask. */
const ALWAYS_LEFT = 255;

/**
 * A full binary tree laid out like a heap: the children of node `k` are `2k + 1` and `2k + 2`. Every path is `depth` nodes
 * long, so that walking it takes no decision that a processor could guess wrong.
 */
export interface Tree {
  depth: number;
  /** The column that each inner node asks for. */
  column: Uint8Array;
  /** Bins up to this one go left. */
  cut: Uint8Array;
  /** What each of the `2 ** depth` leaves adds to the log-odds, from left to right. */
  value: Float64Array;
}

export function emptyTree(depth: number): Tree {
  const inner = 2 ** depth - 1;
  return {
    depth,
    column: new Uint8Array(inner),
    cut: new Uint8Array(inner).fill(ALWAYS_LEFT),
    value: new Float64Array(inner + 1),
  };
}

/** Gives a node its value: that of the leaf at the end of its leftmost path, where all its rows arrive. */
export function setValue(tree: Tree, node: number, value: number): void {
  let leaf = node;
  while (leaf < tree.column.length) leaf = 2 * leaf + 1;
  tree.value[leaf - tree.column.length] = value;
}

/** Adds to each row's margin what the tree says of the row. */
export function addTree(tree: Tree, data: BinnedRows, margins: Float64Array): void {
  const { depth, column, cut, value } = tree;
  const { bins, columns } = data;
  const inner = column.length;
  for (let row = 0; row < data.rows; row++) {
    const first = row * columns;
    let node = 0;
    for (let level = 0; level < depth; level++) {
      // The sign bit of the difference: 1 when the bin lies right of the cut.
      const right = ((cut[node] as number) - (bins[first + (column[node] as number)] as number)) >>> 31;
      node = 2 * node + 1 + right;
    }
    margins[row] = (margins[row] as number) + (value[node - inner] as number);
  }
}
