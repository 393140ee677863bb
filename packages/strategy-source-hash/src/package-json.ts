import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { jsonForm, jsonProperty, parseJson } from './json-form.ts';
import type { Aspect, SourceFiles } from './source-files.ts';

/** What a package.json says about code. Scripts, descriptions and the like are not read. */
export interface PackageJson {
  readonly path: string;
  readonly directory: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** `module`, `commonjs` or absent: what a `.js` or `.ts` file of the package is. */
  readonly type: string | undefined;
  /** The range of a package, from all dependency fields. */
  rangeOf(name: string): string | undefined;
  /** Names of the packages that are installed with this one. */
  readonly dependencies: readonly string[];
}

const OWN_FIELDS = ['name', 'version', 'type', 'main', 'module', 'exports', 'imports'] as const;

const RUNTIME_FIELDS = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;

const CODE_FIELDS = [...OWN_FIELDS, ...RUNTIME_FIELDS, 'devDependencies'] as const;

/** All of a package.json that can decide what code runs. */
const CODE_OF_PACKAGE: Aspect = aspectOf('package', CODE_FIELDS);

/** The same without what it depends on. */
const OWN_OF_PACKAGE: Aspect = aspectOf('own package', OWN_FIELDS);

function aspectOf(name: string, fields: readonly string[]): Aspect {
  return {
    name,
    of(bytes) {
      const parsed = parseJson(bytes);
      if (parsed === undefined) return 'no JSON';
      return jsonForm(fields.map((field) => jsonProperty(parsed.value, field) ?? null));
    },
  };
}

const RANGE = 'range ';

/** What a package.json says of one package. */
function rangeAspect(name: string): Aspect {
  return { name: `${RANGE}${name}`, of: (bytes) => jsonForm(rangesOf(parseJson(bytes)?.value).get(name) ?? null) };
}

/**
 * A package.json counts as edited only when something changed that can decide what code runs. Of that of a project packages come and go of which
 * nobody asks it anything.
 */
export function packageAspect(path: string): Aspect {
  return installedPackageOf(path) === undefined ? OWN_OF_PACKAGE : CODE_OF_PACKAGE;
}

/** The aspect of a package.json that has a name; `undefined` for any other name. */
export function packageAspectNamed(name: string): Aspect | undefined {
  if (name.startsWith(RANGE)) return rangeAspect(name.slice(RANGE.length));
  return [CODE_OF_PACKAGE, OWN_OF_PACKAGE].find((aspect) => aspect.name === name);
}

/** Reads package.json files, each once. */
export class PackageJsonReader {
  readonly #read = new Map<string, PackageJson | undefined>();
  readonly #nearest = new Map<string, PackageJson | undefined>();
  readonly #looked: { readonly path: string; readonly aspect: Aspect }[] = [];
  readonly #files: SourceFiles;
  readonly #edited: Set<string>;

  /** `edited` collects the files that were edited after code was loaded. */
  constructor(files: SourceFiles, edited: Set<string>) {
    this.#files = files;
    this.#edited = edited;
  }

  /** The package.json that governs a directory. */
  nearest(directory: string): PackageJson | undefined {
    if (this.#nearest.has(directory)) return this.#nearest.get(directory);
    const parent = dirname(directory);
    const found = this.at(directory) ?? (parent === directory ? undefined : this.nearest(parent));
    this.#nearest.set(directory, found);
    return found;
  }

  /** The package.json in a directory. */
  at(directory: string): PackageJson | undefined {
    if (this.#read.has(directory)) return this.#read.get(directory);
    const path = join(directory, 'package.json');
    const bytes = this.#look(path, packageAspect(path));
    const found = bytes && this.#packageJson(path, bytes);
    this.#read.set(directory, found);
    return found;
  }

  #look(path: string, aspect: Aspect): Uint8Array | undefined {
    const file = this.#files.read(path, aspect);
    if (file?.edited === true) this.#edited.add(path);
    if (file !== undefined) this.#looked.push({ path, aspect });
    return file?.bytes;
  }

  #packageJson(path: string, bytes: Uint8Array): PackageJson | undefined {
    const json = parseJson(bytes)?.value;
    if (json === undefined) return undefined;
    const isInstalled = installedPackageOf(path) !== undefined;
    /** What is said of packages is looked at when it is asked for, so that it is known what was. */
    const jsonFor = (aspect: Aspect): unknown => {
      const now = isInstalled ? bytes : this.#look(path, aspect);
      return now && parseJson(now)?.value;
    };
    const ranges = new Map<string, string | undefined>();
    let dependencies: readonly string[] | undefined;
    return {
      path,
      directory: dirname(path),
      name: textIn(json, 'name'),
      version: textIn(json, 'version'),
      type: textIn(json, 'type'),
      rangeOf(name) {
        if (!ranges.has(name)) ranges.set(name, rangesOf(jsonFor(rangeAspect(name))).get(name));
        return ranges.get(name);
      },
      get dependencies() {
        dependencies ??= dependenciesIn(jsonFor(CODE_OF_PACKAGE));
        return dependencies;
      },
    };
  }

  /** The package.json in a directory that may be a link: it is read where it really is. */
  linked(entry: string): PackageJson | undefined {
    if (this.#read.has(entry)) return this.#read.get(entry);
    const isThere = this.#files.kindOf(join(entry, 'package.json')) === 'file';
    const found = isThere ? this.at(this.#files.realPath(entry)) : undefined;
    this.#read.set(entry, found);
    return found;
  }

  /** True when all files that were read look as they did then. */
  isCurrent(): boolean {
    return this.#looked.every(({ path, aspect }) => this.#files.looksUnchanged(path, aspect));
  }

  /** True when no package.json has appeared where none was. */
  areAbsentStill(): boolean {
    return [...this.#read].every(
      ([directory, found]) => found !== undefined || !existsSync(join(directory, 'package.json')),
    );
  }
}

/** The directory of the installed package that a file belongs to; `undefined` for files outside `node_modules`. */
export function installedPackageOf(file: string): string | undefined {
  const marker = `${sep}node_modules${sep}`;
  const at = file.lastIndexOf(marker);
  if (at === -1) return undefined;
  const [first = '', second = ''] = file.slice(at + marker.length).split(sep);
  const name = first.startsWith('@') ? join(first, second) : first;
  return join(file.slice(0, at + marker.length), name);
}

/** Name → range. */
function rangesOf(json: unknown): ReadonlyMap<string, string> {
  return new Map([...rangesIn(json, 'devDependencies'), ...RUNTIME_FIELDS.flatMap((field) => rangesIn(json, field))]);
}

function dependenciesIn(json: unknown): readonly string[] {
  return [...new Set(RUNTIME_FIELDS.flatMap((field) => rangesIn(json, field).map(([name]) => name)))];
}

function rangesIn(json: unknown, field: string): [string, string][] {
  const ranges = jsonProperty(json, field);
  if (typeof ranges !== 'object' || ranges === null) return [];
  return Object.entries(ranges).map(([name, range]) => [name, String(range)]);
}

function textIn(json: unknown, field: string): string | undefined {
  const value = jsonProperty(json, field);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
