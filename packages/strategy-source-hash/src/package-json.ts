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
  /** Name → range, from all dependency fields. */
  readonly ranges: ReadonlyMap<string, string>;
  /** Names of the packages that are installed with this one. */
  readonly dependencies: readonly string[];
}

const CODE_FIELDS = [
  'name',
  'version',
  'type',
  'main',
  'module',
  'exports',
  'imports',
  'dependencies',
  'optionalDependencies',
  'peerDependencies',
  'devDependencies',
] as const;

const RUNTIME_FIELDS = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** A package.json counts as edited only when a field changed that can decide what code runs. */
export const CODE_OF_PACKAGE: Aspect = {
  name: 'package',
  of(bytes) {
    const parsed = parseJson(bytes);
    if (parsed === undefined) return 'no JSON';
    return jsonForm(CODE_FIELDS.map((field) => jsonProperty(parsed.value, field) ?? null));
  },
};

/** Reads package.json files, each once. */
export class PackageJsonReader {
  readonly #read = new Map<string, PackageJson | undefined>();
  readonly #nearest = new Map<string, PackageJson | undefined>();
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
    const file = this.#files.read(path, CODE_OF_PACKAGE);
    if (file?.edited === true) this.#edited.add(path);
    const found = file && packageJson(path, file.bytes);
    this.#read.set(directory, found);
    return found;
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
    return [...new Set(this.#read.values())].every(
      (found) => found === undefined || this.#files.looksUnchanged(found.path, CODE_OF_PACKAGE),
    );
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

function packageJson(path: string, bytes: Uint8Array): PackageJson | undefined {
  const json = parseJson(bytes)?.value;
  if (json === undefined) return undefined;
  const ranges = new Map([
    ...rangesIn(json, 'devDependencies'),
    ...RUNTIME_FIELDS.flatMap((field) => rangesIn(json, field)),
  ]);
  const dependencies = new Set(RUNTIME_FIELDS.flatMap((field) => rangesIn(json, field).map(([name]) => name)));
  return {
    path,
    directory: dirname(path),
    name: textIn(json, 'name'),
    version: textIn(json, 'version'),
    type: textIn(json, 'type'),
    ranges,
    dependencies: [...dependencies],
  };
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
