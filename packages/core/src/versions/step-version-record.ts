import type { Json } from '../definitions/version-strategy.ts';

/** The schema of {@link StepVersionRecord}. Changing it is deliberate: golden vectors fail, and `plan` says "upgraded". */
export const STEP_VERSION_SCHEMA = 'memo.step-version/1' as const;

/** The schema of the versions that are made, and those before it, newest first, under which results are looked for. */
export interface VersionSchemas {
  readonly current: string;
  readonly previous: readonly string[];
}

export const VERSION_SCHEMAS: VersionSchemas = { current: STEP_VERSION_SCHEMA, previous: [] };

/**
 * What a step's version is made of: one field for each thing that its result can depend on. The version is the SHA-256 of this
 * record. Records are kept with bindings, so that two versions can be compared in words. No secret is in them.
 */
export interface StepVersionRecord {
  readonly schema: typeof STEP_VERSION_SCHEMA;
  /** Whose code runs. The name is in the key so that two ops with equal code keep apart; the step's id is not, so that steps share. */
  readonly op: CodeRecord & { readonly namespace: string; readonly name: string };
  /** The op's validated config after defaults, because `run` reads it. Secrets are left out: a rotated password changes no result. */
  readonly config: ValueRecord;
  /** The resources that the op requires, by the name under which it reads them, because their behaviour is part of the op's. */
  readonly resources: { readonly [use: string]: ResourceRecord };
  /** What flows in, by input name. Swapping two inputs, or two items of a list, changes the record. */
  readonly inputs: { readonly [input: string]: InputRecord };
  /** Versions of the steps that must come before, because their effects may be what this step sees. In the order given. */
  readonly after?: readonly UpstreamRecord[];
  /** Digests of the values of declared environment variables, because `run` reads them; `null` when unset. */
  readonly env?: { readonly [name: string]: string | null };
  /** Declared to keep steps apart that would share results. */
  readonly salt?: string;
  /** For effects, job and step: what was published by one step says nothing about another. */
  readonly effect?: { readonly job: string; readonly step: string };
}

/** The version of a piece of code, and who gave it: `declared`, or the id of a strategy. */
export interface CodeRecord {
  readonly code: string;
  readonly by: string;
}

/** A value that enters by its key text or digest, with a preview for people. */
export interface ValueRecord {
  readonly key: string;
  /** The value as JSON, where it is small and JSON can say it. */
  readonly value?: Json;
  /** HMACs of secrets that count, by path. */
  readonly secrets?: { readonly [path: string]: string };
}

export interface ResourceRecord {
  readonly name: string;
  /** `null` when nothing gives the resource's code a version. */
  readonly code: string | null;
  readonly by: string;
  readonly config: ValueRecord;
  readonly resources: { readonly [use: string]: ResourceRecord };
}

/** An output of another step. Its version is derived from step version, output name and generation. */
export interface UpstreamRecord {
  /** Step id and op name, for people; not in the key. */
  readonly step: string;
  readonly op: string;
  readonly output: string;
  /** The upstream's step version, or the content digest of a volatile step's output. */
  readonly version: string;
  /** The generation, when the upstream's version was bound again to another content. */
  readonly pub?: string;
  /** What `version` is. Default: `step`. */
  readonly form?: 'step' | 'content';
}

export type InputRecord =
  | { readonly from: 'output'; readonly output: UpstreamRecord }
  | { readonly from: 'literal'; readonly literal: ValueRecord }
  | { readonly from: 'list'; readonly items: readonly (UpstreamRecord | ValueRecord)[] }
  | { readonly from: 'external'; readonly external: string; readonly fingerprint: string }
  | { readonly from: 'item'; readonly of: UpstreamRecord; readonly digest: string };
