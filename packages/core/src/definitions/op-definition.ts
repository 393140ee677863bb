import type { DefinitionSite } from './definition-site.ts';
import type { Policy } from './policy.ts';
import type { ResourceDefinition } from './resource.ts';
import type { SecretPath } from './secrets.ts';
import type { StandardSchema } from './standard-schema.ts';

/** What core knows of an op. */
export interface OpDefinition {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly outputs: readonly OutputDefinition[];
  /** True when `run` returns the value itself instead of an object of named outputs. */
  readonly single: boolean;
  readonly inputs: StandardSchema | undefined;
  /** Input names that the function destructures, where they can be read off; for error messages. */
  readonly inputNames: readonly string[] | undefined;
  readonly config: StandardSchema | undefined;
  readonly secret: readonly SecretPath[];
  readonly uses: Readonly<Record<string, ResourceDefinition>>;
  readonly version: string | undefined;
  readonly env: readonly { readonly name: string; readonly secret: boolean }[];
  readonly effect: boolean;
  readonly policy: Policy;
  readonly run: (input: never, context: never) => unknown;
  readonly site: DefinitionSite;
}

/** One output of an op. */
export interface OutputDefinition {
  readonly name: string;
  /** Key of the job's IO manager. */
  readonly io: string;
  readonly optional: boolean;
}

export const OP: unique symbol = Symbol.for('@memo/core/op') as never;
