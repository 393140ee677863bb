/**
 * The interface that schema libraries share (standardschema.dev, version 1). zod, valibot, arktype and others carry it, so
 * config and inputs are validated by whichever of them a user has.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a schema's `validate` gives: a value, or issues. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing wrong with a value, and where in it. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

type SchemaTypes<S> = S extends { readonly '~standard': { readonly types?: infer T } } ? NonNullable<T> : never;

/** What a caller passes: before defaults and transforms. */
export type InputOf<S> = SchemaTypes<S> extends { readonly input: infer I } ? I : never;

/** What code receives: after defaults and transforms. */
export type OutputOf<S> = SchemaTypes<S> extends { readonly output: infer O } ? O : never;

/** The schema of ops, resources and jobs that take no config. */
export type NoConfig = StandardSchema<EmptyConfig, {}>;

/** The config that may be given where none is taken: one without keys. */
export interface EmptyConfig {
  readonly [key: string]: TakesNoConfig;
}

declare const NOTHING: unique symbol;

/** No value has this type; its name is for the compiler's message. */
export interface TakesNoConfig {
  readonly [NOTHING]: never;
}

/** `model.layers.0`, from an issue's path; empty for the value itself. */
export function issuePath(issue: SchemaIssue): string {
  const keys = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
  return keys.map(String).join('.');
}

/** @throws TypeError for a `config` or `inputs` that is there and is not a schema. */
export function checkSchema(owner: string, option: 'config' | 'inputs', value: unknown): void {
  if (value === undefined || isStandardSchema(value)) return;
  throw new TypeError(
    `\`${option}\` of ${owner} must be a schema of zod, valibot, arktype or another Standard Schema library.`,
  );
}

/** True for anything that carries the standard interface, whatever library it comes from. */
function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard = (value as Partial<StandardSchema>)['~standard'];
  return typeof standard === 'object' && standard !== null && typeof standard.validate === 'function';
}
