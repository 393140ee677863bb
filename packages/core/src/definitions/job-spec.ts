import type { IOManager } from '../io/io-manager.ts';
import type { Policy } from './policy.ts';
import type { Ref, StepRef } from './reference.ts';
import type { ResourceBinding } from './resource-binding.ts';
import type { SecretPath } from './secrets.ts';
import type { OutputOf } from './standard-schema.ts';
import type { VersionStrategy } from './version-strategy.ts';

/** One IO manager for all outputs, or several by key, of which `default` is used where an output names none. */
export type IOManagers = IOManager | { readonly [key: string]: IOManager };

/** What `build` returned if it is made of references; what no type is where it is not. Of `unknown` nothing is known. */
export type CheckedResult<R> = unknown extends R
  ? R
  : R extends PromiseLike<unknown>
    ? 'build() must not be async: it only wires steps (M2103)'
    : R extends Ref<unknown> | StepRef
      ? R
      : R extends object
        ? { readonly [K in keyof R]: CheckedResult<R[K]> }
        : R extends void
          ? R
          : NotAnOutput;

/** No value has this type; its name and text are for the compiler's message. */
export interface NotAnOutput {
  readonly 'build() returns outputs of steps, no other values (M2114)': never;
}

/** How a job is made. */
export interface JobSpec<R, S> {
  /** A schema for the job's config. Default: takes no config. */
  readonly config?: S;
  /** Parts of the config that must never be stored or shown. */
  readonly secret?: readonly SecretPath[];
  /** Gives versions to the code of ops and resources; makes the job memoized. Default: not memoized. */
  readonly versions?: VersionStrategy;
  /** Where outputs are kept. Default: in memory, memoizable within the process. */
  readonly io?: IOManagers;
  readonly resources?: readonly ResourceBinding[];
  /** Settings of all steps; an op's and a step's beat them. */
  readonly defaults?: Policy;
  /** `memo/is_memoized_run: 'false'` switches memoization off; others are labels. */
  readonly tags?: Readonly<Record<string, string>>;
  /** What happens to an op that nothing gives a version: an error (M4001), or it always runs. Default: `error`. */
  readonly unversioned?: 'error' | 'volatile';
  /** Sizes of the pools that steps name. A pool without a size is bounded by `concurrency` only. */
  readonly pools?: Readonly<Record<string, number>>;
  readonly description?: string;
  /**
   * Wires steps. Called synchronously with the validated config; nothing runs. Must be deterministic (M2108).
   * Returns the job's outputs: a reference, or an object of references (nested objects and lists of references are fine), or nothing.
   */
  readonly build: (config: OutputOf<S>) => R & CheckedResult<R>;
}

/** The values of what `build` returned; a single reference is the output `result`. Steps without outputs are left out. */
export type JobOutputs<R> = R extends Ref<infer T> ? { readonly result: T } : R extends object ? OutputValues<R> : {};

type OutputValues<R> =
  R extends Ref<infer T>
    ? T
    : R extends readonly (infer E)[]
      ? readonly OutputValues<Exclude<E, StepRef>>[]
      : R extends object
        ? { readonly [K in keyof R as R[K] extends StepRef ? never : K]: OutputValues<R[K]> }
        : never;

/** Tag of a job or run; `'false'` switches memoization off for it. A run's tag beats the job's. */
export const MEMOIZED_RUN_TAG = 'memo/is_memoized_run' as const;
