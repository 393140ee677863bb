import { realpathSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NapiResolveOptions, ResolverFactory } from 'oxc-resolver';
import type { ModuleReference } from './module-references.ts';
import type { RuntimeConditions } from './runtime-conditions.ts';

/** What a module reference may lead to. */
export type ModuleTarget =
  | { readonly kind: 'file'; readonly path: string }
  /** A directory whose place is asked for: anything in it may be read. */
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'builtin'; readonly name: string }
  /** A module whose code is in the specifier itself (`data:`). */
  | { readonly kind: 'inline' }
  /** Declarations only: the import is dropped before the program runs. */
  | { readonly kind: 'types' };

const TYPESCRIPT_TWINS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json', '.node'] as const;
const DECLARATIONS = ['.d.ts', '.d.mts', '.d.cts'] as const;

const SHARED_OPTIONS: NapiResolveOptions = {
  extensions: ['.js', '.json', '.node', '.mjs', '.cjs', '.ts', '.tsx', '.mts', '.cts', '.jsx'],
  extensionAlias: { '.js': ['.js', '.ts', '.tsx', '.jsx'], '.mjs': ['.mjs', '.mts'], '.cjs': ['.cjs', '.cts'] },
  mainFields: ['main'],
  nodePath: false,
};

/**
 * Finds the files that a reference can lead to. Runners disagree on some references (`./x.js` beside both `x.js` and `x.ts`,
 * `paths` of a tsconfig that a runner may ignore), so all candidates that exist are given: a version that covers them all
 * covers the one that was loaded.
 */
export class ModuleResolver {
  readonly #resolvers: Readonly<Record<'import' | 'require', readonly ResolverFactory[]>>;
  readonly #realPaths = new Map<string, string>();

  constructor(conditions: RuntimeConditions, tsconfig: string | undefined) {
    const paths: NapiResolveOptions = { tsconfig: tsconfig === undefined ? 'auto' : { configFile: tsconfig } };
    const pair = (conditionNames: readonly string[]): readonly ResolverFactory[] => [
      new ResolverFactory({ ...SHARED_OPTIONS, ...paths, conditionNames: [...conditionNames] }),
      new ResolverFactory({ ...SHARED_OPTIONS, conditionNames: [...conditionNames] }),
    ];
    this.#resolvers = { import: pair(conditions.import), require: pair(conditions.require) };
  }

  /** All targets, the likeliest first; empty when there is none. */
  targets(reference: ModuleReference, from: string): readonly ModuleTarget[] {
    const { specifier, kind } = reference;
    if (isBuiltin(specifier)) return [{ kind: 'builtin', name: specifier.replace(/^node:/, '') }];
    if (specifier.startsWith('data:')) return [{ kind: 'inline' }];
    const path = localPath(specifier, from, kind);
    if (path !== undefined) return this.#localTargets(path, kind === 'locate');
    return this.#packageTargets(specifier, from, kind === 'require' ? 'require' : 'import');
  }

  #localTargets(path: string, isLocation: boolean): readonly ModuleTarget[] {
    if (isLocation && isDirectory(path)) return [{ kind: 'directory', path: realpathSync.native(path) }];
    for (const candidate of [path, withoutQuery(path), decoded(path)]) {
      const files = candidateFiles(candidate);
      if (files.length > 0) return files.map((file) => this.#file(file));
    }
    const manifest = this.#resolve(this.#resolvers.require[1], path, '.');
    if (manifest !== undefined) return [manifest];
    return hasDeclarations(path) ? [{ kind: 'types' }] : [];
  }

  #packageTargets(specifier: string, from: string, kind: 'import' | 'require'): readonly ModuleTarget[] {
    const [aliased, plain] = this.#resolvers[kind];
    const viaPaths = aliased === undefined ? undefined : this.#given(aliased.resolveFileSync(from, specifier).path);
    const direct = this.#resolve(plain, dirname(from), specifier);
    const found = new Map<string, ModuleTarget>();
    for (const target of [viaPaths, direct]) if (target?.kind === 'file') found.set(target.path, target);
    if (viaPaths !== undefined && viaPaths.path !== direct?.path) {
      for (const twin of twinsOf(viaPaths.path)) found.set(twin, this.#file(twin));
    }
    if (found.size > 0) return [...found.values()];
    const query = withoutQuery(specifier);
    return query === specifier ? [] : this.#packageTargets(query, from, kind);
  }

  #resolve(resolver: ResolverFactory | undefined, directory: string, specifier: string): FileTarget | undefined {
    return this.#given(resolver?.sync(directory, specifier).path);
  }

  #given(path: string | undefined): FileTarget | undefined {
    return path === undefined ? undefined : this.#file(withoutQuery(path));
  }

  #file(path: string): FileTarget {
    let real = this.#realPaths.get(path);
    if (real === undefined) {
      real = realpathSync.native(path);
      this.#realPaths.set(path, real);
    }
    return { kind: 'file', path: real };
  }
}

type FileTarget = Extract<ModuleTarget, { kind: 'file' }>;

/** The path of a relative, absolute or `file:` specifier; `undefined` for the name of a package. */
function localPath(specifier: string, from: string, kind: ModuleReference['kind']): string | undefined {
  if (specifier.startsWith('file:')) return fileUrlPath(specifier);
  if (specifier === '.' || specifier === '..' || /^\.{1,2}\//.test(specifier) || isAbsolute(specifier)) {
    return resolve(dirname(from), specifier);
  }
  // `new URL('data.txt', import.meta.url)` needs no dot.
  const beside = resolve(dirname(from), specifier);
  return kind === 'locate' && (isFile(beside) || isDirectory(beside)) ? beside : undefined;
}

function fileUrlPath(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

/** The files that a path without regard to packages can mean. */
function candidateFiles(path: string): readonly string[] {
  const exact = isFile(path) ? [path] : [];
  const candidates = [...exact, ...twinsOf(path)];
  if (candidates.length > 0) return candidates;
  const guessed = EXTENSIONS.map((extension) => `${path}${extension}`).filter(isFile);
  if (guessed.length > 0) return guessed;
  return isFile(`${path}/package.json`)
    ? []
    : EXTENSIONS.map((extension) => `${path}/index${extension}`).filter(isFile);
}

/** The TypeScript files that a path with a JavaScript extension may stand for. */
function twinsOf(path: string): readonly string[] {
  const extension = /\.[cm]?jsx?$/.exec(path)?.[0] ?? '';
  const stem = path.slice(0, path.length - extension.length);
  return (TYPESCRIPT_TWINS[extension] ?? []).map((twin) => `${stem}${twin}`).filter(isFile);
}

function hasDeclarations(path: string): boolean {
  const stem = path.replace(/\.[cm]?[jt]sx?$/, '');
  return [stem, `${path}/index`].some((start) => DECLARATIONS.some((extension) => isFile(`${start}${extension}`)));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function withoutQuery(specifier: string): string {
  return specifier.replace(/[?#].*$/, '') || specifier;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(withoutQuery(path));
  } catch {
    return path;
  }
}
