import type { Certainty, Uncertainty } from '../definitions/version-strategy.ts';
import type { StepVersionRecord } from '../versions/step-version-record.ts';

/** The schema of {@link Binding}. Fields may be added; the meaning of one never changes. */
export const BINDING_SCHEMA = 'memo.binding/1' as const;

/** One output of a binding: its content, or that the op left it out. */
export type BoundOutput = BoundContent | 'absent';

export interface BoundContent {
  /** Content digest of the value (`scheme:hex`). */
  readonly digest: string;
  /** Size of the stored object, where the manager told it. */
  readonly bytes?: number;
  readonly codec?: string;
  /** Key of the IO manager that holds the value. Default: `default`. */
  readonly io?: string;
}

/**
 * "This step version has these contents." The only document beside the values: commit mark, memory for explanations, and
 * source of the time that re-use saves. It outlives the values.
 */
export interface Binding {
  readonly schema: typeof BINDING_SCHEMA;
  readonly stepVersion: string;
  readonly record: StepVersionRecord;
  readonly outputs: { readonly [output: string]: BoundOutput };
  /** Content digests of what the step consumed, by input; a list for fan-in, `null` for an absent item. */
  readonly consumed: { readonly [input: string]: string | readonly (string | null)[] };
  /** Digest of the output digests: which execution this is. */
  readonly pub: string;
  /**
   * True for what a later execution gave under a version that was bound before: it counts only where a pin names its `pub`, so
   * that a writer killed before it could pin changes nothing.
   */
  readonly later?: true;
  /** The record with content digests in place of upstream versions, hashed. */
  readonly contentKey?: string;
  /** Digests of the items of a list output, for planning of mapped steps. */
  readonly items?: { readonly [output: string]: readonly string[] };
  /**
   * How the binding came about. `alias`: nothing was computed, because an earlier execution had read the same content; `run`, `when`
   * and `duration` are that execution's, and the values lie where it left them. `bless`: the same, because a person said that a change of
   * the code changes no result.
   */
  readonly by: 'run' | 'alias' | 'bless';
  /** The step version that an alias, or a blessed one, stands for: always one that was computed, never an alias. */
  readonly of?: string;
  /** True when the values that an alias stands for lie under generation `pub` of their version. */
  readonly ofLater?: true;
  /** Who blessed it, and why. */
  readonly blessed?: { readonly who: string; readonly why: string };
  readonly job: string;
  readonly step: string;
  /** The run that computed the values. */
  readonly run: string;
  /** When the values were computed, milliseconds since the epoch. */
  readonly when: number;
  /** How long the op ran, milliseconds. */
  readonly duration: number;
  readonly certainty: Certainty;
  readonly uncertain?: readonly Uncertainty[];
  /** Where the op is defined, relative to the project. */
  readonly site?: string;
  readonly memo: string;
  readonly node: string;
}

/** A pin: the generation that a step version is bound to since its values were recomputed with another content. */
export interface Pin {
  readonly schema: 'memo.pin/1';
  readonly stepVersion: string;
  readonly pub: string;
  /** 2 for the second execution that counts, and so on. */
  readonly generation: number;
}

/** The commit mark of a step version that is not committed by a single output. Created once. */
export interface Commit {
  readonly schema: 'memo.commit/1';
  readonly stepVersion: string;
  readonly pub: string;
  readonly outputs: { readonly [output: string]: BoundOutput };
  /** As in {@link Binding}: what the outputs were made from. */
  readonly contentKey?: string;
  /** As in {@link Binding}, for a version that an alias commits. */
  readonly of?: string;
  readonly ofLater?: true;
}
