import { isDeepStrictEqual } from 'node:util';
import {
  type CodeChange,
  type CodeVersion,
  type Json,
  MemoError,
  type OpVersionContext,
  type ResourceVersionContext,
  type VersionStrategy,
} from '@memo/core/plugin';
import { type FileClosure, fileClosures, type LoadedCodeOptions } from '@memo/strategy-source-hash';
import { type CodeFiles, codeFiles } from './code-files.ts';
import { codeVersion, type VersionedCode } from './code-version.ts';
import { explainManifests } from './explanation.ts';
import { editedMeanwhile, gathered } from './git-errors.ts';
import { knownIds } from './known-ids.ts';
import { type GitScope, isPatternList, isScope } from './scope.ts';

/** Options of {@link gitVersion}. All are optional. */
export interface GitOptions extends LoadedCodeOptions {
  /** Which files count. Default: `imports`. The others cost a look at each of their files, and one more after each op. */
  readonly scope?: GitScope;
  /**
   * What to do about code that is not committed as it is: modified, staged, untracked, ignored, or outside of the repository.
   * - `hash` (default): its content counts, under the id that git would give it, so that a commit of the same content changes nothing;
   * - `error`: refuse with M4023;
   * - `always-run`: give a version that is never re-used.
   */
  readonly dirty?: 'hash' | 'error' | 'always-run';
  /** Patterns of files that do not count, relative to the package that defines the op. Code among them is reported. Default: none. */
  readonly ignore?: readonly string[];
  /** Whether files of submodules count one by one, in scopes beyond imports. `false`: only the commit that is checked out. Default: `true`. */
  readonly submodules?: boolean;
  /**
   * Which clean filters of `.gitattributes` decide ids. `builtin` (default): line ends, encodings and Git LFS; no program is started, and
   * files with another filter count by their bytes. `run`: all, as `git add` does. That starts programs that git's config names: only
   * for repositories whose config is trusted.
   */
  readonly filters?: 'builtin' | 'run';
  /** What to do about code that source cannot tell: as in `sourceHash()`. Default: `warn`. */
  readonly onUntrackable?: 'warn' | 'error' | 'always-run';
  /** The program. Default: `git`, found on the `PATH`. */
  readonly git?: string;
}

type Context = OpVersionContext | ResourceVersionContext;

/** As often is code looked at anew when it changes while it is looked at. */
const ATTEMPTS = 5;

/**
 * The version of an op is that of its files in git: the ids of the file that defines it and of all that this file imports, with the
 * versions of the npm packages that they use. What is not committed counts by its content.
 *
 * Throws M4007 when a file was edited after this process loaded it, M4009 when an op is not defined in a file, M4010 for untrackable code
 * under `onUntrackable: 'error'`, M4020 without git, M4021 without a repository, M4022 when git fails, and M4023 for uncommitted
 * code under `dirty: 'error'`.
 */
export class GitVersionStrategy implements VersionStrategy {
  readonly id = 'git@1';
  readonly #options: Required<Omit<GitOptions, keyof LoadedCodeOptions>>;
  readonly #code: LoadedCodeOptions;
  /** Work trees that were looked at, for explanations. */
  readonly #roots = new Set<string>();

  constructor(options: GitOptions = {}) {
    checkOptions(options);
    const { tsconfig, cache, ...own } = options;
    this.#code = { tsconfig, cache };
    this.#options = {
      scope: 'imports',
      dirty: 'hash',
      ignore: [],
      submodules: true,
      filters: 'builtin',
      onUntrackable: 'warn',
      git: 'git',
      ...own,
    };
  }

  async getOpVersion(context: OpVersionContext): Promise<CodeVersion> {
    return (await this.getVersions([context]))[0] as CodeVersion;
  }

  async getResourceVersion(context: ResourceVersionContext): Promise<CodeVersion> {
    return (await this.getVersions([context]))[0] as CodeVersion;
  }

  /** All at once: git is asked once, and every op that has no version is named in one error. */
  async getVersions(contexts: readonly Context[]): Promise<readonly CodeVersion[]> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const closures = fileClosures(contexts, this.#code);
      const files = await codeFiles(contexts, closures, { ...this.#options, ids: knownIds(this.#code.cache) });
      const isDoubtful = files.some(({ set }) => set.isDoubtful);
      // What is on disk was loaded, too, if the closures are still what they were before it was read.
      if (!isDoubtful || isDeepStrictEqual(closures, fileClosures(contexts, this.#code)))
        return this.#versions(contexts, closures, files);
    }
    throw editedMeanwhile(contexts.map(({ kind, name }) => `${kind} ${name}`).join(', '), []);
  }

  #versions(
    contexts: readonly Context[],
    closures: readonly FileClosure[],
    files: readonly CodeFiles[],
  ): readonly CodeVersion[] {
    for (const { base } of files) if (base !== undefined) this.#roots.add(base);
    const errors: MemoError[] = [];
    const versions: CodeVersion[] = [];
    for (const [index, context] of contexts.entries()) {
      const code = { context, closure: closures[index], files: files[index] } as VersionedCode;
      try {
        versions.push(codeVersion(code, this.#options));
      } catch (error) {
        if (!MemoError.is(error)) throw error;
        errors.push(error);
      }
    }
    const error = gathered(errors);
    if (error !== undefined) throw error;
    return versions;
  }

  diffManifests(before: Json, after: Json): readonly CodeChange[] {
    return explainManifests(before, after, { git: this.#options.git, roots: [...this.#roots] });
  }
}

/** {@link GitVersionStrategy} as a function: `job('training', { versions: gitVersion(), … })`. */
export function gitVersion(options?: GitOptions): GitVersionStrategy {
  return new GitVersionStrategy(options);
}

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  dirty: ['hash', 'error', 'always-run'],
  filters: ['builtin', 'run'],
  onUntrackable: ['warn', 'error', 'always-run'],
};

function checkOptions(options: GitOptions): void {
  for (const [name, choices] of Object.entries(CHOICES)) {
    const given: unknown = Reflect.get(options, name);
    if (given !== undefined && !choices.includes(given as string)) {
      throw new TypeError(`gitVersion: ${name} is one of ${choices.join(', ')}, not ${JSON.stringify(given)}`);
    }
  }
  const { scope, ignore, submodules, git, tsconfig, cache } = options;
  if (scope !== undefined && !isScope(scope)) {
    throw new TypeError(`gitVersion: scope is 'imports', 'package', 'commit' or { paths }, with relative paths`);
  }
  if (ignore !== undefined && !isPatternList(ignore))
    throw new TypeError('gitVersion: ignore is a list of relative patterns');
  if (submodules !== undefined && typeof submodules !== 'boolean')
    throw new TypeError('gitVersion: submodules is true or false');
  if (git !== undefined && (typeof git !== 'string' || git === ''))
    throw new TypeError('gitVersion: git is the name of a program');
  if (tsconfig !== undefined && typeof tsconfig !== 'string') throw new TypeError('gitVersion: tsconfig is a path');
  if (cache !== undefined && cache !== false && (typeof cache !== 'string' || cache === '')) {
    throw new TypeError('gitVersion: cache is a directory, or false');
  }
}
