import { isBuiltin } from 'node:module';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModuleReference } from './module-references.ts';
import type { NotedResolution } from './package-resolution.ts';
import type { SourceFiles } from './source-files.ts';

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

/**
 * Finds the files that a reference can lead to. Runners disagree on some references (`./x.js` beside both `x.js` and `x.ts`,
 * `paths` of a tsconfig that a runner may ignore), so all candidates that exist are given: a version that covers them all
 * covers the one that was loaded.
 */
export class ModuleResolver {
  readonly #packages: NotedResolution;
  readonly #files: SourceFiles;
  readonly #realPaths = new Map<string, string>();
  /** What local paths lead to: many files import the same ones. */
  readonly #local = new Map<string, readonly ModuleTarget[]>();

  constructor(packages: NotedResolution, files: SourceFiles) {
    this.#packages = packages;
    this.#files = files;
  }

  /** All targets, the likeliest first; empty when there is none. */
  targets(reference: ModuleReference, from: string): readonly ModuleTarget[] {
    const { specifier, kind } = reference;
    if (isBuiltin(specifier)) return [{ kind: 'builtin', name: specifier.replace(/^node:/, '') }];
    if (specifier.startsWith('data:')) return [{ kind: 'inline' }];
    const path = this.#localPath(specifier, from, kind);
    if (path !== undefined) return kind === 'locate' ? this.#located(path) : this.#loaded(path);
    return this.#packageTargets(specifier, from, kind === 'require' ? 'require' : 'import');
  }

  /** Looks again at what local paths lead to: files may have come or gone. */
  forget(): void {
    this.#local.clear();
  }

  #located(path: string): readonly ModuleTarget[] {
    const isDirectory = this.#files.kindOf(path) === 'directory';
    return isDirectory ? [{ kind: 'directory', path: this.#files.realPath(path) }] : this.#loaded(path);
  }

  #loaded(path: string): readonly ModuleTarget[] {
    const known = this.#local.get(path) ?? this.#localTargets(path);
    this.#local.set(path, known);
    return known;
  }

  #localTargets(path: string): readonly ModuleTarget[] {
    for (const candidate of [path, withoutQuery(path), decoded(path)]) {
      const files = this.#candidateFiles(candidate);
      if (files.length > 0) return files.map((file) => this.#file(file));
    }
    const [manifest] = this.#packages.find({ via: 'directory', from: path, specifier: '.' });
    const found = this.#given(manifest);
    if (found !== undefined) return [found];
    return this.#hasDeclarations(path) ? [{ kind: 'types' }] : [];
  }

  #packageTargets(specifier: string, from: string, via: 'import' | 'require'): readonly ModuleTarget[] {
    const [viaPaths, direct] = this.#packages.find({ via, from, specifier }).map((path) => this.#given(path));
    const found = new Map<string, ModuleTarget>();
    for (const target of [viaPaths, direct]) if (target !== undefined) found.set(target.path, target);
    if (viaPaths !== undefined && viaPaths.path !== direct?.path) {
      for (const twin of this.#twinsOf(viaPaths.path)) found.set(twin, this.#file(twin));
    }
    if (found.size > 0) return [...found.values()];
    const query = withoutQuery(specifier);
    return query === specifier ? [] : this.#packageTargets(query, from, via);
  }

  #given(path: string | undefined): FileTarget | undefined {
    return path === undefined || path === '' ? undefined : this.#file(withoutQuery(path));
  }

  #file(path: string): FileTarget {
    let real = this.#realPaths.get(path);
    if (real === undefined) {
      real = this.#files.realPath(path);
      this.#realPaths.set(path, real);
    }
    return { kind: 'file', path: real };
  }

  /** The path of a relative, absolute or `file:` specifier; `undefined` for the name of a package. */
  #localPath(specifier: string, from: string, kind: ModuleReference['kind']): string | undefined {
    if (specifier.startsWith('file:')) return fileUrlPath(specifier);
    const path = resolve(dirname(from), specifier);
    if (specifier === '.' || specifier === '..' || /^\.{1,2}\//.test(specifier) || isAbsolute(specifier)) return path;
    if (kind !== 'locate' && kind !== 'run') return undefined;
    // `new URL('data.txt', import.meta.url)` needs no dot.
    const beside = this.#files.kindOf(path);
    return beside === 'file' || beside === 'directory' ? path : undefined;
  }

  /** The files that a path without regard to packages can mean. */
  #candidateFiles(path: string): readonly string[] {
    const exact = this.#isFile(path) ? [path] : [];
    const candidates = [...exact, ...this.#twinsOf(path)];
    if (candidates.length > 0) return candidates;
    const guessed = this.#filesAmong(EXTENSIONS.map((extension) => `${path}${extension}`));
    if (guessed.length > 0) return guessed;
    return this.#isFile(`${path}/package.json`)
      ? []
      : this.#filesAmong(EXTENSIONS.map((extension) => `${path}/index${extension}`));
  }

  /** The TypeScript files that a path with a JavaScript extension may stand for. */
  #twinsOf(path: string): readonly string[] {
    const extension = /\.[cm]?jsx?$/.exec(path)?.[0] ?? '';
    const stem = path.slice(0, path.length - extension.length);
    return this.#filesAmong((TYPESCRIPT_TWINS[extension] ?? []).map((twin) => `${stem}${twin}`));
  }

  #hasDeclarations(path: string): boolean {
    const stem = path.replace(/\.[cm]?[jt]sx?$/, '');
    return [stem, `${path}/index`].some((start) =>
      DECLARATIONS.some((extension) => this.#isFile(`${start}${extension}`)),
    );
  }

  #filesAmong(paths: readonly string[]): readonly string[] {
    return paths.filter((path) => this.#isFile(path));
  }

  #isFile(path: string): boolean {
    return this.#files.kindOf(path) === 'file';
  }
}

type FileTarget = Extract<ModuleTarget, { kind: 'file' }>;

function fileUrlPath(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
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
