import { BRAND, type Brand, brandOf } from './brand.ts';
import { type AnyResource, definitionOfResource, type Resource, type ResourceDefinition } from './resource.ts';

/** Says how a job or run gets a resource: by config ({@link configure}) or by value ({@link provide}). */
export interface ResourceBinding {
  readonly kind: 'binding';
  readonly [BRAND]: Brand;
  readonly [BOUND]: BoundResource;
}

/** What a binding holds. */
export type BoundResource =
  | { readonly by: 'config'; readonly resource: ResourceDefinition; readonly config: unknown }
  | {
      readonly by: 'value';
      readonly resource: ResourceDefinition;
      readonly value: unknown;
      readonly version: string | undefined;
    };

export const BOUND: unique symbol = Symbol.for('@memo/core/resource-binding') as never;

/**
 * Gives a resource its config in a job or run; a run's beats the job's. The config is validated when the job is planned (M3001).
 */
export function configure<C>(target: Resource<unknown, C>, config: NoInfer<C>): ResourceBinding {
  const definition = definitionOfResource(target as AnyResource, 'configure(resource, …): the resource');
  return bind({ by: 'config', resource: definition, config });
}

/**
 * Gives a job or run the value of a resource; setup and teardown are not called.
 *
 * In a memoized job the value needs a `version` that changes whenever its behaviour does (else M4008): core cannot see into it.
 */
export function provide<T>(
  target: Resource<T, never> | Resource<T, unknown> | AnyResourceOf<T>,
  value: T,
  options: { readonly version?: string } = {},
): ResourceBinding {
  const definition = definitionOfResource(target as AnyResource, 'provide(resource, …): the resource');
  return bind({ by: 'value', resource: definition, value, version: options.version });
}

type AnyResourceOf<T> = Resource<T, any>;

function bind(bound: BoundResource): ResourceBinding {
  const made: ResourceBinding = { kind: 'binding', [BRAND]: brandOf('binding'), [BOUND]: Object.freeze(bound) };
  return Object.freeze(made);
}
