import type { OpDefinition } from '../definitions/op-definition.ts';
import type { ExecutionPlan } from '../trace/execution-plan.ts';
import type { ResourceRecord, UpstreamRecord } from './step-version-record.ts';

/** What is known of an op before its steps are looked at. */
export interface OpIngredients {
  readonly code: string;
  readonly by: string;
  readonly resources: { readonly [use: string]: ResourceRecord };
}

/** What the versions of a plan's steps are computed from. */
export interface VersionInputs {
  readonly plan: ExecutionPlan;
  /** By op; an op without an entry has no version, and neither do its steps. */
  readonly ops: ReadonlyMap<OpDefinition, OpIngredients>;
  /** Steps whose results are never shared: their outputs are known by content, once they ran. */
  readonly volatile: (step: number) => boolean;
  /** The generation of each step version that was bound again. What others pin later does not count. */
  readonly pins: ReadonlyMap<string, string>;
  /** The schema of the records. */
  readonly schema: string;
}

/** What is known of the contents behind versions. */
export interface KnownContents {
  /** The content digest of an output; `absent` for one that was left out, `undefined` when nobody knows it. */
  readonly digestOf: (step: number, output: string) => string | undefined;
  /** False where certainly nothing was left out: then each output that a step reads is asked for once, in order. */
  readonly mayLack: boolean;
  /** The earlier step that a step is bound to without having run, if it is. */
  readonly ranAs: (step: number) => UpstreamRecord | undefined;
}
