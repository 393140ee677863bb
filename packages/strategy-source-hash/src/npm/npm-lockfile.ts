import { posix } from 'node:path';
import { UNPUBLISHED_RANGE } from '../installed-packages.ts';
import { jsonProperty, parseJson } from '../json-form.ts';
import type { LockedGraph, LockedImport, LockedPackage } from './locked-graph.ts';

const DEPENDENCY_FIELDS = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** A `package-lock.json` or `npm-shrinkwrap.json` of format 1 to 3; `undefined` when it is none. */
export function parseNpmLockfile(text: string): LockedGraph | undefined {
  const json = parseJson(Buffer.from(text))?.value;
  const packages = jsonProperty(json, 'packages');
  if (isObject(packages)) return new NpmLockfile(new Map(Object.entries(packages)));
  const dependencies = jsonProperty(json, 'dependencies');
  return isObject(dependencies) ? new NpmLockfile(placesOf(dependencies)) : undefined;
}

/** Format 1 nests packages; later ones list the same places by path. */
function placesOf(dependencies: object): ReadonlyMap<string, unknown> {
  const places = new Map<string, unknown>();
  const open: (readonly [prefix: string, dependencies: object])[] = [['', dependencies]];
  for (const [prefix, below] of open) {
    for (const [name, entry] of Object.entries(below)) {
      const place = `${prefix}node_modules/${name}`;
      places.set(place, { ...Object(entry), dependencies: jsonProperty(entry, 'requires') });
      const nested = jsonProperty(entry, 'dependencies');
      if (isObject(nested)) open.push([`${place}/`, nested]);
    }
  }
  return places;
}

class NpmLockfile implements LockedGraph {
  /** Place relative to the lockfile → entry. */
  readonly #places: ReadonlyMap<string, unknown>;

  constructor(places: ReadonlyMap<string, unknown>) {
    this.#places = places;
  }

  find({ importer, name, range }: LockedImport): string | undefined {
    return UNPUBLISHED_RANGE.test(range ?? '') ? undefined : this.#lookUp(importer, name);
  }

  package(place: string): LockedPackage | undefined {
    const entry = this.#places.get(place);
    const version = jsonProperty(entry, 'version');
    if (typeof version !== 'string') return undefined;
    const alias = jsonProperty(entry, 'name');
    const isElsewhere = jsonProperty(entry, 'link') === true || UNPUBLISHED_RANGE.test(version);
    const ranges = rangesIn(entry);
    return {
      name: typeof alias === 'string' ? alias : nameAt(place),
      version,
      patch: '',
      isPublished: !isElsewhere && ![...ranges.values()].some((range) => UNPUBLISHED_RANGE.test(range)),
      dependencies: new Map([...ranges.keys()].map((name) => [name, this.#lookUp(place, name)])),
    };
  }

  /** The nearest `node_modules` upwards that has the name, as Node looks it up. */
  #lookUp(from: string, name: string): string | undefined {
    for (let at = from; ; at = posix.dirname(at)) {
      const directory = at === '.' ? '' : at;
      if (posix.basename(directory) !== 'node_modules') {
        const place = posix.join(directory, 'node_modules', name);
        if (this.#places.has(place)) return place;
      }
      if (directory === '') return undefined;
    }
  }
}

function rangesIn(entry: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const field of DEPENDENCY_FIELDS) {
    const ranges = jsonProperty(entry, field);
    if (!isObject(ranges)) continue;
    for (const [name, range] of Object.entries(ranges)) found.set(name, String(range));
  }
  return found;
}

function nameAt(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
