import type { Digest } from '../digest.ts';
import type { LocatedFinding } from '../finding.ts';
import type { Part, Target, UnitPart } from './part.ts';
import type { Skeleton } from './skeleton.ts';
import type { SliceTable } from './slice-table.ts';

/** Everything that the behaviour of some parts can depend on. */
export interface Slice {
  readonly digest: Digest;
  /** What the digest is made from beside the contents of the parts; `undefined` where some were kept out. */
  readonly skeleton: Skeleton | undefined;
  /** What it was made from, and the files that load it. */
  readonly roots: readonly (readonly Target[])[];
  readonly files: readonly string[];
  /** The parts by their rows in a table. */
  readonly rows: Int32Array;
  readonly table: SliceTable;
  /** In the order in which they were found, without those that are declared not to matter. */
  readonly parts: readonly Part[];
  /** For each part the place of the one through which it was found first; -1 where that is none. */
  readonly through: Int32Array;
  /** What a hash of source cannot see in the parts; a place may come several times. */
  readonly findings: readonly LocatedFinding[];
  /** Parts whose order of evaluation can matter, in that order. */
  readonly order: readonly UnitPart[];
  /** Parts that stand in the order of their contents. */
  readonly sorted: ReadonlySet<Part>;
  /** The entries of `exclude` that kept something out of it. */
  readonly excluded: readonly string[];
}
