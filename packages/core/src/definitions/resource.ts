import type { Awaitable } from '../io/awaitable.ts';
import type { Log } from '../io/io-contexts.ts';
import { BRAND, type Brand, brandOf, isBranded } from './brand.ts';
import { captureSite, type DefinitionSite } from './definition-site.ts';
import { checkSecretPaths, type SecretPath } from './secrets.ts';
import { checkSchema, type InputOf, type NoConfig, type OutputOf, type StandardSchema } from './standard-schema.ts';

/** Something that ops use: a client, a model, a connection. Made by {@link resource}. */
export interface Resource<out T, out C = never> {
  readonly kind: 'resource';
  readonly name: string;
  readonly [BRAND]: Brand;
  readonly [RESOURCE]: ResourceDefinition;
  /** Types only; never there. */
  readonly '~value'?: T;
  /** Types only; never there. */
  readonly '~config'?: C;
}

/** Resources by the name under which code reads them. */
export type Uses = Readonly<Record<string, AnyResource>>;

/** A resource of any type, one that is only required by name included. */
export type AnyResource = Resource<any, any> | Resource<any, never>;

/** The live values of resources, by name. */
export type Instances<U> = { readonly [K in keyof U]: U[K] extends Resource<infer T, infer _C> ? T : never };

/** What `setup` gets. */
export interface ResourceContext<C, U> {
  /** The validated config, secrets included. */
  readonly config: C;
  /** The resources that this one requires. */
  readonly use: Instances<U>;
  readonly log: Log;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}

/** How a resource is made. */
export interface ResourceSpec<T, S, U> {
  /** A schema of zod, valibot, arktype or any other library with the standard interface. Default: takes no config. */
  readonly config?: S;
  /** Parts of the config that must never be stored or shown. See {@link SecretPath}. */
  readonly secret?: readonly SecretPath[];
  /** Resources that this one requires. They are set up before it and torn down after it. */
  readonly uses?: U;
  /** Version of the resource's code, which beats the strategy. The config counts beside it. Default: the strategy's. */
  readonly version?: string | ((config: OutputOf<S>) => string);
  readonly description?: string;
  /** Makes the value, once a run and only if a step that requires it runs. */
  readonly setup: (context: ResourceContext<OutputOf<S>, U>) => Awaitable<T>;
  /** Releases the value. Always called for a value that was made, whatever happened to the run. */
  readonly teardown?: (value: T) => Awaitable<void>;
}

/** What core knows of a resource. */
export interface ResourceDefinition {
  readonly name: string;
  readonly config: StandardSchema | undefined;
  readonly secret: readonly SecretPath[];
  readonly uses: Readonly<Record<string, ResourceDefinition>>;
  readonly version: string | ((config: never) => string) | undefined;
  readonly setup: ((context: never) => unknown) | undefined;
  readonly teardown: ((value: never) => unknown) | undefined;
  readonly site: DefinitionSite;
}

export const RESOURCE: unique symbol = Symbol.for('@memo/core/resource') as never;

interface ResourceFunction {
  /**
   * Defines a resource. Nothing is set up here: that happens in a run, when a step that requires it runs.
   *
   * @param name identifies the resource within a job; `configure` and `provide` refer to it.
   * @throws TypeError for a name that is not a non-empty string, or a spec without `setup`.
   */
  <T, S extends StandardSchema = NoConfig, U extends Uses = {}>(
    name: string,
    spec: ResourceSpec<T, S, U>,
  ): Resource<T, InputOf<S>>;
  /** A resource that has no definition of its own: a job or run must `provide` its value (else M3004). */
  required<T>(name: string): Resource<T, never>;
}

export const resource: ResourceFunction = Object.assign(defineResource, { required });

function defineResource<T, S extends StandardSchema = NoConfig, U extends Uses = {}>(
  name: string,
  spec: ResourceSpec<T, S, U>,
): Resource<T, InputOf<S>> {
  checkName(name);
  if (typeof spec?.setup !== 'function')
    throw new TypeError(`resource(${JSON.stringify(name)}) needs a setup function.`);
  checkSchema(`resource ${JSON.stringify(name)}`, 'config', spec.config);
  checkSecretPaths(`resource ${JSON.stringify(name)}`, spec.secret);
  return make({
    name,
    config: spec.config,
    secret: spec.secret ?? [],
    uses: Object.fromEntries(
      Object.entries(spec.uses ?? {}).map(([key, used]) => [
        key,
        definitionOfResource(used, `uses.${key} of resource "${name}"`),
      ]),
    ),
    version: spec.version as ResourceDefinition['version'],
    setup: spec.setup as ResourceDefinition['setup'],
    teardown: spec.teardown as ResourceDefinition['teardown'],
    site: captureSite(defineResource),
  });
}

function required<T>(name: string): Resource<T, never> {
  checkName(name);
  const nothing = {
    config: undefined,
    secret: [],
    uses: {},
    version: undefined,
    setup: undefined,
    teardown: undefined,
  };
  return make({ name, ...nothing, site: captureSite(required) });
}

function make<T, C>(definition: ResourceDefinition): Resource<T, C> {
  const made: Resource<T, C> = {
    kind: 'resource',
    name: definition.name,
    [BRAND]: brandOf('resource'),
    [RESOURCE]: Object.freeze(definition),
  };
  return Object.freeze(made);
}

/** What core knows of a resource; the brand has been checked. */
export function definitionOfResource(value: AnyResource, what: string): ResourceDefinition {
  if (!isBranded(value, 'resource')) throw new TypeError(`${what} must be made by resource(…).`);
  return value[RESOURCE];
}

function checkName(name: unknown): void {
  if (typeof name === 'string' && name !== '') return;
  throw new TypeError(`resource(name, …) takes a name that is not empty; got ${typeof name}.`);
}
