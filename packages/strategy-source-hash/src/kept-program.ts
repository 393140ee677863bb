import type { Digest } from './digest.ts';
import type { LocatedFinding } from './finding.ts';
import type { GraphNode } from './graph-node.ts';
import type { Load } from './slice/part.ts';

/** What there is to know of a file without a look at it, as bits. */
export const FILE = {
  /** It leads to something that may be loaded late. */
  late: 1,
  /** It imports something for its effects alone. */
  bare: 2,
  /** As it is loaded, it calls functions that other findings may be in. */
  calls: 4,
  /** Something is said about it that names places in it. */
  noted: 8,
  /** It waits for something as it is loaded. */
  waits: 16,
  /** It has units whose evaluation may change what all code can see. */
  effects: 32,
  /** It exports all of another file, or counts as a whole. */
  open: 64,
  /** Something is said about where it leads, or how it is compiled. */
  astray: 256,
  /** It was there once: nothing leads to it, and a file of its name is another one. */
  gone: 128,
} as const;

/** The same of a unit, or of all that a file exports. */
export const ROW = {
  /** Nothing can be reached from it that decides who changes what. */
  clear: 1,
  /** Nor were its references followed to values. */
  plain: 2,
  /** Its evaluation runs code. */
  runs: 4,
  isGlobal: 8,
  /** See `SliceTable.mayObserve`. */
  observes: 16,
} as const;

export interface KeptFile {
  readonly path: string;
  readonly kind: GraphNode['kind'];
  /** See `GraphNode`: files by their numbers. */
  readonly targets: readonly number[];
  readonly evaluated: readonly number[];
  readonly eager: readonly number[];
  /** The files that are asked what their functions do when it calls them as it is loaded. */
  readonly asking: readonly number[];
  readonly traits: number;
  readonly setting: string;
  /** What its exports stand for: rows, each with the number of the name that it binds. */
  readonly exports: readonly (readonly [name: string, targets: readonly number[]])[];
  /** The names that others ask it for. */
  readonly asked: readonly string[];
  readonly units: readonly KeptUnit[];
  /** What lies in these and counts by itself: ops, and members of objects. */
  readonly inner: readonly KeptUnit[];
}

export interface KeptUnit {
  /** Tells it from the others of its file. */
  readonly key: string;
  /** Stands for all that is known of it beside its form and where it leads. */
  readonly form: Digest;
  /** What others may ask of it. */
  readonly kind: string;
}

export interface KeptLeaf {
  readonly token: string;
  readonly whole: string;
  /** The number of the file that it is of, or -1. */
  readonly file: number;
  /** Those that its package stands for, with their versions. */
  readonly packages: readonly string[];
  /** Of a JSON file; `null` for the whole value. */
  readonly members: readonly (string | null)[];
}

/** See `PartFacts`: units are rows. */
export interface KeptFacts {
  readonly mutators: readonly number[];
  readonly isEffect: boolean;
  readonly loads: readonly Load[];
  readonly findings: readonly LocatedFinding[];
  readonly early: readonly number[];
}

/** What a slice is made from. */
export interface KeptRoots {
  /** For each call: rows, each with the number of the name that it binds. */
  readonly roots: readonly (readonly number[])[];
  /** The files that load it, by their numbers. */
  readonly files: readonly number[];
}

/** What stands for all exports of a file in the column of units. */
export const ALL_EXPORTS: number = 1 << 30;

/** The number of the file of what is gone. */
export const GONE = -2;

/** The same for leaves. */
export const LEAF = -1;

/** Parts as rows of numbers: what `SliceTable` has of them, and where they are. */
export interface KeptRows {
  /** The number of the file; -1 for leaves, or {@link GONE}. */
  readonly files: Int32Array;
  /** The place of a unit in its file, less than zero for what lies in one; {@link ALL_EXPORTS}; of a leaf its number. */
  readonly units: Int32Array;
  readonly traits: Int32Array;
  readonly starts: Int32Array;
  readonly links: Int32Array;
}

/** A program as it hangs together, without the texts of its files. */
export interface KeptProgram {
  readonly files: readonly KeptFile[];
  readonly leaves: readonly KeptLeaf[];
  readonly facts: readonly (readonly [row: number, KeptFacts])[];
  readonly roots: readonly KeptRoots[];
  readonly rows: KeptRows;
}
