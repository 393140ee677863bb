import { dirname, join } from 'node:path';
import { jsonProperty, parseJson } from './json-form.ts';
import { installedPackageOf, packageAspect } from './package-json.ts';
import { PlainTsconfigs } from './plain-tsconfig.ts';
import type { Resolution } from './resolution.ts';
import type { RuntimeConditions } from './runtime-conditions.ts';
import type { SourceFiles } from './source-files.ts';

/** Endings that a resolver tries where it finds nothing of a name. */
export const EXTENSIONS = ['.js', '.json', '.node', '.mjs', '.cjs', '.ts', '.tsx', '.mts', '.cts', '.jsx'] as const;

/** The name of a package, and a path in it. */
const SPECIFIER = /^((?:@[\w.~-]+\/)?[a-z~][\w.~-]*)((?:\/[\w~@-][\w.~@-]*)*)$/i;

/** What a look-up meets on its way from a directory to the root. */
interface Way {
  /** Directories of packages, the nearest first; `undefined` when something on the way is not plain. */
  readonly modules: readonly string[] | undefined;
  /** The name of the package that the directory belongs to. */
  readonly self: unknown;
}

const ROOT: Way = { modules: [], self: undefined };

/**
 * Packages that are found without a search: the nearest directory that has one of that name, whose package.json names the file. What such an
 * answer rests on can all be looked at, so that nobody has to ask the resolver again whether it holds.
 */
export class PlainResolution {
  readonly #conditions: RuntimeConditions;
  readonly #files: SourceFiles;
  readonly #tsconfigs: PlainTsconfigs;
  readonly #ways = new Map<string, Way>();

  /** All that it looks at is noted by these files. */
  constructor(conditions: RuntimeConditions, files: SourceFiles) {
    this.#conditions = conditions;
    this.#files = files;
    this.#tsconfigs = new PlainTsconfigs(files);
  }

  /** True when what the resolver found is what these looks lead to, for as long as what they met is as it is. */
  explains({ via, from, specifier, found }: Resolution): boolean {
    const [, name, inside = ''] = SPECIFIER.exec(specifier) ?? [];
    if ((via !== 'import' && via !== 'require') || name === undefined) return false;
    if (found.some((path) => path === '' || path !== found[0]) || installedPackageOf(from) !== undefined) return false;
    const { modules, self } = this.#wayFrom(dirname(from));
    const directory = self === name ? undefined : modules && this.#packageIn(modules, name);
    const target = directory && this.#targetIn(directory, inside, this.#conditions[via]);
    return target !== undefined && this.#files.kindOf(target) === 'file' && this.#files.realPath(target) === found[0];
  }

  #wayFrom(directory: string): Way {
    const known = this.#ways.get(directory);
    if (known !== undefined) return known;
    const parent = dirname(directory);
    const found = this.#wayOver(directory, parent === directory ? ROOT : this.#wayFrom(parent));
    this.#ways.set(directory, found);
    return found;
  }

  #wayOver(directory: string, above: Way): Way {
    const [tsconfig, manifest, modules] = ['tsconfig.json', 'package.json', 'node_modules'].map((name) =>
      join(directory, name),
    ) as [string, string, string];
    const kinds = [tsconfig, manifest, modules].map((path) => this.#files.kindOf(path));
    const self = kinds[1] === undefined ? above.self : this.#manifestAt(manifest)?.name;
    const isPlain =
      (kinds[0] === undefined || this.#tsconfigs.isPlain(tsconfig)) &&
      (kinds[1] === undefined || typeof self === 'string') &&
      (kinds[2] === undefined || kinds[2] === 'directory');
    if (!isPlain || above.modules === undefined) return { modules: undefined, self };
    return { modules: kinds[2] === undefined ? above.modules : [modules, ...above.modules], self };
  }

  #packageIn(modules: readonly string[], name: string): string | undefined {
    for (const directory of modules) {
      const path = join(directory, name);
      const kind = this.#files.kindOf(path);
      if (kind !== undefined) return kind === 'directory' ? path : undefined;
      if (EXTENSIONS.some((extension) => this.#files.kindOf(`${path}${extension}`) !== undefined)) return undefined;
    }
    return undefined;
  }

  #targetIn(directory: string, inside: string, conditions: readonly string[]): string | undefined {
    const manifest = this.#manifestAt(join(directory, 'package.json'));
    if (manifest === undefined) return undefined;
    const { exports, main } = manifest;
    if (exports !== undefined) {
      const target = exportedAs(exports, `.${inside}`, new Set(conditions));
      return typeof target === 'string' && isInside(target) ? join(directory, target) : undefined;
    }
    if (inside !== '') return join(directory, inside);
    return typeof main === 'string' && isInside(main) ? join(directory, main) : undefined;
  }

  #manifestAt(path: string): { readonly name: unknown; readonly exports: unknown; readonly main: unknown } | undefined {
    if (this.#files.kindOf(path) !== 'file') return undefined;
    const real = this.#files.realPath(path);
    const file = this.#files.read(real, packageAspect(real));
    const json = file && parseJson(file.bytes)?.value;
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
    const [name = '', exports, main] = ['name', 'exports', 'main'].map((field) => jsonProperty(json, field));
    return { name, exports, main };
  }
}

/** What an `exports` field gives for a path; `undefined` where it gives nothing, `null` where that takes more than one look. */
function exportedAs(exports: unknown, inside: string, conditions: ReadonlySet<string>): string | null | undefined {
  const isByPath = typeof exports === 'object' && exports !== null && Object.keys(exports).some(isPath);
  if (isByPath) return underConditions(jsonProperty(exports, inside) ?? null, conditions);
  return inside === '.' ? underConditions(exports, conditions) : null;
}

function isPath(key: string): boolean {
  return key.startsWith('.');
}

function underConditions(value: unknown, conditions: ReadonlySet<string>): string | null | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  for (const [condition, part] of Object.entries(value)) {
    const found = conditions.has(condition) ? underConditions(part, conditions) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** True for a path that leads to one place in its package, and is not a pattern. */
function isInside(target: string): boolean {
  return /^(?:\.\/)?[\w~@-][\w.~@-]*(?:\/[\w.~@-]*[\w~@-][\w.~@-]*)*$/.test(target);
}
