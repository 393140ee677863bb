import { isBranded } from '../definitions/brand.ts';
import type { AnswerLimit } from '../definitions/clock.ts';
import { placeOf } from '../definitions/definition-site.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import type { ResourceDefinition } from '../definitions/resource.ts';
import { BOUND, type BoundResource, type ResourceBinding } from '../definitions/resource-binding.ts';
import { MemoError } from '../errors/memo-error.ts';
import { type ConfigValue, configValue, EMPTY_CONFIG, schemaOf, validateConfigLater } from '../trace/config-value.ts';
import { didYouMean } from '../trace/did-you-mean.ts';

/** A resource that some step requires, and how the run gets it. */
export interface PlannedResource {
  readonly name: string;
  readonly definition: ResourceDefinition;
  readonly config: ConfigValue;
  /** The value and its version, where the job or run provides it. */
  readonly provided: { readonly value: unknown; readonly version: string | undefined } | undefined;
  /** Names of the resources that it requires, by the name under which it reads them. */
  readonly uses: { readonly [use: string]: string };
}

/** All resources that the ops of a job require, each after those that it requires itself. */
export type PlannedResources = ReadonlyMap<string, PlannedResource>;

/**
 * Finds every required resource, directly or through others, and its config.
 *
 * @param bindings those of the job, then those of the run, which beat them.
 * @throws MemoError M3001, M3004, M3007, M3010; several as M2000.
 */
export async function planResources(
  ops: Iterable<OpDefinition>,
  bindings: readonly ResourceBinding[],
  limit: AnswerLimit,
): Promise<PlannedResources> {
  const bound = new Map<string, BoundResource>();
  for (const binding of bindings) {
    if (!isBranded(binding, 'binding'))
      throw new TypeError('The `resources` of a job or run are made by configure(…) and provide(…).');
    bound.set(binding[BOUND].resource.name, binding[BOUND]);
  }
  const search = new ResourceSearch(bound);
  for (const op of ops) for (const used of Object.values(op.uses)) search.add(used, `Op "${op.name}"`, []);
  search.throwAll();
  const planned = new Map<string, PlannedResource>();
  for (const definition of search.found.values()) {
    planned.set(definition.name, await configured(definition, bound.get(definition.name), limit));
  }
  return planned;
}

class ResourceSearch {
  /** In dependency order. */
  readonly found = new Map<string, ResourceDefinition>();
  readonly #errors: MemoError[] = [];
  readonly #bound: ReadonlyMap<string, BoundResource>;

  constructor(bound: ReadonlyMap<string, BoundResource>) {
    this.#bound = bound;
  }

  add(used: ResourceDefinition, user: string, path: readonly ResourceDefinition[]): void {
    const binding = this.#bound.get(used.name);
    // A resource that is only required by name is met by whatever the job or run binds under it.
    const definition = used.setup === undefined && binding !== undefined ? binding.resource : used;
    const known = this.found.get(used.name);
    const above = path.find((earlier) => earlier.name === used.name);
    if (definition.setup === undefined && binding?.by !== 'value')
      this.#fail(notProvided(used, user, this.#bound.keys()));
    else if (known !== undefined) this.#checkSame(known, definition);
    else if (above !== undefined && isSame(above, definition)) this.#fail(cycle(path, used));
    else if (above !== undefined) this.#checkSame(above, definition);
    else {
      const uses = binding?.by === 'value' ? [] : Object.values(definition.uses);
      for (const next of uses) this.add(next, `Resource "${used.name}"`, [...path, definition]);
      this.found.set(used.name, definition);
    }
  }

  throwAll(): void {
    const [first, ...others] = this.#errors;
    if (first === undefined) return;
    if (others.length === 0) throw first;
    throw new MemoError('M2000', `${this.#errors.length} resources cannot be used.`, { errors: this.#errors });
  }

  #checkSame(known: ResourceDefinition, definition: ResourceDefinition): void {
    if (isSame(known, definition)) return;
    const place = placeOf(known.site);
    this.#fail(
      new MemoError('M3010', `Two different resources are called "${known.name}".`, {
        because:
          place === undefined
            ? 'Both are required by this job.'
            : `The other is defined at ${place.file}:${place.line ?? 1}.`,
        fix: 'Rename one of them.',
        place: placeOf(definition.site),
        details: { resource: known.name },
      }),
    );
  }

  #fail(error: MemoError): void {
    if (!this.#errors.some((earlier) => earlier.problem === error.problem)) this.#errors.push(error);
  }
}

/** Two definitions of one setup are one resource; one without a setup is met by any. */
function isSame(known: ResourceDefinition, definition: ResourceDefinition): boolean {
  return known === definition || known.setup === definition.setup || definition.setup === undefined;
}

function notProvided(used: ResourceDefinition, user: string, bound: Iterable<string>): MemoError {
  return new MemoError(
    'M3004',
    `${user} requires resource "${used.name}", and nothing provides it.${didYouMean(used.name, bound)}`,
    {
      fix: `Add it to the job or run: resources: [provide(${used.name}, value, { version: '1' })].`,
      place: placeOf(used.site),
      details: { resource: used.name },
    },
  );
}

function cycle(path: readonly ResourceDefinition[], used: ResourceDefinition): MemoError {
  const names = [...path.slice(path.findIndex((earlier) => earlier.name === used.name)), used].map(({ name }) => name);
  return new MemoError('M3007', `Resources require each other: ${names.join(' → ')}.`, {
    fix: 'Remove one of these `uses`, for example by passing what is shared as a third resource.',
    place: placeOf(used.site),
    details: { resources: names },
  });
}

async function configured(
  definition: ResourceDefinition,
  bound: BoundResource | undefined,
  limit: AnswerLimit,
): Promise<PlannedResource> {
  const { name } = definition;
  if (bound?.by === 'value') {
    return {
      name,
      definition,
      config: EMPTY_CONFIG,
      provided: { value: bound.value, version: bound.version },
      uses: {},
    };
  }
  const owner = { name: `resource "${name}"`, secret: definition.secret, place: () => placeOf(definition.site) };
  const value = await limit.of(validateConfigLater(definition.config, bound?.config, owner), schemaOf(owner));
  const uses = Object.fromEntries(Object.entries(definition.uses).map(([use, used]) => [use, used.name]));
  return {
    name,
    definition,
    config: configValue(value, `config of resource ${name}`, definition.secret),
    provided: undefined,
    uses,
  };
}
